"""Purchase orders (sap sheet §13, Purchasing objects)."""

from __future__ import annotations

from anyerp.lens import Codec, Each, Join, Lens, Map, Nest, Rule, absent, integer, reference, text
from anyerp.model import PurchaseOrder, Ref

from anyerp_sap.b1.codec import number, number_reference
from anyerp_sap.b1.lens import status
from anyerp_sap.b1.lens.document import GOODS, IDENTITY, MONEY, PRICE, address, day
from anyerp_sap.b1.progress import BILLED

_REQUEST = 1470000113


def _requisition(parts: tuple[int | None, int | None]) -> Ref | None:
    kind, entry = parts
    return Ref(id=str(entry)) if kind == _REQUEST and entry is not None else None


LINE: tuple[Rule, ...] = (
    Map("number", "LineNum", integer(), read_only=True),
    *GOODS,
    *PRICE,
    Map("vendor_item_number", "SupplierCatNum", text(50)),
    day("requested_date", "ShipDate"),
    Map("account", "AccountCode", reference(15)),
    *status.of_line("received", "quantity_received"),
    Join("requisition", ("BaseType", "BaseEntry"),
         Codec("b1_requisition", decode=_requisition, native=(int, int)), read_only=True),
    *absent("never: a line has one delivery date", "confirmed_date"),
    Map("quantity_billed", BILLED, number(), read_only=True),
)  # fmt: skip

PURCHASE_ORDER = Lens(PurchaseOrder, (
    *IDENTITY,
    *status.of_order("received"),
    Map("vendor", "CardCode", reference(15), create_only=True),
    Map("vendor_reference", "NumAtCard", text(100)),
    day("order_date", "DocDate"),
    *MONEY,
    Map("incoterms", "TaxExtension/Incoterms", text(20)),
    Map("buyer", "SalesPersonCode", number_reference()),
    Nest("requester", (
        Map("id", "Requester", text(25), read_only=True),
        Map("number", "Requester", text(25), read_only=True),
        Map("name", "RequesterName", text(155), read_only=True),
    )),
    address("ship_to", "ShipTo"),
    Each("lines", "DocumentLines", LINE, key=("number", "LineNum")),
    day("extra.DocDueDate", "DocDueDate"),
    *absent("upstream: the decisions of an approval are another object", "approved_at"),
    *absent("never: an order has a place for the code alone", "incoterms_location"),
    *absent("never: the other address of an order is the vendor's own, which is paid to", "bill_to"),
))  # fmt: skip
