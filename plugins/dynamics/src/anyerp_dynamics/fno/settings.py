"""What a connection to Finance and Supply Chain Management needs to know (dynamics sheet §1.1, §1.2)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from anyerp_dynamics.entra import Tenant


class Settings(Tenant):
    """Which environment, and which of its companies."""

    base_url: Annotated[str, Field(pattern=r"^https?://[^\s/?#]+/?$")]
    """`https://contoso.operations.dynamics.com`: the environment, without `/data`."""
    company: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,4}$")]
    """The company (legal entity, data area) that this connection reads and writes: `usmf`."""
    accept_language: Annotated[str, Field(pattern=r"^[A-Za-z]{2}(-[A-Za-z]{2,4})?$")] = "en-US"
    """Language that error texts are asked for in; the integration user's own language may win."""
    paging: Literal["keyset", "server"] = "keyset"
    """How orders and invoices are listed. `keyset` asks for headers behind the last key, and for their lines apart.

    `server` takes the lines along (`$expand`) and follows the service's own links: half the requests, but its links
    count rows, so that what is added or deleted meanwhile may be skipped or come twice (dynamics sheet §1.5).
    """
    received: Literal["read", "skip"] = "read"
    """Whether quantities received are summed over the receipts of orders: one more request a page. With `skip` they
    are None, and a status that follows from them says only what the ERP's own words say."""
    created_field: Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")] | None = None
    """A field by which an extension of yours shows when orders were created; the standard entities have none."""
    modified_field: Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")] | None = None
    """The same for when they were changed."""

    @property
    def stamps(self) -> dict[str, str]:
        """The fields for created and changed, by the names under which records hold their values."""
        named = {"@anyerp.created": self.created_field, "@anyerp.modified": self.modified_field}
        return {name: path for name, path in named.items() if path is not None}

    @property
    def data_area(self) -> str:
        """The company as the service writes it: in lower case."""
        return self.company.lower()
