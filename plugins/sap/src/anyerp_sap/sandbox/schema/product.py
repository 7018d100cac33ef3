"""API_PRODUCT_SRV: the product, its texts, plants, valuation and units (sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service, entity, nav

_PRODUCT = entity(
    "A_Product",
    """
    Product:S40:*UA ProductType:S4:U CrossPlantStatus:S2:U CrossPlantStatusValidityDate:date CreationDate:date:!
    CreatedByUser:S12:!U LastChangeDate:date:! LastChangedByUser:S12:!U LastChangeDateTime:dto:!
    IsMarkedForDeletion:B ProductOldID:S40:U GrossWeight:D13.3::WeightUnit PurchaseOrderQuantityUnit:S3:m
    SourceOfSupply:S1:U WeightUnit:S3:m NetWeight:D13.3::WeightUnit CountryOfOrigin:S3:U CompetitorID:S10:U
    ProductGroup:S9:U BaseUnit:S3:m ItemCategoryGroup:S4:U ProductHierarchy:S18:U Division:S2:U VolumeUnit:S3:m
    MaterialVolume:D13.3::VolumeUnit ANPCode:S9:# Brand:S4:U ProcurementRule:S1:U ValidityStartDate:date
    LowLevelCode:S3:U ProdNoInGenProdInPrepackProd:S40:U SizeOrDimensionText:S32:U IndustryStandardName:S18:U
    ProductStandardID:S18:U InternationalArticleNumberCat:S2:U ProductIsConfigurable:B
    IsBatchManagementRequired:B ExternalProductGroup:S18:U CrossPlantConfigurableProduct:S40:UA
    ProductManufacturerNumber:S40:U ManufacturerNumber:S10:U ManufacturerPartProfile:S4:U IndustrySector:S1:U
    ChangeNumber:S12:U MaterialRevisionLevel:S2:U AdjustmentProfile:S3:U AuthorizationGroup:S4:U
    """,
    nav("to_Description", "A_ProductDescription", "Product"),
    nav("to_Plant", "A_ProductPlant", "Product"),
    nav("to_ProductProcurement", "A_ProductProcurement", "Product", "0..1"),
    nav("to_ProductUnitsOfMeasure", "A_ProductUnitsOfMeasure", "Product"),
    nav("to_Valuation", "A_ProductValuation", "Product"),
    can="CU",
)

_DESCRIPTION = entity(
    "A_ProductDescription",
    """
    Product:S40:*UA Language:S2:* ProductDescription:S40
    """,
)

_PLANT = entity(
    "A_ProductPlant",
    """
    Product:S40:*UA Plant:S4:*U PurchasingGroup:S3:U CountryOfOrigin:S3:U RegionOfOrigin:S3:U ProfileCode:S2:U
    AvailabilityCheckType:S2:U ProfitCenter:S10:UA GoodsReceiptDuration:D3.0 IsMarkedForDeletion:B
    MRPType:S2:U MRPResponsible:S3:U ABCIndicator:S1:U MinimumLotSizeQuantity:D13.3::BaseUnit
    MaximumLotSizeQuantity:D13.3::BaseUnit FixedLotSizeQuantity:D13.3::BaseUnit IsBatchManagementRequired:B
    ProcurementType:S1:U BaseUnit:S3:m
    """,
    can="CU",
)

_PROCUREMENT = entity(
    "A_ProductProcurement",
    """
    Product:S40:*UA PurchaseOrderQuantityUnit:S3:m VarblPurOrdUnitStatus:S1:U PurchasingAcknProfile:S4:U
    """,
    can="CU",
)

_UNITS = entity(
    "A_ProductUnitsOfMeasure",
    """
    Product:S40:*UA AlternativeUnit:S3:*m QuantityNumerator:D5.0::BaseUnit
    QuantityDenominator:D5.0::AlternativeUnit GrossWeight:D13.3::WeightUnit WeightUnit:S3:m
    GlobalTradeItemNumber:S18:U BaseUnit:S3:m
    """,
)

_VALUATION = entity(
    "A_ProductValuation",
    """
    Product:S40:*UA ValuationArea:S4:*U ValuationType:S10:*U ValuationClass:S4:U PriceDeterminationControl:S1:U
    StandardPrice:D12.3::Currency PriceUnitQty:D5.0 InventoryValuationProcedure:S1:U IsMarkedForDeletion:B
    MovingAveragePrice:D12.3::Currency Currency:S5:$ BaseUnit:S3:m
    """,
    can="CU",
)

PRODUCT = Service.of("API_PRODUCT_SRV", (_PRODUCT, _DESCRIPTION, _PLANT, _PROCUREMENT, _UNITS, _VALUATION), "LO-MD-MM")
