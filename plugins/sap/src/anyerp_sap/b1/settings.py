"""What a connection to Business One needs to know, and how it logs on (sap sheet §13, Session)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from anyerp_sap.zone import ZoneName


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Settings(_Strict):
    """Where the Service Layer is, which company it opens, and where that company's clock stands."""

    base_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    """`https://b1server:50000`."""
    company_db: str
    """The company database: `SBODEMOUS`."""
    time_zone: ZoneName
    """Of the company's stamps, which say no zone: `Europe/Paris`, or a fixed offset such as `+02:00`."""
    custom_fields: bool = True
    """Whether user fields (`U_...`) arrive in `extra` unmapped; the system is then asked once which it has."""
    received_and_billed: Literal["read", "skip"] = "read"
    """Whether quantities received and billed of purchase orders are read from receipts and invoices."""


class Login(_Strict):
    """A Business One user and its password."""

    username: str
    password: SecretStr
