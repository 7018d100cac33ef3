"""Items. Their stock is never written: a changed one would be posted as an adjustment (dynamics sheet §2.4)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, absent, choice, text
from anyerp.model import Item

from anyerp_dynamics.bc.codec import code, number, option
from anyerp_dynamics.bc.lens.common import CURRENCY, own, text_or_empty, unit

UNIT = "baseUnitOfMeasure/internationalStandardCode"

ITEM = Lens(Item, (
    *own(page=30),
    Map("name", "displayName", text_or_empty(100)),
    Map("description", "displayName2", text_or_empty(50)),
    Map("kind", "type", choice({"Inventory": "goods", "Service": "service"}, otherwise="other"), create_only=True),
    Map("native_kind", "type", option(), read_only=True),
    Map("status", "blocked", choice({False: "active", True: "blocked"}, native=bool)),
    Map("unit", UNIT, unit(), create_only=True),
    Map("native_unit", "baseUnitOfMeasureCode", code(10), create_only=True),
    Map("gtin", "gtin", code(14)),
    Map("group", "itemCategoryCode", code(20)),
    Map("cost", "unitCost", number(), read_only=True),
    Map("price", "unitPrice", number()),
    Map("currency", CURRENCY, text(3), read_only=True),
    *absent("never: an item is blocked or not", "native_status"),
    *absent("upstream: API v2.0 shows the base unit only", "purchase_unit", "native_purchase_unit"),
    *absent("upstream: API v2.0 shows no weights", "gross_weight", "net_weight", "weight_unit"),
    *absent("upstream: API v2.0 does not show whether buying is blocked", "purchasable"),
))  # fmt: skip
