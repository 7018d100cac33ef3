"""The customer side of API_BUSINESS_PARTNER: customer, company codes, sales areas (sap sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import entity, nav

CUSTOMER = entity(
    "A_Customer",
    """
    Customer:S10:*UA BillingIsBlockedForCustomer:S2:U CreatedByUser:S12:!U CreationDate:date:!
    CustomerAccountGroup:S4:U CustomerClassification:S2:U CustomerFullName:S220:!U CustomerName:S80:!
    DeliveryIsBlocked:S2:U OrderIsBlockedForCustomer:S2:U PostingIsBlocked:B:U Supplier:S10:UA
    CustomerCorporateGroup:S10:U Industry:S4:!U TaxNumber1:S16:!U TaxNumber2:S11:!U TaxNumber3:S18:!U
    TaxNumber4:S18:!U TaxNumber5:S60:!U VATRegistration:S20:U DeletionIndicator:B:U
    """,
    nav("to_CustomerCompany", "A_CustomerCompany", "Customer"),
    nav("to_CustomerSalesArea", "A_CustomerSalesArea", "Customer"),
    can="U",
)

CUSTOMER_COMPANY = entity(
    "A_CustomerCompany",
    """
    Customer:S10:*UA CompanyCode:S4:*U PaymentTerms:S4:U ReconciliationAccount:S10:UA DeletionIndicator:B:U
    """,
    can="CU",
)

CUSTOMER_SALES_AREA = entity(
    "A_CustomerSalesArea",
    """
    Customer:S10:*UA SalesOrganization:S4:*U DistributionChannel:S2:*U Division:S2:*U
    AccountByCustomer:S12:U BillingIsBlockedForCustomer:S2:U CompleteDeliveryIsDefined:B:U Currency:S5:$
    CustomerGroup:S2:U CustomerPaymentTerms:S4:U CustomerPriceGroup:S2:U CustomerPricingProcedure:S2:U
    DeliveryIsBlockedForCustomer:S2:U DeliveryPriority:S2:# IncotermsClassification:S3:U
    IncotermsLocation2:S70 IncotermsLocation1:S70 DeletionIndicator:B:U IncotermsTransferLocation:S28
    OrderIsBlockedForCustomer:S2:U SalesGroup:S3:U SalesOffice:S4:U ShippingCondition:S2:U
    SupplyingPlant:S4:U SalesDistrict:S6:U CustomerAccountGroup:S4:U
    """,
    can="CU",
)
