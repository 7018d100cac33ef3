"""API_MATERIAL_STOCK_SRV: stock by material, place and stock type, read only (sap sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service, entity, nav

_STOCK = entity(
    "A_MaterialStock",
    """
    Material:S40:*UA MaterialBaseUnit:S3:m
    """,
    nav("to_MatlStkInAcctMod", "A_MatlStkInAcctMod", "Material"),
    can="",
)

_QUANTITY = entity(
    "A_MatlStkInAcctMod",
    """
    Material:S40:*UA Plant:S4:*U StorageLocation:S4:*U Batch:S10:*U Supplier:S10:*UA Customer:S10:*UA
    WBSElementInternalID:S8:*# SDDocument:S10:*U SDDocumentItem:S6:*# InventorySpecialStockType:S1:*U
    InventoryStockType:S2:*U WBSElementExternalID:S24:U MaterialBaseUnit:S3:m
    MatlWrhsStkQtyInMatlBaseUnit:D31.14::MaterialBaseUnit
    """,
    nav("to_MaterialStock", "A_MaterialStock", "Material", "1", insertable=False),
    can="",
)

MATERIAL_STOCK = Service.of("API_MATERIAL_STOCK_SRV", (_STOCK, _QUANTITY), "MM-IM-GF")
