"""What a user gives: where Brickworks is, and how to log on."""

from pydantic import BaseModel, ConfigDict, SecretStr


class Settings(BaseModel):
    """Where it is."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    base_url: str
    """The address of the server, without `/v1`."""


class Client(BaseModel):
    """An OAuth client, made in Brickworks' administration."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    client_id: str
    """Its id."""
    client_secret: SecretStr
    """Its secret."""
