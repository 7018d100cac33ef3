"""Tables: vendors and customers (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set, many, one

VENDORS = entity_set(
    "vendors",
    "vendor",
    Page("Vendor", 23, "Vendor"),
    """
    id guid
    number code20
    displayName text100
    addressLine1 text100
    addressLine2 text50
    city text30
    state text30
    country code10
    postalCode code20
    phoneNumber text30
    email text80
    website text255
    taxRegistrationNumber text50
    currencyId guid
    currencyCode code
    irs1099Code text10
    paymentTermsId guid
    paymentMethodId guid
    taxLiable bool
    blocked *vendorBlocked
    balance decimal ro
    lastModifiedDateTime instant
    """,
    many("defaultDimensions", "parentId"),
    one("currency", "currencies", "currencyId"),
    one("paymentTerm", "paymentTerms", "paymentTermsId"),
    one("paymentMethod", "paymentMethods", "paymentMethodId"),
)

CUSTOMERS = entity_set(
    "customers",
    "customer",
    Page("Customer", 18, "Customer"),
    """
    id guid
    number code20
    displayName text100
    type *contactType
    addressLine1 text100
    addressLine2 text50
    city text30
    state text30
    country code10
    postalCode code20
    phoneNumber text30
    email text80
    website text255
    salespersonCode code20
    balanceDue decimal ro
    creditLimit decimal
    taxLiable bool
    taxAreaId guid
    taxAreaDisplayName text ro
    taxRegistrationNumber text50
    currencyId guid
    currencyCode code
    paymentTermsId guid
    shipmentMethodId guid
    paymentMethodId guid
    blocked *customerBlocked
    lastModifiedDateTime instant
    """,
    many("defaultDimensions", "parentId"),
    one("currency", "currencies", "currencyId"),
    one("paymentTerm", "paymentTerms", "paymentTermsId"),
    one("shipmentMethod", "shipmentMethods", "shipmentMethodId"),
    one("paymentMethod", "paymentMethods", "paymentMethodId"),
)
