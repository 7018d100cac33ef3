"""What a connection to Business Central needs to know (dynamics sheet §2.1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from anyerp_dynamics.entra import Tenant


class Settings(Tenant):
    """Where the environment is, and the one company that the connection works in."""

    base_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] = "https://api.businesscentral.dynamics.com"
    """Scheme and host of the service."""
    environment: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")] = "Production"
    """The environment's name."""
    company: Annotated[str, Field(min_length=1, max_length=36)]
    """The company's id (a GUID) or its name; `anyerp list NAME companies` shows both."""
    client_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] = "https://businesscentral.dynamics.com"
    """Where people open the web client: records link there."""
    order_api: Annotated[str, Field(pattern=r"^(v2\.0|[\w.-]+/[\w.-]+/v[0-9]+\.[0-9]+)$")] = "v2.0"
    """Where purchase orders are: the standard API, or a customer's own as `publisher/group/version`."""


def root(settings: Settings) -> str:
    """The address that the APIs stand below; the v2.0 in it is the platform's, not the API's."""
    return f"{settings.base_url.rstrip('/')}/v2.0/{settings.tenant}/{settings.environment}/api"
