"""Items: `product.product`, the variants, with what stands on their template (wire §12)."""

from __future__ import annotations

from typing import Any

from anyerp.lens import Codec, Join, Lens, Map, absent, choice
from anyerp.model import Item

from anyerp_tryton.codec import char, exact, truth
from anyerp_tryton.lens.common import OWN, listed, unit
from anyerp_tryton.lens.line import paragraph

ALSO = {"identifiers.": ("identifiers.type", "identifiers.code")}


def _gtin(rows: list[Any]) -> str | None:
    return next((row["code"] for row in rows if row.get("type") == "ean" and row.get("code")), None)


def _status(flags: tuple[Any, Any]) -> str:
    """Archiving a template leaves its variants' own flag alone."""
    return "inactive" if any(flag is not None and not flag for flag in flags) else "active"


ITEM = Lens(Item, (
    *OWN,
    Map("number", "code", char(), read_only=True),
    Map("name", "name", char(), read_only=True),
    Map("description", "description", paragraph(), read_only=True),
    Map("kind", "type", choice({"goods": "goods", "service": "service"}, also={"assets": "goods"}, otherwise="other"),
        native="native_kind", read_only=True),
    Join("status", ("active", "template./active"),
         Codec("tryton_item_status", decode=_status, native=(object, object), memo=True), read_only=True),
    Map("unit", "default_uom./symbol", unit(), native="native_unit", read_only=True),
    Map("purchase_unit", "purchase_uom./symbol", unit(), native="native_purchase_unit", read_only=True),
    Map("gtin", "identifiers.", listed("tryton_gtin", _gtin), read_only=True),
    Map("group", "account_category./name", char(), read_only=True),
    Map("cost", "cost_price", exact(), read_only=True),
    Map("price", "list_price", exact(), read_only=True),
    Map("purchasable", "purchasable", truth(), read_only=True),
    *absent("upstream: amounts are in the currency of the user's company", "currency"),
    *absent("upstream: a module of its own adds weights", "gross_weight", "net_weight", "weight_unit"),
    *absent("never: a product is active or not, in no words of Tryton's", "native_status"),
))  # fmt: skip
