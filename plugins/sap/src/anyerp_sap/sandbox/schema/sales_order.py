"""API_SALES_ORDER_SRV: sales orders with items, schedule lines, prices and texts (sap sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service, entity, nav

_ORDER = entity(
    "A_SalesOrder",
    """
    SalesOrder:S10:*UA SalesOrderType:S4:U SalesOrganization:S4:U DistributionChannel:S2:U
    OrganizationDivision:S2:U SalesGroup:S3:U SalesOffice:S4:U SoldToParty:S10:UA CreationDate:date:!
    CreatedByUser:S12:!U LastChangeDate:date:! LastChangeDateTime:dto:! PurchaseOrderByCustomer:S35
    PurchaseOrderByShipToParty:S35 CustomerPurchaseOrderDate:date SalesOrderDate:date
    TotalNetAmount:D16.3:!:TransactionCurrency OverallDeliveryStatus:S1:!U TotalBlockStatus:S1:!U
    OverallOrdReltdBillgStatus:S1:!U TransactionCurrency:S5:U$ SDDocumentReason:S3:U PricingDate:date
    RequestedDeliveryDate:date ShippingCondition:S2:U CompleteDeliveryIsDefined:B
    HeaderBillingBlockReason:S2:U DeliveryBlockReason:S2:U IncotermsClassification:S3:U
    IncotermsTransferLocation:S28 IncotermsLocation1:S70 IncotermsLocation2:S70 IncotermsVersion:S4:U
    CustomerPaymentTerms:S4:U PaymentMethod:S1:U AssignmentReference:S18 ReferenceSDDocument:S10:U
    AccountingDocExternalReference:S16:U AccountingExchangeRate:D9.5 CustomerGroup:S2:U
    SalesOrderApprovalReason:S4:!U SalesDocApprovalStatus:S1:!U OverallSDProcessStatus:S1:!U
    TotalCreditCheckStatus:S1:!U OverallTotalDeliveryStatus:S1:!U OverallSDDocumentRejectionSts:S1:!U
    """,
    nav("to_Item", "A_SalesOrderItem", "SalesOrder"),
    nav("to_Partner", "A_SalesOrderHeaderPartner", "SalesOrder"),
    nav("to_Text", "A_SalesOrderText", "SalesOrder"),
    etag="LastChangeDateTime",
)

_ITEM = entity(
    "A_SalesOrderItem",
    """
    SalesOrder:S10:*!UA SalesOrderItem:S6:*# HigherLevelItem:S6:# SalesOrderItemCategory:S4:U
    SalesOrderItemText:S40 PurchaseOrderByCustomer:S35 Material:S40:UA MaterialByCustomer:S35:U
    PricingDate:date RequestedQuantity:D15.3::RequestedQuantitySAPUnit RequestedQuantityUnit:S3:m
    RequestedQuantitySAPUnit:S3:mi RequestedQuantityISOUnit:S3:U OrderQuantityUnit:S3:!m
    OrderQuantitySAPUnit:S3:!mi OrderQuantityISOUnit:S3:!U
    ConfdDelivQtyInOrderQtyUnit:D15.3:!:OrderQuantitySAPUnit TransactionCurrency:S5:!U$
    NetAmount:D16.3:!:TransactionCurrency MaterialGroup:S9:U Batch:S10:U ProductionPlant:S4:U
    StorageLocation:S4:U ShippingPoint:S4:U IncotermsClassification:S3:U IncotermsLocation1:S70
    TaxAmount:D14.3::TransactionCurrency CostAmount:D14.3::TransactionCurrency CustomerPaymentTerms:S4:U
    SalesDocumentRjcnReason:S2:U ItemBillingBlockReason:S2:U WBSElement:S24:# ProfitCenter:S10:UA
    SDProcessStatus:S1:!U DeliveryStatus:S1:!U OrderRelatedBillingStatus:S1:!U
    """,
    nav("to_SalesOrder", "A_SalesOrder", "SalesOrder", "1", insertable=False),
    nav("to_PricingElement", "A_SalesOrderItemPrElement", "SalesOrder SalesOrderItem"),
    nav("to_ScheduleLine", "A_SalesOrderScheduleLine", "SalesOrder SalesOrderItem"),
)

_SCHEDULE = entity(
    "A_SalesOrderScheduleLine",
    """
    SalesOrder:S10:*!UA SalesOrderItem:S6:*!# ScheduleLine:S4:*# RequestedDeliveryDate:date
    ConfirmedDeliveryDate:date OrderQuantityUnit:S3:m OrderQuantitySAPUnit:S3:mi OrderQuantityISOUnit:S3:U
    ScheduleLineOrderQuantity:D13.3::OrderQuantitySAPUnit
    ConfdOrderQtyByMatlAvailCheck:D13.3::OrderQuantitySAPUnit
    DeliveredQtyInOrderQtyUnit:D13.3::OrderQuantitySAPUnit
    OpenConfdDelivQtyInOrdQtyUnit:D13.3::OrderQuantitySAPUnit
    CorrectedQtyInOrderQtyUnit:D13.3::OrderQuantitySAPUnit DelivBlockReasonForSchedLine:S2:U
    """,
)

_PRICE = entity(
    "A_SalesOrderItemPrElement",
    """
    SalesOrder:S10:*!UA SalesOrderItem:S6:*!# PricingProcedureStep:S3:*# PricingProcedureCounter:S3:*#
    ConditionType:S4:U ConditionCalculationType:S3:!U ConditionRateValue:D24.9 ConditionCurrency:S5:U$
    ConditionQuantity:D5.0::ConditionQuantitySAPUnit ConditionQuantityUnit:S3:m
    ConditionQuantitySAPUnit:S3:mi ConditionQuantityISOUnit:S3:U ConditionCategory:S1:!
    ConditionIsForStatistics:B:! ConditionAmount:D16.3:!:TransactionCurrency TransactionCurrency:S5:U$
    ConditionInactiveReason:S1:!U ConditionIsManuallyChanged:B:!
    """,
)

_TEXT = entity(
    "A_SalesOrderText",
    """
    SalesOrder:S10:*!UA Language:S2:* LongTextID:S4:*U LongText:S:~s
    """,
)

_PARTNER = entity(
    "A_SalesOrderHeaderPartner",
    """
    SalesOrder:S10:*!UA PartnerFunction:S2:*U PartnerFunctionInternalCode:S2:!U Customer:S10:UA
    Supplier:S10:UA ContactPerson:S10:# AddressID:S10:UA VATRegistration:S20:U
    """,
    nav("to_Address", "A_SalesOrderPartnerAddress", "SalesOrder PartnerFunction"),
    nav("to_SalesOrder", "A_SalesOrder", "SalesOrder", "1", insertable=False),
)

_ADDRESS = entity(
    "A_SalesOrderPartnerAddress",
    """
    SalesOrder:S10:*UA PartnerFunction:S2:*U AddressRepresentationCode:S1:*U CorrespondenceLanguage:S2
    AddresseeFullName:S80 OrganizationName1:S40 OrganizationName2:S40 CityName:S40 DistrictName:S40
    PostalCode:S10:U StreetName:S60 HouseNumber:S10 Country:S3:U Region:S3:U EmailAddress:S241
    PhoneNumber:S30:U
    """,
    can="U",
)

SALES_ORDER = Service.of(
    "API_SALES_ORDER_SRV", (_ORDER, _ITEM, _SCHEDULE, _PRICE, _TEXT, _PARTNER, _ADDRESS), "SD-SLS-SO"
)
