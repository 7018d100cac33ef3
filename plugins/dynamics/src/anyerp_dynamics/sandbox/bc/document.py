"""The documents: what a purchase order, a purchase invoice and a sales order have in common, and their own names."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Header fields of an address by the party's own field names.
ADDRESS = {
    "AddressLine1": "addressLine1", "AddressLine2": "addressLine2", "City": "city", "Country": "country",
    "State": "state", "PostCode": "postalCode",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """The names of one kind of document.

    `party` is vendor or customer, `role` the prefix of its address, `payer` that of who pays. `price` is the line's
    unit price; `done` and `todo` count what was delivered and what the next posting delivers. `free` are the fields
    that a released document still lets be changed; any other needs `draft` status.
    """

    set: str
    lines: str
    table: str
    line_table: str
    kind: str
    series: str
    party: str
    role: str
    payer: str
    role_caption: str
    payer_caption: str
    missing: str
    gone: str
    dated: tuple[str, ...]
    price: str
    item_price: str
    line_date: str
    done: str = ""
    todo: str = ""
    done_caption: str = ""
    dimension_parent: str = ""
    free: frozenset[str] = frozenset()
    line_free: frozenset[str] = field(
        default=frozenset({"receiveQuantity", "shipQuantity", "invoiceQuantity", "description", "description2"})
    )

    @property
    def parties(self) -> str:
        """The set of the party."""
        return f"{self.party}s"

    @property
    def orders(self) -> bool:
        """Whether it is an order, of which parts can be delivered."""
        return bool(self.done)


PURCHASE_ORDER = Document(
    set="purchaseOrders",
    lines="purchaseOrderLines",
    table="Purchase Header",
    line_table="Purchase Line",
    kind="Order",
    series="P-ORD",
    party="vendor",
    role="buyFrom",
    payer="payTo",
    role_caption="buy-from vendor",
    payer_caption="pay-to vendor",
    missing='A "vendorNumber" or a "vendorId" must be provided.',
    gone="The order cannot be found.",
    dated=("orderDate", "postingDate"),
    price="directUnitCost",
    item_price="unitCost",
    line_date="expectedReceiptDate",
    done="receivedQuantity",
    todo="receiveQuantity",
    done_caption="Quantity Received",
    dimension_parent="Purchase_x0020_Order",
    free=frozenset({"postingDate"}),
)
SALES_ORDER = Document(
    set="salesOrders",
    lines="salesOrderLines",
    table="Sales Header",
    line_table="Sales Line",
    kind="Order",
    series="S-ORD",
    party="customer",
    role="sellTo",
    payer="billTo",
    role_caption="sell-to customer",
    payer_caption="bill-to customer",
    missing='A "customerNumber" or a "customerId" must be provided.',
    gone="The order cannot be found.",
    dated=("orderDate", "postingDate"),
    price="unitPrice",
    item_price="unitPrice",
    line_date="shipmentDate",
    done="shippedQuantity",
    todo="shipQuantity",
    done_caption="Quantity Shipped",
    dimension_parent="Sales_x0020_Order",
    free=frozenset({"postingDate", "externalDocumentNumber"}),
)
PURCHASE_INVOICE = Document(
    set="purchaseInvoices",
    lines="purchaseInvoiceLines",
    table="Purchase Header",
    line_table="Purchase Line",
    kind="Invoice",
    series="P-INV",
    party="vendor",
    role="buyFrom",
    payer="payTo",
    role_caption="vendor",
    payer_caption="pay-to vendor",
    missing='A "vendorNumber" or a "vendorID" must be provided.',
    gone="The invoice cannot be found.",
    dated=("invoiceDate", "postingDate"),
    price="unitCost",
    item_price="unitCost",
    line_date="expectedReceiptDate",
    dimension_parent="Purchase_x0020_Invoice",
    line_free=frozenset(),
)

DOCUMENTS = {document.set: document for document in (PURCHASE_ORDER, PURCHASE_INVOICE, SALES_ORDER)}
BY_LINES = {document.lines: document for document in DOCUMENTS.values()}
