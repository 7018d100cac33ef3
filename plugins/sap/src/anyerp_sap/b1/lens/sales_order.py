"""Sales orders (sap sheet §13): documents like purchase orders, with the customer's addresses."""

from __future__ import annotations

from anyerp.lens import Each, Lens, Map, Rule, absent, integer, reference, text
from anyerp.model import SalesOrder

from anyerp_sap.b1.codec import number_reference
from anyerp_sap.b1.lens import status
from anyerp_sap.b1.lens.document import GOODS, IDENTITY, MONEY, PRICE, address, day

LINE: tuple[Rule, ...] = (
    Map("number", "LineNum", integer(), read_only=True),
    *GOODS,
    *PRICE,
    Map("customer_item_number", "SupplierCatNum", text(50)),
    Map("extra.AccountCode", "AccountCode", text(15)),
    day("requested_date", "ShipDate"),
    *status.of_line("shipped", "quantity_shipped"),
    *absent("never: a line has one delivery date", "confirmed_date"),
    *absent("upstream: an order's line knows what it still waits for, not what was delivered and invoiced "
            "of it", "quantity_billed"),
)  # fmt: skip

SALES_ORDER = Lens(SalesOrder, (
    *IDENTITY,
    *status.of_order("shipped"),
    Map("customer", "CardCode", reference(15), create_only=True),
    Map("customer_reference", "NumAtCard", text(100)),
    day("order_date", "DocDate"),
    day("requested_date", "DocDueDate"),
    *MONEY,
    Map("incoterms", "TaxExtension/Incoterms", text(20)),
    Map("sales_person", "SalesPersonCode", number_reference()),
    address("ship_to", "ShipTo"),
    address("bill_to", "BillTo"),
    Each("lines", "DocumentLines", LINE, key=("number", "LineNum")),
    *absent("upstream: the decisions of an approval are another object", "approved_at"),
    *absent("never: an order has a place for the code alone", "incoterms_location"),
))  # fmt: skip
