"""Vendors: a business partner with its supplier, main address and first purchasing organisation (sap sheet §12)."""

from __future__ import annotations

from anyerp.lens import Codec, Derived, Join, Lens, Map, Nest, Refused, absent, reference, text, trimmed
from anyerp.lens.codecs import boolean
from anyerp.lens.domain import TextDomain
from anyerp.model import Vendor

from anyerp_sap.s4.lens.master import NO_UI

_NAME, _STREET = 40, 60


def _status(blocked: bool | None, posting: bool | None, deleted: bool | None) -> str:
    if deleted:
        return "inactive"
    return "blocked" if blocked or posting else "active"


def _split(name: str) -> tuple[str, str, str]:
    """A name over two fields of 40 characters that SAP shows with a blank between them."""
    if len(name) <= _NAME:
        return name, "", name
    for place in range(_NAME, 0, -1):
        first, second = name[:place], name[place + 1 :]
        parted = name[place] == " " and first == first.rstrip() and second == second.lstrip()
        if parted and len(second) <= _NAME:
            return first, second, name
    raise Refused("this ERP stores a name in two parts of 40 characters, and it has no blank to part it at")


def _name(parts: tuple[str | None, str | None, str | None]) -> str | None:
    first, second, shown = parts
    return " ".join(part for part in (first, second) if part) or shown or None


def _street(parts: tuple[str | None, str | None]) -> str | None:
    return " ".join(part for part in parts if part) or None


def _whole_street(value: str) -> tuple[str, str]:
    """The street with its number in one field: parting them again would be a guess."""
    if len(value) > _STREET:
        raise Refused(f"{len(value)} characters, this ERP stores {_STREET}")
    if "\n" in value:
        raise Refused("one line is stored, not several")
    return value, ""


#: The third field is computed by the system from the first two; persons and groups have only it.
NAME = Codec(
    "sap_partner_name", decode=_name, encode=_split, native=(str, str, str), empty="", domain=TextDomain(_NAME),
    data={"codec": "sap_partner_name"},
)  # fmt: skip
STREET = Codec(
    "sap_street", decode=_street, encode=_whole_street, native=(str, str), empty="", domain=TextDomain(_STREET),
    data={"codec": "sap_street"},
)  # fmt: skip

ADDRESS = "to_BusinessPartnerAddress/results/0"
ORGANIZATION = "to_Supplier/to_SupplierPurchasingOrg/results/0"

VENDOR = Lens(Vendor, (
    Map("id", "Supplier", trimmed(10), read_only=True),
    Map("number", "Supplier", trimmed(10), read_only=True),
    Map("version", "__metadata/etag", text(), read_only=True),
    Map("extra.BusinessPartner", "BusinessPartner", text(10), read_only=True),
    Map("external_reference", "BusinessPartnerIDByExtSystem", text(20, upper=True, empty="")),
    Join("name", ("OrganizationBPName1", "OrganizationBPName2", "BusinessPartnerName"), NAME),
    Map("legal_name", "BusinessPartnerFullName", text(81), read_only=True),
    Derived("status", _status, native=(
        ("to_Supplier/PurchasingIsBlocked", boolean()), ("to_Supplier/PostingIsBlocked", boolean()),
        ("to_Supplier/DeletionIndicator", boolean()))),
    Map("native_status", "to_Supplier/SupplierProcurementBlock", text(2), read_only=True),
    Map("tax_number", "to_Supplier/VATRegistration", text(20), read_only=True),
    Map("email", f"{ADDRESS}/to_EmailAddress/results/0/EmailAddress", text(241, empty="")),
    Map("phone", f"{ADDRESS}/to_PhoneNumber/results/0/PhoneNumber", text(30, upper=True, empty="")),
    Nest("address", (
        Map("name", "FullName", text(80), read_only=True),
        Join("street", ("StreetName", "HouseNumber"), STREET),
        Map("city", "CityName", text(40, empty="")),
        Map("postal_code", "PostalCode", text(10, upper=True, empty="")),
        Map("region", "Region", text(3, upper=True, empty="")),
        Map("country", "Country", text(3, upper=True, empty="")),
    ), at=ADDRESS),
    # Of the first purchasing organisation, which this one names.
    Map("extra.PurchasingOrganization", f"{ORGANIZATION}/PurchasingOrganization", text(4, upper=True),
        create_only=True),
    Map("currency", f"{ORGANIZATION}/PurchaseOrderCurrency", text(5, empty="")),
    Map("payment_terms", f"{ORGANIZATION}/PaymentTerms", reference(4, upper=True, empty="")),
    Map("incoterms", f"{ORGANIZATION}/IncotermsClassification", text(3, upper=True, empty="")),
    Map("group", "to_Supplier/SupplierAccountGroup", text(4), read_only=True),
    *absent("todo: from the address's home page", "website"),
    *absent(NO_UI, "url"),
    *absent("upstream: day and time of change are two fields in the system's own zone", "created_at", "updated_at"),
))  # fmt: skip
