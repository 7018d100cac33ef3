"""Tables: items, their variants and the ledger of their movements (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set, many, one

ITEMS = entity_set(
    "items",
    "item",
    Page("Item", 27, "Item"),
    """
    id guid
    number code20
    displayName text100
    displayName2 text50
    type *itemType
    itemCategoryId guid
    itemCategoryCode code20
    blocked bool
    gtin code14
    inventory decimal
    unitPrice decimal
    priceIncludesTax bool
    unitCost decimal
    taxGroupId guid
    taxGroupCode code20
    baseUnitOfMeasureId guid
    baseUnitOfMeasureCode code10
    generalProductPostingGroupId guid
    generalProductPostingGroupCode code20
    inventoryPostingGroupId guid
    inventoryPostingGroupCode code20
    lastModifiedDateTime instant
    """,
    one("baseUnitOfMeasure", "unitsOfMeasure", "baseUnitOfMeasureId"),
    many("defaultDimensions", "parentId"),
    many("itemVariants", "itemId"),
    one("itemCategory", "itemCategories", "itemCategoryId"),
    one("unitOfMeasure", "unitsOfMeasure", "baseUnitOfMeasureId"),
)

ITEM_VARIANTS = entity_set(
    "itemVariants",
    "itemVariant",
    Page("Item Variant", 5401, "Item Variant", parent="itemId", by_filter=True),
    """
    id guid
    itemId guid
    itemNumber code20
    code code10
    description text100
    lastModifiedDateTime instant
    """,
    one("item", "items", "itemId"),
)

ITEM_LEDGER_ENTRIES = entity_set(
    "itemLedgerEntries",
    "itemLedgerEntry",
    Page("Item Ledger Entry", 32, "Item Ledger Entry", insert=False, update=False, delete=False),
    """
    id guid
    entryNumber int ro
    itemNumber code20 ro
    postingDate date ro
    entryType *itemLedgerEntryType ro
    sourceNumber code20 ro
    sourceType *analysisSourceType ro
    documentNumber code20 ro
    documentType *itemLedgerDocumentType ro
    description text100 ro
    quantity decimal ro
    salesAmountActual decimal ro
    costAmountActual decimal ro
    lastModifiedDateTime instant
    """,
)
