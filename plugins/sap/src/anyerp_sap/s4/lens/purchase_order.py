"""Purchase orders of the V2 service (sap sheet §12, A_PurchaseOrder and its parts)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.kits.custom import custom
from anyerp.kits.odata import v2
from anyerp.lens import (
    Derived,
    Each,
    Join,
    Lens,
    Map,
    Rule,
    absent,
    choice,
    integer_text,
    reference,
    text,
)
from anyerp.lens.codecs import boolean
from anyerp.model import PurchaseOrder

from anyerp_sap.s4.codec import amount, exchange_rate, line_amount, plant_and_storage, price_quantity
from anyerp_sap.s4.custom import CUSTOM
from anyerp_sap.s4.header import CREATED, linked
from anyerp_sap.s4.lens.shared import GONE, REQUESTER, SHIP_TO, requester, ship_to
from anyerp_sap.s4.progress import BILLED, NET, RECEIVED
from anyerp_sap.units import unit

STATUS = {
    "01": "draft",
    "02": "open",
    "03": "pending_approval",
    "04": "pending_approval",
    "05": "open",
    "08": "rejected",
    "26": "pending_approval",
}


def _line_status(received: Decimal | None, deleted: str | None, delivered: bool | None, invoiced: bool | None) -> str:
    if deleted in GONE:
        return "cancelled"
    if deleted:
        return "other"
    if delivered:
        return "closed" if invoiced else "received"
    return "partially_received" if received else "open"


def _status(
    lines: Iterable[dict[str, Any]] | None,
    deleted: str | None,
    held: bool | None,
    waiting: bool | None,
    code: str | None,
) -> str:
    """As SAP's own screen derives it, first match wins (sap sheet §10, order status)."""
    states = {line.get("status") for line in lines or ()}
    if deleted in GONE or states == {"cancelled"}:
        return "cancelled"
    if held:  # the flag means *in*complete
        return "draft"
    if code == "08":
        return "rejected"
    if waiting:
        return "pending_approval"
    states.discard("cancelled")
    status = STATUS.get(code or "", "other")
    if status == "open" and states:
        if states == {"closed"}:
            return "closed"
        if states <= {"closed", "received"}:
            return "received"
        if states & {"closed", "received", "partially_received"}:
            return "partially_received"
    return status


def _total(lines: Iterable[dict[str, Any]] | None) -> Decimal | None:
    if lines is None:
        return None
    amounts = [
        amount for line in lines if line.get("status") != "cancelled" and (amount := line.get("amount")) is not None
    ]
    return sum(amounts, Decimal(0))


LINE: tuple[Rule, ...] = (
    Map("number", "PurchaseOrderItem", integer_text(5, zero_is_nothing=True), create_only=True),
    Map(
        "kind",
        "PurchaseOrderItemCategory",
        choice({"0": "item", "9": "service"}, also={"": "item"}, otherwise="other"),
        create_only=True,
    ),
    Map("item", "Material", reference(40, upper=True, trim=True, empty="")),
    Map("vendor_item_number", "SupplierMaterialNumber", text(35, upper=True, empty="")),
    Map("description", "PurchaseOrderItemText", text(40, empty="")),
    Map("quantity", "OrderQuantity", amount(13, 3)),
    Map("unit", "PurchaseOrderQuantityUnit", unit(), native="native_unit"),
    Map("unit_price", "NetPriceAmount", amount(12, 3)),
    Map("price_quantity", "NetPriceQuantity", price_quantity()),
    Derived(
        "amount",
        line_amount,
        uses=("quantity", "unit_price", "price_quantity"),
        native=(
            ("OrderPriceUnitToOrderUnitNmrtr", amount(5, 0)),
            ("OrdPriceUnitToOrderUnitDnmntr", amount(5, 0)),
            ("DocumentCurrency", text(5)),
            (NET, amount(16, 3)),
        ),
    ),
    Map("tax_code", "TaxCode", text(2, upper=True, empty="")),
    Map("requested_date", "to_ScheduleLine/results/0/ScheduleLineDeliveryDate", v2.day()),
    Join("location", ("Plant", "StorageLocation"), plant_and_storage()),
    Map("account", "to_AccountAssignment/results/0/GLAccount", reference(10, upper=True, trim=True, empty="")),
    Map("dimensions.cost_center", "to_AccountAssignment/results/0/CostCenter", text(10, upper=True, empty="")),
    Map("dimensions.project", "to_AccountAssignment/results/0/WBSElementExternalID", text(24, upper=True, empty="")),
    Map("dimensions.order", "to_AccountAssignment/results/0/OrderID", text(12, upper=True, empty="")),
    # Neither is a field of this service: `anyerp_sap.s4.progress` adds them up.
    Map("quantity_received", RECEIVED, amount(13, 3), read_only=True),
    Map("quantity_billed", BILLED, amount(13, 3), read_only=True),
    Derived(
        "status",
        _line_status,
        uses=("quantity_received",),
        native=(
            ("PurchasingDocumentDeletionCode", text(1)),
            ("IsCompletelyDelivered", boolean()),
            ("IsFinallyInvoiced", boolean()),
        ),
    ),
    Map("native_status", "PurchasingDocumentDeletionCode", text(1), read_only=True),
    Map("requisition", "PurchaseRequisition", reference(10, upper=True, trim=True, empty="")),
    *absent("never: the item number is the line's key", "id"),
    Map("extra", CUSTOM, custom(), follows=True),
    Map("extra.RequisitionerName", "RequisitionerName", text(12, empty="")),
    *absent("never: the price of an item is its net price, in which discounts are counted already", "discount_percent"),
    *absent("upstream: this service has no tax amounts", "tax_amount"),
    *absent("upstream: confirmations are not in this service", "confirmed_date"),
)

