"""Entity tables: products, released products, on-hand stock (dynamics sheet §1.3, §1.11)."""

TABLE = """
@ProductsV2 ProductV2 EcoResProductV2Entity product EcoResProduct "Products V2"
ProductNumber                                text70                         key once must
ProductName                                  text60
ProductSearchName                            text20                         must
ProductDescription                           text1000
ProductType                                  EcoResProductType              once
ProductSubType                               EcoResProductSubtype           once
IsCatchWeightProduct                         NoYes
StorageDimensionGroupName                    text10
TrackingDimensionGroupName                   text10
HarmonizedSystemCode                         text10

@ReleasedProductsV2 ReleasedProductV2 EcoResReleasedProductV2Entity item InventTable,InventTableModule "Released products V2"
dataAreaId                                   text4                          key
ItemNumber                                   text20                         key once must
ProductNumber                                text70                         once must >ProductsV2
SearchName                                   text20
ProductSearchName                            text20                         ro
ProductType                                  EcoResProductType              ro
ProductSubType                               EcoResProductSubtype           ro
ItemModelGroupId                             text10
ProductGroupId                               text10
InventoryUnitSymbol                          text10
PurchaseUnitSymbol                           text10
SalesUnitSymbol                              text10
BOMUnitSymbol                                text10
PurchasePrice                                decimal
PurchasePriceQuantity                        decimal
PurchasePriceDate                            date
SalesPrice                                   decimal
SalesPriceQuantity                           decimal
UnitCost                                     decimal
UnitCostQuantity                             decimal
NetProductWeight                             decimal
GrossProductHeight                           decimal
ProductVolume                                decimal
PrimaryVendorAccountNumber                   text20                         >VendorsV3
BuyerGroupId                                 text10
PurchaseSalesTaxItemGroupCode                text10
SalesSalesTaxItemGroupCode                   text10
OriginCountryRegionId                        text10
ProductLifecycleStateId                      text20
IsCatchWeightProduct                         NoYes                          ro
ShelfLifePeriodDays                          int32
PurchaseOverdeliveryPercentage               decimal
PurchaseUnderdeliveryPercentage              decimal
DefaultLedgerDimensionDisplayValue           text500

@=ReleasedDistinctProductsV2 ReleasedDistinctProductV2 EcoResReleasedDistinctProductV2Entity "Released distinct products V2" -ProductSubType,ProductLifecycleStateId,IsCatchWeightProduct ReleasedProductsV2

@WarehousesOnHandV2 WarehouseOnHandV2 InventWarehouseOnHandV2Entity on_hand InventSum "Warehouse on-hand inventory V2" readonly
dataAreaId                                   text4                          key
ItemNumber                                   text20                         key ro
ProductColorId                               text10                         key ro
ProductConfigurationId                       text50                         key ro
ProductSizeId                                text10                         key ro
ProductStyleId                               text10                         key ro
ProductVersionId                             text10                         key ro
InventorySiteId                              text10                         key ro
InventoryWarehouseId                         text10                         key ro
ProductName                                  text60                         ro virtual
OnHandQuantity                               decimal                        ro
AvailableOnHandQuantity                      decimal                        ro
ReservedOnHandQuantity                       decimal                        ro
OnOrderQuantity                              decimal                        ro
OrderedQuantity                              decimal                        ro
AvailableOrderedQuantity                     decimal                        ro
ReservedOrderedQuantity                      decimal                        ro
TotalAvailableQuantity                       decimal                        ro
AreWarehouseManagementProcessesUsed          NoYes                          ro

@=InventorySitesOnHandV2 InventorySiteOnHandV2 InventorySiteOnHandV2Entity "On-hand inventory by site V2" -InventoryWarehouseId WarehousesOnHandV2
"""  # noqa: E501  a table
