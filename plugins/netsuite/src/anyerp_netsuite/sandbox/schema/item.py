"""Items: one shape, many record types."""

from __future__ import annotations

from anyerp_netsuite.sandbox.field import (
    Field,
    RecordType,
    Shape,
    boolean,
    enum,
    integer,
    multiselect,
    number,
    quantity,
    ref,
    sublist,
    text,
)
from anyerp_netsuite.sandbox.schema.common import ITEM_KINDS, stamps


def _common() -> tuple[Field, ...]:
    return (
        *stamps(),
        text("itemId", 60, required=True),
        text("displayName", 60),
        text("purchaseDescription", 999),
        text("salesDescription", 999),
        text("description", read_only=True),
        text("upcCode", 60),
        text("mpn", 60),
        text("manufacturer", 60),
        text("vendorName", 60),
        enum("itemType", ITEM_KINDS, read_only=True),
        boolean("isInactive"),
        multiselect("subsidiary", "subsidiary"),
        ref("department"),
        ref("class", "classification"),
        ref("location"),
        ref("currency", read_only=True),
        number("cost"),
        number("lastPurchasePrice", read_only=True),
        ref("unitsType"),
        text("purchaseUnit"),
        text("saleUnit"),
        text("stockUnit"),
        ref("incomeAccount", "account"),
        ref("taxSchedule"),
        integer("leadTime"),
        text("custitem_hs_code", 12),
    )


def _vendors(owner: str) -> Field:
    return sublist(
        "itemVendor",
        Shape(
            f"{owner}-itemVendorElement",
            ref("vendor", required=True),
            ref("subsidiary"),
            text("vendorCode", 60),
            number("purchasePrice"),
            boolean("preferredVendor"),
            key=("vendor",),
        ),
    )


def _locations(owner: str) -> Field:
    return sublist(
        "locations",
        Shape(
            f"{owner}-locationsElement",
            ref("location"),
            integer("locationId", read_only=True),
            text("location_display", read_only=True),
            quantity("quantityOnHand", read_only=True),
            quantity("quantityAvailable", read_only=True),
            quantity("quantityOnOrder", read_only=True),
            quantity("quantityInTransit", read_only=True),
            quantity("quantityCommitted", read_only=True),
            quantity("reorderPoint"),
            quantity("preferredStockLevel"),
            key=("location",),
        ),
    )


def _stocked(owner: str) -> tuple[Field, ...]:
    return (
        ref("assetAccount", "account"),
        ref("cogsAccount", "account"),
        number("averageCost", read_only=True),
        boolean("isLotItem", read_only=True),
        boolean("isSerialItem", read_only=True),
        boolean("useBins"),
        boolean("trackLandedCost"),
        boolean("matchBillToReceipt"),
        quantity("weight"),
        enum("weightUnit", {"1": "lb", "2": "oz", "3": "kg", "4": "g"}),
        quantity("reorderPoint"),
        quantity("quantityOnHand", read_only=True),
        quantity("quantityAvailable", read_only=True),
        quantity("quantityOnOrder", read_only=True),
        _locations(owner),
    )


def _item(name: str, label: str, sql_type: str, *, stocked: bool) -> RecordType:
    fields = (*_common(), _vendors(name), *(_stocked(name) if stocked else (ref("expenseAccount", "account"),)))
    return RecordType(name, label, Shape(name, *fields), family="item", sql_type=sql_type, shown="itemId")


INVENTORY_ITEM = _item("inventoryItem", "Inventory Item", "InvtPart", stocked=True)
LOT_ITEM = _item("lotNumberedInventoryItem", "Lot Numbered Inventory Item", "InvtPart", stocked=True)
ASSEMBLY_ITEM = _item("assemblyItem", "Assembly", "Assembly", stocked=True)
NON_INVENTORY_ITEM = _item("nonInventoryPurchaseItem", "Non-inventory Item for Purchase", "NonInvtPart", stocked=False)
SERVICE_ITEM = _item("servicePurchaseItem", "Service for Purchase", "Service", stocked=False)
CHARGE_ITEM = _item("otherChargePurchaseItem", "Other Charge for Purchase", "OthCharge", stocked=False)
