"""API_MATERIAL_DOCUMENT_SRV: movements of goods, receipts for purchase orders among them (sap sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service, action, entity, nav

_HEADER = entity(
    "A_MaterialDocumentHeader",
    """
    MaterialDocumentYear:S4:*# MaterialDocument:S10:*UA InventoryTransactionType:S2:U DocumentDate:date
    PostingDate:date CreationDate:date CreationTime:time CreatedByUser:S12:U MaterialDocumentHeaderText:S25
    ReferenceDocument:S16:U VersionForPrintingSlip:S1:U GoodsMovementCode:S2:U
    """,
    nav("to_MaterialDocumentItem", "A_MaterialDocumentItem", "MaterialDocumentYear MaterialDocument"),
    can="C",
)

_ITEM = entity(
    "A_MaterialDocumentItem",
    """
    MaterialDocumentYear:S4:*# MaterialDocument:S10:*UA MaterialDocumentItem:S4:*# Material:S40:UA
    Plant:S4:U StorageLocation:S4:U Batch:S10:U GoodsMovementType:S3:U InventoryStockType:S2:U
    InventorySpecialStockType:S1:U Supplier:S10:UA Customer:S10:UA SalesOrder:S10:UA SalesOrderItem:S6:#
    PurchaseOrder:S10:UA PurchaseOrderItem:S5:# WBSElement:S24:U GoodsMovementRefDocType:S1:U
    GoodsMovementReasonCode:S4:# Delivery:S10:UA DeliveryItem:S6:# AccountAssignmentCategory:S1:U
    CostCenter:S10:UA GLAccount:S10:UA ProfitCenter:S10:UA MaterialBaseUnit:S3:m
    QuantityInBaseUnit:D13.3::MaterialBaseUnit EntryUnit:S3:m QuantityInEntryUnit:D13.3::EntryUnit
    CompanyCodeCurrency:S5:U$ GdsMvtExtAmtInCoCodeCrcy:D14.3::CompanyCodeCurrency FiscalYear:S4:#
    FiscalYearPeriod:S7:# IsCompletelyDelivered:B MaterialDocumentItemText:S50 GoodsRecipientName:S12
    UnloadingPointName:S25 ShelfLifeExpirationDate:date ManufactureDate:date IsAutomaticallyCreated:S1:U
    MaterialDocumentLine:S6:# GoodsMovementIsCancelled:B ReversedMaterialDocumentYear:S4:#
    ReversedMaterialDocument:S10:UA ReversedMaterialDocumentItem:S4:# DebitCreditCode:S1:U
    """,
    nav(
        "to_MaterialDocumentHeader",
        "A_MaterialDocumentHeader",
        "MaterialDocumentYear MaterialDocument",
        "1",
        insertable=False,
    ),
    can="",
)

_CANCEL = action(
    "Cancel",
    "A_MaterialDocumentHeader",
    "MaterialDocumentYear:S4 MaterialDocument:S10:A PostingDate:date",
    optional="PostingDate",
)
_CANCEL_ITEM = action(
    "CancelItem",
    "A_MaterialDocumentItem",
    "MaterialDocumentYear:S4 MaterialDocument:S10:A MaterialDocumentItem:S4:# PostingDate:date",
    optional="PostingDate",
)

MATERIAL_DOCUMENT = Service.of(
    "API_MATERIAL_DOCUMENT_SRV", (_HEADER, _ITEM), "MM-IM-GF", actions=(_CANCEL, _CANCEL_ITEM)
)
