"""Companies, locations, vendors and items (sap sheet §12)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.kits.odata import v2
from anyerp.lens import Codec, Derived, Join, Lens, Map, Nest, absent, choice, reference, text, trimmed
from anyerp.lens.codecs import boolean
from anyerp.model import Company, Item, Location, Vendor

from anyerp_sap.s4.codec import amount
from anyerp_sap.units import unit

NO_UI = "upstream: the API host does not know the address of the user interface"
NO_STAMP = "upstream: the service keeps no change stamp"

COMPANY = Lens(Company, (
    Map("id", "CompanyCode", text(4), read_only=True),
    Map("number", "CompanyCode", text(4), read_only=True),
    Map("name", "CompanyCodeName", text(25), read_only=True),
    Map("currency", "Currency", text(5), read_only=True),
    Map("country", "Country", text(3), read_only=True),
    Map("city", "CityName", text(25), read_only=True),
    *absent(NO_UI, "url"),
    *absent(NO_STAMP, "version", "created_at", "updated_at"),
    *absent("upstream: the tax registration is not in this service", "tax_number"),
))  # fmt: skip


def _place(parts: tuple[str | None, str | None]) -> str | None:
    plant, storage = parts
    return f"{plant}~{storage}" if plant and storage else plant or None


def _kind(parts: tuple[str | None, str | None]) -> str:
    return "storage" if parts[1] else "site"


def _either(parts: tuple[str | None, str | None]) -> str | None:
    return parts[0] or parts[1] or None


_KEYS = ("Plant", "StorageLocation")


def _joined(name: str, decode: Any) -> Codec:
    return Codec(name, decode=decode, native=(str, str))


def _parent(parts: tuple[str | None, str | None]) -> Any:
    return {"id": parts[0], "number": parts[0]} if parts[1] else None


LOCATION = Lens(Location, (
    Join("id", _KEYS, _joined("sap_place", _place), read_only=True),
    Join("number", _KEYS, _joined("sap_place_number", lambda parts: parts[1] or parts[0]), read_only=True),
    Join("name", ("PlantName", "StorageLocationName"), _joined("sap_place_name", _either), read_only=True),
    Join("kind", _KEYS, _joined("sap_place_kind", _kind), read_only=True),
    Map("company", "CompanyCode", reference(4), read_only=True),
    Join("parent", _KEYS, _joined("sap_plant_of", _parent), read_only=True),
    *absent("never: plant and storage location are its kinds", "native_kind"),
    *absent(NO_UI, "url"),
    *absent(NO_STAMP, "version", "created_at", "updated_at"),
    *absent("upstream: the plant service has no address", "address"),
    *absent("upstream: the plant service has no status", "active"),
))  # fmt: skip


def _vendor_status(blocked: bool | None, posting: bool | None, deleted: bool | None) -> str:
    if deleted:
        return "inactive"
    return "blocked" if blocked or posting else "active"


def _street(parts: tuple[str | None, str | None]) -> str | None:
    return " ".join(part for part in parts if part) or None


_ADDRESS = "to_BusinessPartnerAddress/results/0"
_ORG = "to_Supplier/to_SupplierPurchasingOrg/results/0"

VENDOR = Lens(Vendor, (
    Map("id", "Supplier", trimmed(10), read_only=True),
    Map("number", "Supplier", trimmed(10), read_only=True),
    Map("extra.BusinessPartner", "BusinessPartner", text(10), read_only=True),
    Map("name", "BusinessPartnerName", text(81), read_only=True),
    Map("legal_name", "BusinessPartnerFullName", text(81), read_only=True),
    Derived("status", _vendor_status, native=(
        ("to_Supplier/PurchasingIsBlocked", boolean()), ("to_Supplier/PostingIsBlocked", boolean()),
        ("to_Supplier/DeletionIndicator", boolean()))),
    Map("native_status", "to_Supplier/SupplierProcurementBlock", text(2), read_only=True),
    Map("tax_number", "to_Supplier/VATRegistration", text(20), read_only=True),
    Map("email", f"{_ADDRESS}/to_EmailAddress/results/0/EmailAddress", text(241), read_only=True),
    Map("phone", f"{_ADDRESS}/to_PhoneNumber/results/0/PhoneNumber", text(30), read_only=True),
    Nest("address", (
        Map("name", "FullName", text(80), read_only=True),
        Join("street", ("StreetName", "HouseNumber"), _joined("sap_street", _street), read_only=True),
        Map("city", "CityName", text(40), read_only=True),
        Map("postal_code", "PostalCode", text(10), read_only=True),
        Map("region", "Region", text(3), read_only=True),
        Map("country", "Country", text(3), read_only=True),
    ), at=_ADDRESS),
    Map("currency", f"{_ORG}/PurchaseOrderCurrency", text(5), read_only=True),
    Map("payment_terms", f"{_ORG}/PaymentTerms", reference(4), read_only=True),
    Map("incoterms", f"{_ORG}/IncotermsClassification", text(3), read_only=True),
    Map("group", "to_Supplier/SupplierAccountGroup", text(4), read_only=True),
    *absent("todo: from the address's home page", "website"),
    *absent(NO_UI, "url"),
    *absent("upstream: day and time of change are two fields in the system's own zone",
            "version", "created_at", "updated_at"),
    *absent("upstream: BusinessPartnerIDByExtSystem is not in every release", "external_reference"),
))  # fmt: skip


def _item_status(blocked: str | None, deleted: bool | None) -> str:
    if deleted:
        return "inactive"
    return "blocked" if blocked else "active"


_VALUATION = "to_Valuation/results/0"


def _cost(control: str | None, standard: Decimal | None, average: Decimal | None, per: Decimal | None) -> Any:
    """The price that the material is valued with, of one unit: V is the moving average, S the standard price."""
    price = average if control == "V" else standard
    return price / per if price is not None and per else price


KINDS = {"HAWA": "goods", "SERV": "service"}
GOODS = dict.fromkeys(("FERT", "HALB", "ROH", "HIBE", "NLAG", "VERP"), "goods") | {"DIEN": "service"}

ITEM = Lens(Item, (
    Map("id", "Product", trimmed(40), read_only=True),
    Map("number", "Product", trimmed(40), read_only=True),
    Map("updated_at", "LastChangeDateTime", v2.instant(), read_only=True),
    # In English, else in whatever language there is.
    Join("name", ("to_Description/results/Language=EN/ProductDescription",
                  "to_Description/results/0/ProductDescription"), _joined("sap_text", _either), read_only=True),
    Map("kind", "ProductType", choice(KINDS, also=GOODS, otherwise="other"), read_only=True, native="native_kind"),
    Derived("status", _item_status, native=(("CrossPlantStatus", text(2)), ("IsMarkedForDeletion", boolean()))),
    Map("native_status", "CrossPlantStatus", text(2), read_only=True),
    Map("unit", "BaseUnit", unit(), read_only=True, native="native_unit"),
    Map("purchase_unit", "PurchaseOrderQuantityUnit", unit(), read_only=True, native="native_purchase_unit"),
    Map("gtin", "ProductStandardID", text(18), read_only=True),
    Map("group", "ProductGroup", text(9), read_only=True),
    Derived("cost", _cost, native=(
        (f"{_VALUATION}/PriceDeterminationControl", text(1)), (f"{_VALUATION}/StandardPrice", amount(12, 3)),
        (f"{_VALUATION}/MovingAveragePrice", amount(12, 3)), (f"{_VALUATION}/PriceUnitQty", amount(5, 0)))),
    Map("currency", f"{_VALUATION}/Currency", text(5), read_only=True),
    Map("gross_weight", "GrossWeight", amount(13, 3), read_only=True),
    Map("net_weight", "NetWeight", amount(13, 3), read_only=True),
    Map("weight_unit", "WeightUnit", unit(), read_only=True),
    *absent("upstream: long texts are another set", "description"),
    *absent("never: sales prices are conditions", "price"),
    *absent("upstream: each plant decides whether it buys a material", "purchasable"),
    *absent(NO_UI, "url"),
    *absent("upstream: the service has the day of creation, and no etag", "version", "created_at"),
))  # fmt: skip
