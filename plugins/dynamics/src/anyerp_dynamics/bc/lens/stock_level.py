"""Stock levels: of an item in the whole company, as API v2.0 keeps no locations apart (dynamics sheet §2.4)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, Nest, absent, text
from anyerp.model import StockLevel

from anyerp_dynamics.bc.codec import guid, number
from anyerp_dynamics.bc.lens.common import company, stamped, unit
from anyerp_dynamics.bc.lens.item import UNIT

STOCK_LEVEL = Lens(StockLevel, (
    Map("id", "id", guid(), read_only=True),
    Map("number", "number", text(20), read_only=True),
    *(rule for rule in stamped(page=30) if rule.field in ("url", "created_at")),
    company(read_only=True),
    Nest("item", (
        Map("id", "id", guid(), read_only=True),
        Map("number", "number", text(20), read_only=True),
        Map("name", "displayName", text(100), read_only=True),
    )),
    Map("unit", UNIT, unit(), read_only=True),
    Map("native_unit", "baseUnitOfMeasureCode", text(10), read_only=True),
    Map("quantity_on_hand", "inventory", number(), read_only=True),
    *absent("upstream: API v2.0 shows the stock of an item in all locations together", "location"),
    *absent("upstream: API v2.0 does not show item tracking", "lot_number", "expires_on"),
    *absent("never: no stocks are kept apart by what they may be used for", "status", "native_status"),
    *absent(
        "upstream: API v2.0 shows what is there, not what is promised or on its way",
        "quantity_reserved",
        "quantity_on_order",
        "quantity_available",
    ),
    *absent("never: an item's etag and time of change do not move with its stock", "version", "updated_at"),
))  # fmt: skip
