"""Every record type the sandbox serves, by its lower-case name."""

from __future__ import annotations

from anyerp_netsuite.sandbox.field import RecordType
from anyerp_netsuite.sandbox.schema import item, party, purchasing, selling, setup

TYPES: dict[str, RecordType] = {
    one.key: one
    for one in (
        purchasing.PURCHASE_ORDER,
        purchasing.ITEM_RECEIPT,
        purchasing.VENDOR_BILL,
        purchasing.VENDOR_RETURN,
        selling.SALES_ORDER,
        selling.ITEM_FULFILLMENT,
        selling.INVOICE,
        party.VENDOR,
        party.CUSTOMER,
        party.EMPLOYEE,
        item.INVENTORY_ITEM,
        item.LOT_ITEM,
        item.ASSEMBLY_ITEM,
        item.NON_INVENTORY_ITEM,
        item.SERVICE_ITEM,
        item.CHARGE_ITEM,
        setup.SUBSIDIARY,
        setup.LOCATION,
        setup.CURRENCY,
        setup.TERM,
        setup.ACCOUNT,
        setup.UNITS_TYPE,
        setup.DEPARTMENT,
        setup.CLASSIFICATION,
    )
}


def of_family(family: str) -> list[str]:
    """Lower-case names of the record types of a family: `transaction`, `entity`, `item`."""
    return [key for key, one in TYPES.items() if one.family == family]


def targets(target: str) -> list[str]:
    """The record types a reference's target stands for: a family's members, or the type itself."""
    return of_family(target) or [target.lower()]
