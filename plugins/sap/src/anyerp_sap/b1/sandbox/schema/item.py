"""Items, with their prices, and their stock per warehouse inside them (sap sheet §13)."""

from __future__ import annotations

from anyerp_sap.b1.sandbox.edm import record

ITEM = record(
    "Item",
    """
    ItemCode                text:50         key fixed
    ItemName                text:200
    ForeignName             text:200
    ItemsGroupCode          int             =100
    SalesVATGroup           text:8
    BarCode                 text:254
    VatLiable               enum:BoYesNoEnum =tYES
    PurchaseItem            enum:BoYesNoEnum =tYES
    SalesItem               enum:BoYesNoEnum =tYES
    InventoryItem           enum:BoYesNoEnum =tYES
    Mainsupplier            text:15
    SupplierCatalogNo       text:50
    User_Text               text:64000
    AssetItem               enum:BoYesNoEnum =tNO
    Manufacturer            int             =-1
    QuantityOnStock         number          ro
    QuantityOrderedFromVendors number       ro
    QuantityOrderedByCustomers number       ro
    ManageSerialNumbers     enum:BoYesNoEnum =tNO
    ManageBatchNumbers      enum:BoYesNoEnum =tNO
    Valid                   enum:BoYesNoEnum =tYES
    ValidFrom               date
    ValidTo                 date
    Frozen                  enum:BoYesNoEnum =tNO
    FrozenFrom              date
    FrozenTo                date
    SalesUnit               text:100
    SalesItemsPerUnit       number          =1
    PurchaseUnit            text:100
    PurchaseItemsPerUnit    number          =1
    PurchaseVATGroup        text:8
    MovingAveragePrice      number          ro
    AvgStdPrice             number
    DefaultWarehouse        text:8
    CostAccountingMethod    enum:BoInventorySystem =bis_MovingAverage
    InventoryUOM            text:100
    OrderMultiple           number
    LeadTime                int
    MinOrderQuantity        number
    ItemType                enum:ItemTypeEnum =itItems
    ItemClass               enum:ItemClassEnum =itcMaterial
    UoMGroupEntry           int             =-1
    InventoryUoMEntry       int
    DefaultSalesUoMEntry    int
    DefaultPurchasingUoMEntry int
    UpdateDate              date            ro
    UpdateTime              time            ro
    CreateDate              date            ro
    CreateTime              time            ro
    DataVersion             int             ro
    ItemPrices              list:ItemPrice  rows:PriceList
    ItemWarehouseInfoCollection list:ItemWarehouseInfo rows:WarehouseCode
    ItemPreferredVendors    list:ItemPreferredVendor rows:BPCode
    ItemUnitOfMeasurementCollection list:ItemUnitOfMeasurement rows:UoMEntry
    ItemBarCodeCollection   list:ItemBarCode merge:AbsEntry
    """,
)

ITEM_PRICE = record(
    "ItemPrice",
    """
    PriceList               int
    Price                   number
    Currency                text:3
    BasePriceList           int
    Factor                  number          =1
    """,
)

ITEM_WAREHOUSE_INFO = record(
    "ItemWarehouseInfo",
    """
    MinimalStock            number
    MaximalStock            number
    MinimalOrder            number
    StandardAveragePrice    number
    Locked                  enum:BoYesNoEnum =tNO
    WarehouseCode           text:8
    InStock                 number          ro
    Committed               number          ro
    Ordered                 number          ro
    CountedQuantity         number          ro
    WasCounted              enum:BoYesNoEnum ro =tNO
    DefaultBin              int
    ItemCode                text:50         ro
    """,
)

ITEM_PREFERRED_VENDOR = record("ItemPreferredVendor", "BPCode text:15")

ITEM_UNIT = record(
    "ItemUnitOfMeasurement",
    """
    UoMEntry                int
    DefaultBarcode          int
    Weight1                 number
    """,
)

ITEM_BAR_CODE = record(
    "ItemBarCode",
    """
    AbsEntry                int
    UoMEntry                int             =-1
    Barcode                 text:254
    FreeText                text:100
    """,
)
