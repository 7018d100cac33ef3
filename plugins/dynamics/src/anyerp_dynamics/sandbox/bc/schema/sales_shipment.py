"""Tables: sales shipments, of which only the headers are served (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set

SALES_SHIPMENTS = entity_set(
    "salesShipments",
    "salesShipment",
    Page("Sales Shipment Header", 110, "Sales Shipment", insert=False, update=False, delete=False),
    """
    id guid
    number code20 ro
    externalDocumentNumber code35 ro
    invoiceDate date ro
    postingDate date ro
    dueDate date ro
    customerPurchaseOrderReference text35 ro
    customerId guid ro
    customerNumber code20 ro
    customerName text100 ro
    billToCustomerId guid ro
    billToName text100 ro
    billToCustomerNumber code20 ro
    shipToName text100 ro
    shipToContact text100 ro
    sellToAddressLine1 text100 ro
    sellToAddressLine2 text50 ro
    sellToCity text30 ro
    sellToCountry code10 ro
    sellToState text30 ro
    sellToPostCode code20 ro
    billToAddressLine1 text100 ro
    billToAddressLine2 text50 ro
    billToCity text30 ro
    billToCountry code10 ro
    billToState text30 ro
    billToPostCode code20 ro
    shipToAddressLine1 text100 ro
    shipToAddressLine2 text50 ro
    shipToCity text30 ro
    shipToCountry code10 ro
    shipToState text30 ro
    shipToPostCode code20 ro
    currencyCode code ro
    orderNumber code20 ro
    paymentTermsCode code10 ro
    shipmentMethodCode code10 ro
    salesperson code20 ro
    pricesIncludeTax bool ro
    lastModifiedDateTime instant
    phoneNumber text30 ro
    email text80 ro
    """,
)
