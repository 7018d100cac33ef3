"""API_SUPPLIERINVOICE_PROCESS_SRV: invoices and credit memos with their kinds of items (sap sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service, action, entity, nav

_INVOICE = entity(
    "A_SupplierInvoice",
    """
    SupplierInvoice:S10:*!UA FiscalYear:S4:*!# CompanyCode:S4:U DocumentDate:date PostingDate:date
    CreationDate:date:! SuplrInvcLstChgDteTmeTxt:S23:!U SupplierInvoiceIDByInvcgParty:S16:U
    InvoicingParty:S10:UA DocumentCurrency:S5:U$ InvoiceGrossAmount:D14.3::DocumentCurrency
    UnplannedDeliveryCost:D14.3::DocumentCurrency DocumentHeaderText:S25
    ManualCashDiscount:D14.3::DocumentCurrency PaymentTerms:S4:U DueCalculationBaseDate:date
    CashDiscount1Percent:D5.3 CashDiscount1Days:D3.0 CashDiscount2Percent:D5.3 CashDiscount2Days:D3.0
    NetPaymentDays:D3.0 PaymentBlockingReason:S1:U AccountingDocumentType:S2:U SupplierInvoiceStatus:S1:U
    IndirectQuotedExchangeRate:D9.5 DirectQuotedExchangeRate:D9.5 PaymentMethod:S1:U PaymentReference:S30:U
    InvoiceReference:S10:UA InvoiceReferenceFiscalYear:S4:# AssignmentReference:S18
    SupplierPostingLineItemText:S50 TaxIsCalculatedAutomatically:B BusinessArea:S4:U
    SupplierInvoiceIsCreditMemo:S1:U TaxDeterminationDate:date InvoiceReceiptDate:date
    SupplierInvoiceOrigin:S1:!U ReverseDocument:S10:!UA ReverseDocumentFiscalYear:S4:!# IsReversal:B:!~s
    IsReversed:B:!~s
    """,
    nav("to_SuplrInvcItemPurOrdRef", "A_SuplrInvcItemPurOrdRef", "SupplierInvoice FiscalYear"),
    nav("to_SupplierInvoiceItemGLAcct", "A_SupplierInvoiceItemGLAcct", "SupplierInvoice FiscalYear"),
    nav("to_SupplierInvoiceTax", "A_SupplierInvoiceTax", "SupplierInvoice FiscalYear"),
    can="CD",
)

_ORDER_ITEM = entity(
    "A_SuplrInvcItemPurOrdRef",
    """
    SupplierInvoice:S10:*!UA FiscalYear:S4:*!# SupplierInvoiceItem:S6:*# PurchaseOrder:S10:UA
    PurchaseOrderItem:S5:# Plant:S4:U ReferenceDocument:S10:UA ReferenceDocumentFiscalYear:S4:#
    ReferenceDocumentItem:S4:# IsSubsequentDebitCredit:S1:U TaxCode:S2:U DocumentCurrency:S5:U$
    SupplierInvoiceItemAmount:D14.3::DocumentCurrency PurchaseOrderQuantityUnit:S3:m
    PurchaseOrderQtyUnitSAPCode:S3:mi PurchaseOrderQtyUnitISOCode:S3:U
    QuantityInPurchaseOrderUnit:D13.3::PurchaseOrderQtyUnitSAPCode PurchaseOrderPriceUnit:S3:m
    PurchaseOrderPriceUnitSAPCode:S3:mi PurchaseOrderPriceUnitISOCode:S3:U
    QtyInPurchaseOrderPriceUnit:D13.3::PurchaseOrderPriceUnitSAPCode SuplrInvcDeliveryCostCndnType:S4:U
    SupplierInvoiceItemText:S50
    PurchasingDocumentItemCategory:S1:!U ProductType:S2:!U IsFinallyInvoiced:B
    """,
    can="",
)

_ACCOUNT_ITEM = entity(
    "A_SupplierInvoiceItemGLAcct",
    """
    SupplierInvoice:S10:*!UA FiscalYear:S4:*!# SupplierInvoiceItem:S4:*# CompanyCode:S4:U CostCenter:S10:UA
    ControllingArea:S4:U ProfitCenter:S10:UA GLAccount:S10:UA WBSElement:S24:# DocumentCurrency:S5:U$
    SupplierInvoiceItemAmount:D14.3::DocumentCurrency TaxCode:S2:U DebitCreditCode:S1:U
    SupplierInvoiceItemText:S50 AssignmentReference:S18 InternalOrder:S12:U QuantityUnit:S3:m
    SuplrInvcItmQtyUnitSAPCode:S3:mi SuplrInvcItmQtyUnitISOCode:S3:U
    Quantity:D13.3::SuplrInvcItmQtyUnitSAPCode
    """,
    can="",
)

_TAX = entity(
    "A_SupplierInvoiceTax",
    """
    SupplierInvoice:S10:*!UA FiscalYear:S4:*!# TaxCode:S2:*U SupplierInvoiceTaxCounter:S6:*!#
    DocumentCurrency:S5:U$ TaxAmount:D14.3::DocumentCurrency
    TaxBaseAmountInTransCrcy:D16.3::DocumentCurrency TaxCountry:S3:U TaxDeterminationDate:date
    """,
    can="",
)

_POST = action("Post", "PostInvoiceExportParameters", "FiscalYear:S4 SupplierInvoice:S10:A", "Success:B:*!~s")
_CANCEL = action(
    "Cancel",
    "CancelInvoiceExportParameters",
    "SupplierInvoice:S10:A FiscalYear:S4 ReversalReason:S2 PostingDate:date",
    "ReverseDocument:S10:*!~s FiscalYear:S4:*!~s Success:B:*!~s",
)
_RELEASE = action(
    "Release",
    "ReleaseInvoiceExportParameters",
    "DiscountDaysHaveToBeShifted:B FiscalYear:S4 SupplierInvoice:S10:A",
    "Success:B:*!~s",
)

SUPPLIER_INVOICE = Service.of(
    "API_SUPPLIERINVOICE_PROCESS_SRV",
    (_INVOICE, _ORDER_ITEM, _ACCOUNT_ITEM, _TAX),
    "MM-IV-LIV",
    actions=(_POST, _CANCEL, _RELEASE),
)
