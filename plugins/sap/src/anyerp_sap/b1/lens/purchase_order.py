"""Purchase orders (sap sheet §13, Purchasing objects: Document, DocumentLine)."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import (
    Codec,
    Derived,
    Each,
    Join,
    Lens,
    Map,
    Nest,
    Rule,
    absent,
    integer,
    iso_day,
    reference,
    text,
)
from anyerp.model import PurchaseOrder, Ref

from anyerp_sap.b1 import stamp
from anyerp_sap.b1.codec import (
    country,
    currency,
    custom,
    flag,
    incoterms,
    key,
    number,
    number_reference,
    own_currency,
    street,
    yes_no,
)
from anyerp_sap.b1.lens import amount, status
from anyerp_sap.b1.record import CANCELLED, CUSTOM_FIELDS
from anyerp_sap.b1.stamp import ZONE

#: Where the caller's own key stands, unless an overlay says otherwise: Business One has no field for it.
REFERENCE = "U_ExternalRef"
DRAFT = "@anyerp.draft"
NO_UI = "upstream: the Service Layer does not know the address of the web client"
_REQUEST = 1470000113
_LEAST = Decimal("0.000001")


def _id(parts: tuple[int | None, bool | None]) -> str | None:
    entry, draft = parts
    if entry is None:
        return None
    return f"draft-{entry}" if draft else str(entry)


def _kind(item: str | None, account: str | None) -> str | None:
    """Lines of service documents have an account in place of an item."""
    if item:
        return "item"
    return "service" if account else None


def _requisition(parts: tuple[int | None, int | None]) -> Ref | None:
    kind, entry = parts
    return Ref(id=str(entry), number=None) if kind == _REQUEST and entry is not None else None


LINE: tuple[Rule, ...] = (
    Map("number", "LineNum", integer(), read_only=True),
    Derived("kind", _kind, native=(("ItemCode", text(50)), ("AccountCode", text(15)))),
    Map("item", "ItemCode", reference(50)),
    Map("vendor_item_number", "SupplierCatNum", text(50)),
    Map("description", "ItemDescription", text(200)),
    Map("quantity", "Quantity", number()),
    Map("unit", "UoMEntry@anyerp.code", text(3)),
    Map("native_unit", "UoMEntry@anyerp.name", text(100)),
    Map("unit_price", "UnitPrice", number()),
    Map("discount_percent", "DiscountPercent", number(9)),
    Derived("amount", amount.line, uses=("quantity", "unit_price", "discount_percent"),
            native=(("RowTotalFC", number()), ("LineTotal", number()))),
    Map("tax_code", "VatGroup", text(8)),
    Derived("tax_amount", amount.own, native=(("NetTaxAmountFC", number()), ("NetTaxAmount", number()))),
    Map("requested_date", "ShipDate", iso_day()),
    Map("location", "WarehouseCode", reference(8)),
    Map("account", "AccountCode", reference(15)),
    Map("dimensions.cost_center", "CostingCode", text(8)),
    Map("dimensions.dimension_2", "CostingCode2", text(8)),
    Map("dimensions.dimension_3", "CostingCode3", text(8)),
    Map("dimensions.dimension_4", "CostingCode4", text(8)),
    Map("dimensions.dimension_5", "CostingCode5", text(8)),
    Map("dimensions.project", "ProjectCode", text(20)),
    Derived("quantity_received", status.received, native=(
        ("LineStatus", text(20)), ("Quantity", number()), ("RemainingOpenQuantity", number()),
        (CANCELLED, flag()))),
    Join("status", ("LineStatus", "Quantity", "RemainingOpenQuantity", CANCELLED), status.line(), read_only=True),
    Map("native_status", "LineStatus", text(20), read_only=True),
    Join("requisition", ("BaseType", "BaseEntry"),
         Codec("b1_requisition", decode=_requisition, native=(int, int)), read_only=True),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    Map("extra.FreeText", "FreeText", text(100)),
    Map("extra.TaxCode", "TaxCode", text(8)),
    *absent("never: the line number is the line's key", "id"),
    *absent("never: a price is for one unit of the line", "price_quantity"),
    *absent("never: a line has one delivery date", "confirmed_date"),
    *absent("upstream: an order's line knows what it still waits for, not what was invoiced of it; invoices' lines "
            "cannot be filtered by their order", "quantity_billed"),
)  # fmt: skip

PURCHASE_ORDER = Lens(PurchaseOrder, (
    Join("id", ("DocEntry", DRAFT), Codec("b1_order_id", decode=_id, native=(int, bool)), read_only=True),
    Map("number", "DocNum", key(), read_only=True),
    Map("version", "@odata.etag", text(), read_only=True),
    Join("created_at", ("CreationDate", "DocTime", ZONE), stamp.created(), read_only=True),
    Join("updated_at", ("UpdateDate", "UpdateTime", "CreationDate", "DocTime", ZONE), stamp.changed(), read_only=True),
    Map("company", "BPL_IDAssignedToInvoice", number_reference(), create_only=True),
    Map("vendor", "CardCode", reference(15), create_only=True),
    Map("vendor_reference", "NumAtCard", text(100)),
    Map("external_reference", REFERENCE, text(100)),
    Derived("status", status.order, uses=("lines",), native=(
        (DRAFT, flag()), ("DocumentStatus", text(20)), ("Cancelled", yes_no()),
        ("AuthorizationStatus", text(30)), ("Confirmed", yes_no()))),
    Map("native_status", "DocumentStatus", text(20), read_only=True),
    Map("order_date", "DocDate", iso_day()),
    Map("currency", "DocCurrency", currency(), create_only=True),
    Map("exchange_rate", "DocRate", number(minimum=_LEAST)),
    Map("payment_terms", "PaymentGroupCode", number_reference()),
    Map("incoterms", "TaxExtension/Incoterms", incoterms()),
    Map("buyer", "SalesPersonCode", number_reference()),
    Nest("requester", (
        Map("id", "Requester", text(25), read_only=True),
        Map("number", "Requester", text(25), read_only=True),
        Map("name", "RequesterName", text(155), read_only=True),
    )),
    Nest("ship_to", (
        Join("street", ("ShipToStreet", "ShipToStreetNo"), street()),
        Map("city", "ShipToCity", text(100)),
        Map("postal_code", "ShipToZipCode", text(20)),
        Map("region", "ShipToState", text(3)),
        Map("country", "ShipToCountry", country()),
        *absent("never: the address in a document has no name", "name"),
    ), at="AddressExtension"),
    Map("notes", "Comments", text(254)),
    Each("lines", "DocumentLines", LINE, key=("number", "LineNum")),
    Derived("total_excl_tax", amount.net, uses=("lines",), native=(
        ("DocTotalFc", number()), ("DocTotal", number()), ("VatSumFc", number()), ("VatSum", number()))),
    Derived("total_tax", amount.own, native=(("VatSumFc", number()), ("VatSum", number()))),
    Derived("total_incl_tax", amount.own, native=(("DocTotalFc", number()), ("DocTotal", number()))),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    Map("extra.DocCurrency", "DocCurrency", own_currency(), read_only=True),
    Map("extra.DocDueDate", "DocDueDate", iso_day()),
    Map("extra.DiscountPercent", "DiscountPercent", number(9, minimum=_LEAST), create_only=True),
    Map("extra.Series", "Series", integer(), create_only=True),
    *absent(NO_UI, "url"),
    *absent("upstream: the decisions of an approval are another object", "approved_at"),
    *absent("never: an order has a place for the code alone", "incoterms_location"),
    *absent("never: the other address of an order is the vendor's own, which is paid to", "bill_to"),
))  # fmt: skip
