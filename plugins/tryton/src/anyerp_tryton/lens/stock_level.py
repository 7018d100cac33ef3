"""Stock levels: a product's quantities with one warehouse in the context (wire §17)."""

from __future__ import annotations

from anyerp.lens import Codec, Join, Lens, Map, absent
from anyerp.model import StockLevel

from anyerp_tryton.codec import floating
from anyerp_tryton.lens.common import ref, unit

STOCK_LEVEL = Lens(StockLevel, (
    Join("id", ("id", "location"),
         Codec("tryton_stock_id", decode=lambda ids: f"{ids[0]}~{ids[1]}", native=(int, int)), read_only=True),
    ref("item", "product", read_only=True),
    ref("location", "location", read_only=True),
    Map("unit", "default_uom./symbol", unit(), native="native_unit", read_only=True),
    Map("quantity_on_hand", "quantity", floating(), read_only=True),
    Map("quantity_reserved", "_reserved", floating(), read_only=True),
    Map("quantity_on_order", "_on_order", floating(), read_only=True),
    Map("quantity_available", "_available", floating(), read_only=True),
    Map("extra.forecast_quantity", "forecast_quantity", floating(), read_only=True),
    *absent("never: stock of a product has no number of its own", "number"),
    *absent("never: quantities are reckoned from moves and carry no stamp", "version", "created_at", "updated_at"),
    *absent("upstream: the server does not know the address of its web client", "url"),
    *absent("upstream: quantities are those of the user's company, which the answer does not name", "company"),
    *absent("upstream: a module of its own adds lots", "lot_number", "expires_on"),
    *absent("never: stock that may not be used lies at a location of its own", "status", "native_status"),
))  # fmt: skip
