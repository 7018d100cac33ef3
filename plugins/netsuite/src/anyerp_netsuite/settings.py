"""What a connection to NetSuite needs to know, and the ways to log on (netsuite sheet §1, §2)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Settings(_Strict):
    """Which account, and where it is."""

    account: Annotated[str, Field(pattern=r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)?$")]
    """The account id in either spelling: `1234567_SB1` or `1234567-sb1`."""
    base_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] | None = None
    """Where the account's REST services are, if not on NetSuite's own host."""
    app_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] | None = None
    """Where users sign in, if not on NetSuite's own host."""
    one_world: bool = True
    """Whether the account has subsidiaries; where it has none, no query may name them."""
    subsidiary: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    """Internal id of the company of new vendors and customers that do not say (`extra.subsidiary`)."""

    @property
    def host_id(self) -> str:
        """The account as a part of host names: `1234567-sb1`."""
        return self.account.lower().replace("_", "-")

    @property
    def realm(self) -> str:
        """The account as a realm of signed calls: `1234567_SB1`."""
        return self.account.upper().replace("-", "_")

    @property
    def origin(self) -> str:
        """Scheme and host of everything REST, without a slash at the end."""
        return (self.base_url or f"https://{self.host_id}.suitetalk.api.netsuite.com").rstrip("/")

    @property
    def application(self) -> str:
        """Scheme and host of what users see, without a slash at the end."""
        return (self.app_url or f"https://{self.host_id}.app.netsuite.com").rstrip("/")


class Certificate(_Strict):
    """OAuth 2.0 client credentials: a signed assertion in place of a secret. The way to log on today."""

    client_id: str
    """Of the integration record."""
    certificate_id: str
    """What *OAuth 2.0 Client Credentials (M2M) Setup* shows after the upload."""
    private_key: SecretStr
    """The certificate's key as PEM: RSA, or EC on P-256, P-384 or P-521."""


class Consent(_Strict):
    """Sign in at NetSuite: a user allows access there (OAuth 2.0), for an integration record of the account.

    The connection's token store keeps the refresh token.
    """

    client_id: str
    """Of the integration record."""
    client_secret: SecretStr | None = None
    """Of the integration record; none for a public client, whose refresh tokens are good for one use."""


class Tba(_Strict):
    """Token-based authentication (OAuth 1.0a), for integrations that exist: no new ones from 2027.1 on."""

    consumer_key: str
    consumer_secret: SecretStr
    token_id: str
    token_secret: SecretStr
