"""Sales orders: `sale.sale` and its lines, made as purchases are (wire §18)."""

from __future__ import annotations

from anyerp.lens import Derived, Each, Join, Lens, Map, Rule, absent, choice
from anyerp.model import SalesOrder

from anyerp_tryton.codec import char, day, exact, floating, key, number
from anyerp_tryton.lens.common import OWN, place, ref, unit
from anyerp_tryton.lens.line import kind, paragraph, taxes
from anyerp_tryton.lens.progress import INVOICE_LINES, MOVES, billed, line_status, moved, status

_status = status("shipped", "partially_shipped", "sent")
_line_status = line_status("shipped", "partially_shipped")

LINE: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("number", "sequence", number()),
    Join("kind", ("type", "product./type"), kind()),
    ref("item", "product"),
    Map("description", "description", paragraph()),
    Map("quantity", "quantity", floating()),
    Map("unit", "unit./symbol", unit(), native="native_unit"),
    Map("unit_price", "unit_price", exact(4)),
    Map("amount", "amount", exact(4), read_only=True),
    Map("tax_code", "taxes.", taxes()),
    Map("confirmed_date", "shipping_date", day(), read_only=True),
    ref("location", "warehouse"),
    Map("extra.note", "note", paragraph()),
    Derived("quantity_shipped", moved, uses=("kind", "item"), native=MOVES),
    Derived("quantity_billed", billed, uses=("kind",), native=INVOICE_LINES),
    Derived("status", _line_status, uses=("kind", "quantity", "quantity_shipped"), native=(("sale./state", char()),)),
    *absent("never: lines have no state of their own", "native_status"),
    *absent("never: a price is for one unit", "price_quantity"),
    *absent("never: taxes are computed for the order as a whole", "tax_amount"),
    *absent("never: the date asked for stands on the order", "requested_date"),
    *absent("upstream: a module of its own adds the customers' own numbers of products", "customer_item_number"),
    *absent("upstream: a module of its own adds discounts", "discount_percent"),
    *absent("upstream: a module of its own adds analytic accounts", "dimensions"),
)

SALES_ORDER = Lens(SalesOrder, (
    *OWN,
    Map("number", "number", char(), read_only=True),
    ref("company", "company", number="party./code", name="party./name"),
    ref("customer", "party"),
    Map("customer_reference", "reference", char()),
    Map("external_reference", "description", char()),
    Derived("status", _status, native=(("state", char()), ("shipment_state", char()))),
    Map("native_status", "state", char(), read_only=True),
    Map("order_date", "sale_date", day()),
    Map("requested_date", "shipping_date", day()),
    Map("currency", "currency./code", char()),
    ref("payment_terms", "payment_term", number="name"),
    ref("sales_person", "quoted_by", number="party./code", name="party./name", read_only=True),
    place("ship_to", "shipment_address."),
    place("bill_to", "invoice_address."),
    Map("notes", "comment", paragraph()),
    Map("total_excl_tax", "untaxed_amount", exact(), read_only=True),
    Map("total_tax", "tax_amount", exact(), read_only=True),
    Map("total_incl_tax", "total_amount", exact(), read_only=True),
    Map("extra.invoice_method", "invoice_method", choice({k: k for k in ("manual", "order", "fulfillment")})),
    Map("extra.shipment_method", "shipment_method", choice({k: k for k in ("manual", "order", "invoice")})),
    Map("extra.shipment_state", "shipment_state", char(), read_only=True),
    Map("extra.invoice_state", "invoice_state", char(), read_only=True),
    Each("lines", "lines.", LINE, key=("id", "id")),
    *absent("never: Tryton takes the currency's rate of the day", "exchange_rate"),
    *absent("upstream: a module of its own adds incoterms", "incoterms", "incoterms_location"),
    *absent("never: Tryton keeps who confirmed an order, not when", "approved_at"),
))  # fmt: skip