PURCHASE_ORDER = Lens(PurchaseOrder, (
    Map("id", "PurchaseOrder", text(10), read_only=True),
    Map("number", "PurchaseOrder", text(10), read_only=True),
    Map("version", "__metadata/etag", text(), read_only=True),
    Map("updated_at", "LastChangeDateTime", v2.instant(), read_only=True),
    Map("company", "CompanyCode", reference(4, upper=True), create_only=True),
    Map("vendor", "Supplier", reference(10, upper=True, trim=True), create_only=True),
    Map("vendor_reference", "SupplierQuotationExternalID", text(10, upper=True, empty="")),
    Map("external_reference", "CorrespncExternalReference", text(12, empty="")),
    Derived("status", _status, uses=("lines",), native=(
        ("PurchasingDocumentDeletionCode", text(1)), ("PurchasingCompletenessStatus", boolean()),
        ("ReleaseIsNotCompleted", boolean()), ("PurchasingProcessingStatus", text(2)))),
    Map("native_status", "PurchasingProcessingStatus", text(2), read_only=True),
    Map("order_date", "PurchaseOrderDate", v2.day()),
    Map("currency", "DocumentCurrency", text(5, upper=True)),
    Map("exchange_rate", "ExchangeRate", exchange_rate()),
    Map("payment_terms", "PaymentTerms", reference(4, upper=True, empty="")),
    Map("incoterms", "IncotermsClassification", text(3, upper=True, empty="")),
    Map("incoterms_location", "IncotermsLocation1", text(70, empty="")),
    Map("buyer", "PurchasingGroup", reference(3, upper=True)),
    Map("extra", CUSTOM, custom(), follows=True),
    Map("extra.PurchaseOrderType", "PurchaseOrderType", text(4, upper=True), create_only=True),
    Map("extra.PurchasingOrganization", "PurchasingOrganization", text(4, upper=True), create_only=True),
    Each("lines", "to_PurchaseOrderItem/results", LINE, key=("number", "PurchaseOrderItem")),
    Derived("total_excl_tax", _total, uses=("lines",)),
    linked("PurchaseOrder", PurchaseOrder=("PurchaseOrder", 10)),
    CREATED,
    Derived("requester", requester, native=REQUESTER),
    Derived("ship_to", ship_to, native=SHIP_TO),
    *absent("upstream: the moment of release is not in this service", "approved_at"),
    *absent("never: invoices go to the company code", "bill_to"),
    *absent("upstream: this service has no tax amounts", "total_tax", "total_incl_tax"),
    # The header text; the metadata gives no length, this one keeps a request small.
    Map("notes", "to_PurchaseOrderNote/results/TextObjectType=F01/PlainLongText", text(10_000, empty="")),
))  # fmt: skip
