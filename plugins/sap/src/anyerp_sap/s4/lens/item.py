"""Items: products with their text, units, weights and first valuation (sap sheet §12)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.kits.odata import v2
from anyerp.lens import Codec, Derived, Join, Lens, Map, absent, choice, text, trimmed
from anyerp.lens.codecs import boolean
from anyerp.lens.domain import TextDomain
from anyerp.model import Item

from anyerp_sap.s4.codec import amount, positive
from anyerp_sap.s4.header import CREATED, linked
from anyerp_sap.units import unit

#: The text of the English description, and what the flow says instead where there is none; that is no field of SAP's.
ENGLISH = "to_Description/results/Language=EN"
OTHER_TEXT = "_anyerp/text"
_TEXT = text(40)


def _item_status(blocked: str | None, deleted: bool | None) -> str:
    if deleted:
        return "inactive"
    return "blocked" if blocked else "active"


_VALUATION = "to_Valuation/results/0"


def _cost(control: str | None, standard: Decimal | None, average: Decimal | None, per: Decimal | None) -> Any:
    """The price that the material is valued with, of one unit: V is the moving average, S the standard price."""
    price = average if control == "V" else standard
    return price / per if price is not None and per else price


def _either(parts: tuple[str | None, str | None]) -> str | None:
    return parts[0] or parts[1] or None


NAME = Codec(
    "sap_product_name", decode=_either, encode=lambda value: (_TEXT.encode(value), None), native=(str, str),
    domain=TextDomain(40), data={"codec": "sap_product_name"},
)  # fmt: skip

KINDS = {"HAWA": "goods", "SERV": "service"}
GOODS = dict.fromkeys(("FERT", "HALB", "ROH", "HIBE", "NLAG", "VERP"), "goods") | {"DIEN": "service"}

ITEM = Lens(Item, (
    Map("id", "Product", trimmed(40), read_only=True),
    # Where the number range lets one choose it.
    Map("number", "Product", trimmed(40, upper=True), create_only=True),
    Map("updated_at", "LastChangeDateTime", v2.instant(), read_only=True),
    # In English, else read in whatever language there is.
    Join("name", (f"{ENGLISH}/ProductDescription", OTHER_TEXT), NAME),
    Map("kind", "ProductType", choice(KINDS, also=GOODS, otherwise="other"), create_only=True, native="native_kind"),
    Derived("status", _item_status, native=(("CrossPlantStatus", text(2)), ("IsMarkedForDeletion", boolean()))),
    Map("native_status", "CrossPlantStatus", text(2), read_only=True),
    Map("unit", "BaseUnit", unit(), create_only=True, native="native_unit"),
    Map("purchase_unit", "PurchaseOrderQuantityUnit", unit(), native="native_purchase_unit"),
    Map("gtin", "ProductStandardID", text(18), read_only=True),
    Map("group", "ProductGroup", text(9, upper=True, empty="")),
    Derived("cost", _cost, native=(
        (f"{_VALUATION}/PriceDeterminationControl", text(1)), (f"{_VALUATION}/StandardPrice", amount(12, 3)),
        (f"{_VALUATION}/MovingAveragePrice", amount(12, 3)), (f"{_VALUATION}/PriceUnitQty", amount(5, 0)))),
    Map("currency", f"{_VALUATION}/Currency", text(5), read_only=True),
    Map("extra.ProductOldID", "ProductOldID", text(40, upper=True, empty="")),
    Map("gross_weight", "GrossWeight", positive(13, 3)),
    Map("net_weight", "NetWeight", positive(13, 3)),
    Map("weight_unit", "WeightUnit", unit()),
    *absent("upstream: long texts are another set", "description"),
    *absent("never: sales prices are conditions", "price"),
    *absent("upstream: each plant decides whether it buys a material", "purchasable"),
    linked("Material", Material=("Product", 40)),
    CREATED,
    *absent("upstream: the service sends no etag", "version"),
))  # fmt: skip
