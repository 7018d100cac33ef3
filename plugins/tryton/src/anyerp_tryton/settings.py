"""What a connection to Tryton needs to know."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Settings(_Strict):
    """Where the server is, and as whom it is spoken to."""

    base_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    """The server, without the database: `https://tryton.example.com`."""
    database: Annotated[str, Field(pattern=r"^[^\s/?#%]+$")]
    """The database's name."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Za-z0-9_]+)?$")] = "en"
    """Of names and messages. Permission errors are recognised in English only (Tryton sends no codes)."""
    company: Annotated[int, Field(gt=0)] | None = None
    """Id of the company to work in, where the user has several; else the user's own."""


class Password(_Strict):
    """A user and its password."""

    username: str
    password: SecretStr
