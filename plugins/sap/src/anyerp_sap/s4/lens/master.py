"""Companies, locations and items (sap sheet §12)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.kits.odata import v2
from anyerp.lens import Codec, Derived, Join, Lens, Map, absent, choice, reference, text, trimmed
from anyerp.lens.codecs import boolean
from anyerp.model import Company, Item, Location

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
    """One value from two texts, for reading only."""
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
