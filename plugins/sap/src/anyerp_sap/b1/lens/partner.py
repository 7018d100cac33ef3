"""Vendors and customers: one type, told apart by its card type (sap sheet §13, BusinessPartner)."""

from __future__ import annotations

from anyerp.kits.custom import custom
from anyerp.lens import Derived, Join, Lens, Map, Nest, Rule, absent, text
from anyerp.model import Customer, Vendor

from anyerp_sap.b1 import stamp
from anyerp_sap.b1.codec import (
    country,
    currency,
    digits,
    number,
    number_reference,
    own_currency,
    street,
    yes_no,
)
from anyerp_sap.b1.record import CUSTOM_FIELDS
from anyerp_sap.b1.stamp import ZONE

NO_UI = "upstream: the Service Layer does not know the address of the web client"
#: The first address that invoices go to: its other rows are delivery addresses.
ADDRESS = "BPAddresses/AddressType=bo_BillTo"


def usable(valid: bool | None, frozen: bool | None) -> str | None:
    """The status of partners and items. Two flags, which a careless client takes for true both."""
    if valid is None and frozen is None:
        return None
    if frozen:
        return "blocked"
    return "inactive" if valid is False else "active"


_PARTNER: tuple[Rule, ...] = (
    Map("id", "CardCode", text(15), read_only=True),
    Map("number", "CardCode", text(15), create_only=True),
    Map("version", "@odata.etag", text(), read_only=True),
    Join("created_at", ("CreateDate", "CreateTime", ZONE), stamp.created(), read_only=True),
    Join("updated_at", ("UpdateDate", "UpdateTime", "CreateDate", "CreateTime", ZONE), stamp.changed(),
         read_only=True),
    Map("external_reference", "U_ExternalRef", text(100)),
    Map("name", "CardName", text(100)),
    Derived("status", usable, native=(("Valid", yes_no()), ("Frozen", yes_no()))),
    Map("tax_number", "FederalTaxID", text(32)),
    Map("email", "EmailAddress", text(100)),
    Map("phone", "Phone1", text(20)),
    Map("website", "Website", text(100)),
    Nest("address", (
        Join("street", ("Street", "StreetNo"), street()),
        Map("city", "City", text(100)),
        Map("postal_code", "ZipCode", text(20)),
        Map("region", "State", text(3)),
        Map("country", "Country", country()),
        *absent("never: an address is named by what it is for, not by who is there", "name"),
    ), at=ADDRESS),
    Map("currency", "Currency", currency()),
    Map("payment_terms", "PayTermsGrpCode", number_reference()),
    Map("group", "GroupCode", digits()),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    Map("extra.Currency", "Currency", own_currency(), read_only=True),
    Map("extra.CardForeignName", "CardForeignName", text(100)),
    *absent(NO_UI, "url"),
    *absent("never: a partner has one name, and one in a foreign script", "legal_name"),
    *absent("never: being frozen and being valid are flags, and no words", "native_status"),
    *absent("never: partners have no Incoterms", "incoterms"),
)  # fmt: skip

VENDOR = Lens(Vendor, _PARTNER)
CUSTOMER = Lens(Customer, (*_PARTNER, Map("credit_limit", "CreditLimit", number())))
