"""Items: one table in SuiteQL, some twenty record types in the record service (netsuite sheet §3, §4)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, absent, choice, decimal, text
from anyerp.model import Item

from anyerp_netsuite.codec import key
from anyerp_netsuite.lens.common import CREATED, STAMPS
from anyerp_netsuite.suiteql import Table
from anyerp_netsuite.units import unit

_KIND = choice(
    {"InvtPart": "goods", "Service": "service"},
    otherwise="other",
    also={"NonInvtPart": "goods", "Assembly": "goods", "Kit": "goods"},
)
_STATUS = choice({False: "active", True: "inactive"}, also={"F": "active", "T": "inactive"}, native=object)
_WEIGHT_UNIT = choice({"1": "LBR", "2": "ONZ", "3": "KGM", "4": "GRM"})

ITEM = Lens(Item, (
    *STAMPS,
    CREATED,
    Map("number", "itemId", text(60), create_only=True),
    Map("name", "displayName", text(60)),
    Map("description", "purchaseDescription", text(999)),
    # The kind chooses the record type; `native_kind` says NonInvtPart, Assembly and the like.
    Map("kind", "itemType/id", _KIND, native="native_kind", create_only=True),
    Map("status", "isInactive", _STATUS),
    Map("unit", "stockUnit/refName", unit(), native="native_unit", create_only=True),
    Map("purchase_unit", "purchaseUnit/refName", unit(), native="native_purchase_unit"),
    Map("gtin", "upcCode", text(60)),
    Map("group", "class/refName", text(60)),
    Map("cost", "cost", decimal(15, 8)),
    Map("gross_weight", "weight", decimal(15, 5)),
    Map("weight_unit", "weightUnit/id", _WEIGHT_UNIT),
    # Accounts that an account without defaults wants for a new item, by internal id.
    Map("extra.incomeAccount", "incomeAccount/id", key(), create_only=True),
    Map("extra.expenseAccount", "expenseAccount/id", key(), create_only=True),
    Map("extra.assetAccount", "assetAccount/id", key(), create_only=True),
    Map("extra.cogsAccount", "cogsAccount/id", key(), create_only=True),
    Map("extra.taxSchedule", "taxSchedule/id", key(), create_only=True),
    *absent("upstream: prices stand in price levels, by currency and quantity", "price"),
    *absent("never: a cost is in the base currency of the subsidiary that buys", "currency"),
    *absent("never: an item has one weight, of what is shipped", "net_weight"),
    *absent("never: an item is in use or not, without a word for it", "native_status"),
    *absent("upstream: whether an item may be bought follows from its record type", "purchasable"),
))  # fmt: skip

ITEMS = Table(
    source="item i",
    id="i.id",
    alias="i",
    changed="i.lastmodifieddate",
    link="common/item/item.nl",
    records=(
        *("inventoryItem", "assemblyItem", "kitItem", "nonInventoryPurchaseItem", "nonInventorySaleItem"),
        *("nonInventoryResaleItem", "servicePurchaseItem", "serviceSaleItem", "serviceResaleItem"),
        *("otherChargePurchaseItem", "otherChargeSaleItem", "otherChargeResaleItem"),
    ),
    columns={
        # These columns are not among those that are known of this table.
        "weight": None,
        "weightUnit/id": None,
        "cogsAccount/id": None,
        "taxSchedule/id": None,
    },
)
