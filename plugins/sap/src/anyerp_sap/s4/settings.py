"""What a connection to S/4HANA needs to know, and the ways to authenticate (sap sheet §1, §2)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from anyerp_sap.zone import ZoneName


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Settings(_Strict):
    """Where the system is, and what it fills into new documents."""

    base_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    """`https://my300000-api.s4hana.cloud.sap`, or host and port on premise."""
    sap_client: Annotated[str, Field(pattern=r"^[0-9]{3}$")] | None = None
    """The client number, on premise."""
    time_zone: ZoneName = "UTC"
    """Of the system's calendar days, which say no zone: `Europe/Berlin`, or a fixed offset such as `+02:00`."""
    launchpad: Annotated[str, Field(pattern=r"^https?://[^\s#]+$")] | None = None
    """Where people open Fiori, for `url`; the cloud's own, or `/sap/bc/ui2/flp` of the same host, if not given."""
    language: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "EN"
    """The logon language. Unit codes change with it: the table knows the English ones."""
    token_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] | None = None
    """OAuth 2.0 token endpoint, for a client id and secret."""
    paging: Literal["keyset", "server"] = "keyset"
    """`keyset` asks for pages by the last key; `server` follows the system's own next links."""
    order_type: str = "NB"
    """Type of new purchase orders that do not say (`extra.PurchaseOrderType`)."""
    purchasing_organization: str | None = None
    """Of new purchase orders or vendors that do not say (`extra.PurchasingOrganization`)."""
    partner_grouping: str | None = None
    """Grouping of new vendors' business partners, which chooses their number range."""
    material_group: str | None = None
    """Of new order lines without a material."""
    purchase_orders: Literal["auto", "v2", "v4"] = "auto"
    """The service of purchase orders: `auto` takes OData V4 where the system offers it, else V2."""
    custom_fields: bool = True
    """Whether custom fields (`YY1_...`) of purchase orders arrive in `extra`; `$metadata` is then read once."""
    received_and_billed: Literal["read", "skip"] = "read"
    """Whether quantities received and billed of purchase orders are read from material documents and invoices."""
    sales_order_type: str = "OR"
    """Type of new sales orders that do not say (`extra.SalesOrderType`)."""
    sales_organization: str | None = None
    """Of new sales orders (`company`) or customers that do not say (`extra.SalesOrganization`)."""
    distribution_channel: str = "10"
    """Of new sales orders or customers that do not say (`extra.DistributionChannel`)."""
    division: str = "00"
    """Of new sales orders or customers that do not say (`extra.Division`)."""
    rejection_reason: str | None = None
    """Reason for rejection that cancelling a sales order gives its items."""
    reversal_reason: str = "01"
    """Reason that cancelling an invoice gives its reversal."""


class Basic(_Strict):
    """A communication user and its password."""

    username: str
    password: SecretStr


class OAuth(_Strict):
    """OAuth 2.0 client credentials; the token endpoint stands in the settings."""

    client_id: str
    client_secret: SecretStr


class ApiKey(_Strict):
    """The key of SAP's public sandbox."""

    api_key: SecretStr


class Certificate(_Strict):
    """No secret here: the host's own HTTP client presents a certificate (mTLS)."""
