"""Purchase orders: `purchase.purchase` and its lines (wire §7, §9-§11)."""

from __future__ import annotations

from anyerp.lens import Derived, Each, Join, Lens, Map, Rule, absent, choice
from anyerp.model import PurchaseOrder

from anyerp_tryton.codec import char, day, exact, floating, key, number
from anyerp_tryton.lens.common import OWN, place, ref, unit
from anyerp_tryton.lens.line import kind, paragraph, requested, taxes
from anyerp_tryton.lens.progress import INVOICE_LINES, MOVES, billed, line_status, moved, status

_status = status("received", "partially_received", "received")
_line_status = line_status("received", "partially_received")

LINE: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("number", "sequence", number()),
    Join("kind", ("type", "product./type"), kind()),
    ref("item", "product"),
    Map("vendor_item_number", "product_supplier./code", char(), read_only=True),
    Map("description", "description", paragraph()),
    Map("quantity", "quantity", floating()),
    Map("unit", "unit./symbol", unit(), native="native_unit"),
    Map("unit_price", "unit_price", exact(4)),
    Map("amount", "amount", exact(4), read_only=True),
    Map("tax_code", "taxes.", taxes()),
    Join("requested_date", ("delivery_date_edit", "delivery_date_store"), requested()),
    ref("location", "warehouse"),
    Map("extra.note", "note", paragraph()),
    Derived("quantity_received", moved, uses=("kind", "item"), native=MOVES),
    Derived("quantity_billed", billed, uses=("kind",), native=INVOICE_LINES),
    Derived(
        "status",
        _line_status,
        uses=("kind", "quantity", "quantity_received"),
        native=(("purchase./state", char()),),
    ),
    *absent("never: lines have no state of their own", "native_status"),
    *absent("never: a price is for one unit", "price_quantity"),
    *absent("never: taxes are computed for the order as a whole", "tax_amount"),
    *absent("never: no promise of the vendor is recorded, only the date asked for", "confirmed_date"),
    *absent("never: the account is chosen on the invoice, by the product's category", "account"),
    *absent("never: purchases know no discount; an overlay maps that of a third party", "discount_percent"),
    *absent("upstream: a module of its own adds analytic accounts", "dimensions"),
    *absent("upstream: purchase requests, which need a permission of their own", "requisition"),
)

PURCHASE_ORDER = Lens(PurchaseOrder, (
    *OWN,
    Map("number", "number", char(), read_only=True),
    ref("company", "company", number="party./code", name="party./name"),
    ref("vendor", "party"),
    Map("vendor_reference", "reference", char()),
    Map("external_reference", "description", char()),
    Derived("status", _status, native=(("state", char()), ("shipment_state", char()))),
    Map("native_status", "state", char(), read_only=True),
    Map("order_date", "purchase_date", day()),
    Map("currency", "currency./code", char()),
    ref("payment_terms", "payment_term", number="name"),
    ref("buyer", "quoted_by", number="party./code", name="party./name", read_only=True),
    place("ship_to", "warehouse./address."),
    Map("notes", "comment", paragraph()),
    Map("total_excl_tax", "untaxed_amount", exact(), read_only=True),
    Map("total_tax", "tax_amount", exact(), read_only=True),
    Map("total_incl_tax", "total_amount", exact(), read_only=True),
    Map("extra.invoice_method", "invoice_method", choice({k: k for k in ("manual", "order", "fulfillment")})),
    Map("extra.shipment_state", "shipment_state", char(), read_only=True),
    Map("extra.invoice_state", "invoice_state", char(), read_only=True),
    Each("lines", "lines.", LINE, key=("id", "id")),
    *absent("never: Tryton takes the currency's rate of the day", "exchange_rate"),
    *absent("never: invoices go to the company; the order's invoice address is the vendor's", "bill_to"),
    *absent("upstream: a module of its own adds incoterms", "incoterms", "incoterms_location"),
    *absent("upstream: requesters stand on purchase requests", "requester"),
    *absent("never: Tryton keeps who confirmed an order, not when", "approved_at"),
))  # fmt: skip
