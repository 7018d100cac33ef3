"""Items (sap sheet §13, Item): units of the company's own, prices in lists, stock in places."""

from __future__ import annotations

from decimal import Decimal

from anyerp.kits.custom import custom
from anyerp.lens import Codec, Derived, Join, Lens, Map, Refused, absent, text
from anyerp.lens.domain import ChoiceDomain
from anyerp.model import Item

from anyerp_sap.b1 import stamp
from anyerp_sap.b1.codec import currency, digits, number, yes_no
from anyerp_sap.b1.lens.partner import NO_UI, usable
from anyerp_sap.b1.record import CURRENCY, CUSTOM_FIELDS
from anyerp_sap.b1.stamp import ZONE

_SERVICES = ("itLabor", "itTravel")
_KINDS = {"goods": ("itItems", "itcMaterial"), "service": ("itItems", "itcService")}


def _kind(parts: tuple[str | None, str | None]) -> str:
    type_, class_ = parts
    if type_ in _SERVICES:
        return "service"
    if type_ not in (None, "itItems"):
        return "other"
    return "service" if class_ == "itcService" else "goods"


def _natives(kind: str) -> tuple[str, str]:
    if kind not in _KINDS:
        raise Refused(f"this ERP knows {', '.join(_KINDS)}")
    return _KINDS[kind]


def _cost(method: str | None, average: Decimal | None, standard: Decimal | None) -> Decimal | None:
    """What one unit is valued at: the standard price where the method is that, else the moving average."""
    return standard if method == "bis_Standard" else average


def _price(price: Decimal | None, its: str | None, own: str | None) -> Decimal | None:
    """The price of the first list, unless that is in another currency than the item's cost."""
    return price if its in (None, "", own) else None


KIND = Codec("b1_item_kind", decode=_kind, encode=_natives, native=(str, str), memo=True,
             domain=ChoiceDomain(tuple(_KINDS)), data={"codec": "b1_item_kind"})  # fmt: skip

ITEM = Lens(Item, (
    Map("id", "ItemCode", text(50), read_only=True),
    Map("number", "ItemCode", text(50), create_only=True),
    Map("version", "@odata.etag", text(), read_only=True),
    Join("created_at", ("CreateDate", "CreateTime", ZONE), stamp.created(), read_only=True),
    Join("updated_at", ("UpdateDate", "UpdateTime", "CreateDate", "CreateTime", ZONE), stamp.changed(),
         read_only=True),
    Map("name", "ItemName", text(200)),
    Map("description", "User_Text", text(4000)),
    Join("kind", ("ItemType", "ItemClass"), KIND),
    Map("native_kind", "ItemType", text(30), read_only=True),
    Derived("status", usable, native=(("Valid", yes_no()), ("Frozen", yes_no()))),
    Map("unit", "InventoryUoMEntry@anyerp.code", text(3), read_only=True),
    Map("native_unit", "InventoryUOM", text(100)),
    Map("purchase_unit", "DefaultPurchasingUoMEntry@anyerp.code", text(3), read_only=True),
    Map("native_purchase_unit", "DefaultPurchasingUoMEntry@anyerp.name", text(100), read_only=True),
    Map("gtin", "BarCode", text(254)),
    Map("group", "ItemsGroupCode", digits()),
    Derived("cost", _cost, native=(
        ("CostAccountingMethod", text(30)), ("MovingAveragePrice", number()), ("AvgStdPrice", number()))),
    Derived("price", _price, native=(
        ("ItemPrices/0/Price", number()), ("ItemPrices/0/Currency", text(3)), (CURRENCY, text(3)))),
    Map("currency", CURRENCY, currency(), read_only=True),
    Map("purchasable", "PurchaseItem", yes_no()),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    Map("extra.SupplierCatalogNo", "SupplierCatalogNo", text(50)),
    *absent(NO_UI, "url"),
    *absent("never: being frozen and being valid are flags, and no words", "native_status"),
    *absent("upstream: weights belong to each packing, in units of another table", "gross_weight", "net_weight",
            "weight_unit"),
))  # fmt: skip
