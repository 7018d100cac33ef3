"""API_PURCHASEORDER_PROCESS_SRV: order, items, schedule lines, account assignments, prices, notes (sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service, entity, nav

_ORDER = entity(
    "A_PurchaseOrder",
    """
    PurchaseOrder:S10:*UA CompanyCode:S4:U PurchaseOrderType:S4:U^ PurchasingDocumentDeletionCode:S1:!U
    PurchasingProcessingStatus:S2:!U CreatedByUser:S12:!U CreationDate:date:! LastChangeDateTime:dto:!
    Supplier:S10:U^A PurchaseOrderSubtype:S1:!U Language:S2 PaymentTerms:S4:U CashDiscount1Days:D3.0
    CashDiscount2Days:D3.0 NetPaymentDays:D3.0 CashDiscount1Percent:D5.3 CashDiscount2Percent:D5.3
    PurchasingOrganization:S4:U PurchasingDocumentOrigin:S1:!U PurchasingGroup:S3:U PurchaseOrderDate:date
    DocumentCurrency:S5:U$ ExchangeRate:S12 ExchangeRateIsFixed:B ValidityStartDate:date ValidityEndDate:date
    SupplierQuotationExternalID:S10:U PurchasingCollectiveNumber:S10:U SupplierRespSalesPersonName:S30
    SupplierPhoneNumber:S16 SupplyingSupplier:S10:UA SupplyingPlant:S4:U IncotermsClassification:S3:U
    CorrespncExternalReference:S12 CorrespncInternalReference:S12 InvoicingParty:S10:UA
    ReleaseIsNotCompleted:B:! PurchasingCompletenessStatus:B IncotermsVersion:S4:U IncotermsLocation1:S70
    IncotermsLocation2:S70 ManualSupplierAddressID:S10:!U AddressCityName:S40 AddressFaxNumber:S30:U
    AddressHouseNumber:S10 AddressName:S40 AddressPostalCode:S10:U AddressStreetName:S60
    AddressPhoneNumber:S30:U AddressRegion:S3:U AddressCountry:S3:U AddressCorrespondenceLanguage:S2
    YY1_Project_PDH:S20 YY1_NeededBy_PDH:date
    """,
    nav("to_PurchaseOrderItem", "A_PurchaseOrderItem", "PurchaseOrder"),
    nav("to_PurchaseOrderNote", "A_PurchaseOrderNote", "PurchaseOrder", insertable=False),
    etag="LastChangeDateTime",
)

_ITEM = entity(
    "A_PurchaseOrderItem",
    """
    PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# PurchasingDocumentDeletionCode:S1:!U PurchaseOrderItemText:S40
    Plant:S4:U^ StorageLocation:S4:U MaterialGroup:S9:U PurchasingInfoRecord:S10:UA SupplierMaterialNumber:S35:U
    OrderQuantity:D13.3::PurchaseOrderQuantityUnit PurchaseOrderQuantityUnit:S3:m OrderPriceUnit:S3:m
    OrderPriceUnitToOrderUnitNmrtr:D5.0 OrdPriceUnitToOrderUnitDnmntr:D5.0 DocumentCurrency:S5:!U$
    NetPriceAmount:D12.3::DocumentCurrency NetPriceQuantity:D5.0::OrderPriceUnit TaxCode:S2:U
    ShippingInstruction:S2:U TaxDeterminationDate:date TaxCountry:S3:U PriceIsToBePrinted:B
    OverdelivTolrtdLmtRatioInPct:D3.1 UnlimitedOverdeliveryIsAllowed:B UnderdelivTolrtdLmtRatioInPct:D3.1
    ValuationType:S10:U IsCompletelyDelivered:B IsFinallyInvoiced:B PurchaseOrderItemCategory:S1:U
    AccountAssignmentCategory:S1:U MultipleAcctAssgmtDistribution:S1:U PartialInvoiceDistribution:S1:U
    GoodsReceiptIsExpected:B GoodsReceiptIsNonValuated:B InvoiceIsExpected:B InvoiceIsGoodsReceiptBased:B
    PurchaseContract:S10:UA PurchaseContractItem:S5:# Customer:S10:UA Subcontractor:S10:UA
    SupplierIsSubcontractor:B ItemNetWeight:D13.3::ItemWeightUnit ItemWeightUnit:S3:m TaxJurisdiction:S15:U
    PricingDateControl:S1:U ItemVolume:D13.3::ItemVolumeUnit ItemVolumeUnit:S3:m
    SupplierConfirmationControlKey:S4:U IncotermsClassification:S3:U IncotermsTransferLocation:S28
    EvaldRcptSettlmtIsAllowed:B PurchaseRequisition:S10:UA PurchaseRequisitionItem:S5:# IsReturnsItem:B
    RequisitionerName:S12 IncotermsLocation1:S70 IncotermsLocation2:S70 Material:S40:UA
    InternationalArticleNumber:S18:U ManufacturerMaterial:S40:UA ServicePerformer:S10:U ProductType:S2:U
    ExpectedOverallLimitAmount:D14.3::DocumentCurrency OverallLimitAmount:D14.3::DocumentCurrency
    PurContractForOverallLimit:S10:U PurchasingParentItem:S5:# PurgDocAggrgdSubitemCategory:S1:U
    PurgDocSubitemCategory:S1:!U Batch:S10:U PurchasingItemIsFreeOfCharge:B ReferenceDeliveryAddressID:S10:U
    DeliveryAddressID:S10:!U DeliveryAddressName:S40 DeliveryAddressName2:S40 DeliveryAddressFullName:S80:!
    DeliveryAddressStreetName:S60 DeliveryAddressHouseNumber:S10 DeliveryAddressCityName:S40
    DeliveryAddressPostalCode:S10:U DeliveryAddressRegion:S3:U DeliveryAddressCountry:S3:U
    DeliveryAddressDistrictName:S40 DownPaymentPercentageOfTotAmt:D5.2 DownPaymentAmount:D12.3::DocumentCurrency
    ConsumptionTaxCtrlCode:S16:U YY1_Charge_PDI:S10
    """,
    nav("to_PurchaseOrder", "A_PurchaseOrder", "PurchaseOrder", "1", insertable=False),
    nav("to_AccountAssignment", "A_PurOrdAccountAssignment", "PurchaseOrder PurchaseOrderItem"),
    nav("to_PurchaseOrderItemNote", "A_PurchaseOrderItemNote", "PurchaseOrder PurchaseOrderItem"),
    nav("to_PurchaseOrderPricingElement", "A_PurOrdPricingElement", "PurchaseOrder PurchaseOrderItem"),
    nav(
        "to_ScheduleLine",
        "A_PurchaseOrderScheduleLine",
        "PurchaseOrder=PurchasingDocument PurchaseOrderItem=PurchasingDocumentItem",
    ),
    etag="*",
)

_SCHEDULE_LINE = entity(
    "A_PurchaseOrderScheduleLine",
    """
    PurchasingDocument:S10:*UA PurchasingDocumentItem:S5:*# ScheduleLine:S4:*# DelivDateCategory:S1:U
    ScheduleLineDeliveryDate:date PurchaseOrderQuantityUnit:S3:!m
    ScheduleLineOrderQuantity:D13.3::PurchaseOrderQuantityUnit ScheduleLineDeliveryTime:time
    SchedLineStscDeliveryDate:date PurchaseRequisition:S10:UA PurchaseRequisitionItem:S5:#
    ScheduleLineCommittedQuantity:D13.3::PurchaseOrderQuantityUnit PerformancePeriodStartDate:date
    PerformancePeriodEndDate:date
    """,
    etag="*",
)

_ACCOUNT_ASSIGNMENT = entity(
    "A_PurOrdAccountAssignment",
    """
    PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# AccountAssignmentNumber:S2:*# IsDeleted:B:!
    PurchaseOrderQuantityUnit:S3:!m Quantity:D13.3::PurchaseOrderQuantityUnit
    MultipleAcctAssgmtDistrPercent:D3.1 DocumentCurrency:S5:!U$ PurgDocNetAmount:D14.3::DocumentCurrency
    GLAccount:S10:UA BusinessArea:S4:U CostCenter:S10:UA SalesOrder:S10:UA SalesOrderItem:S6:#
    SalesOrderScheduleLine:S4:# MasterFixedAsset:S12:UA FixedAsset:S4:U GoodsRecipientName:S12
    UnloadingPointName:S25 ControllingArea:S4:U CostObject:S12:U OrderID:S12:UA ProfitCenter:S10:UA
    WBSElement:S24:U WBSElementExternalID:S24:U ProjectNetwork:S12:U NetworkActivity:S4:U FundsCenter:S16:U
    Fund:S10:U FunctionalArea:S16:U TaxCode:S2:U TaxJurisdiction:S15:U
    """,
    etag="*",
)

_PRICING_ELEMENT = entity(
    "A_PurOrdPricingElement",
    """
    PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# PricingDocument:S10:*U PricingDocumentItem:S6:*#
    PricingProcedureStep:S3:*# PricingProcedureCounter:S3:*# ConditionType:S4:U ConditionRateValue:D24.9
    ConditionCurrency:S5:U$ PriceDetnExchangeRate:S12:! TransactionCurrency:S5:!U$
    ConditionAmount:D16.3:!:TransactionCurrency ConditionQuantityUnit:S3:m
    ConditionQuantity:D5.0::ConditionQuantityUnit ConditionCalculationType:S3:!U ConditionCategory:S1:!
    ConditionIsForStatistics:B:! ConditionInactiveReason:S1:!U ConditionIsManuallyChanged:B:!
    """,
    etag="*",
)

_NOTE = entity(
    "A_PurchaseOrderNote",
    """
    PurchaseOrder:S10:*UA TextObjectType:S4:*U Language:S2:* PlainLongText:S:~
    """,
    etag="*",
)

_ITEM_NOTE = entity(
    "A_PurchaseOrderItemNote",
    """
    PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# TextObjectType:S4:*U Language:S2:* PlainLongText:S:~
    """,
    etag="*",
)

PURCHASE_ORDER = Service.of(
    "API_PURCHASEORDER_PROCESS_SRV",
    (_ORDER, _ITEM, _ITEM_NOTE, _NOTE, _SCHEDULE_LINE, _ACCOUNT_ASSIGNMENT, _PRICING_ELEMENT),
    "MM-PUR-PO-2CL",
)
