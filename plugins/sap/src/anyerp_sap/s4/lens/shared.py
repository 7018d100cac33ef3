"""Header fields of an order that SAP keeps on its items: what all items say, and nothing where they differ."""

from __future__ import annotations

from collections.abc import Sequence

from anyerp.lens import text
from anyerp.model import Address, Ref

GONE = ("L", "X")
_ITEMS = "to_PurchaseOrderItem/results/*"
_DELETED = (f"{_ITEMS}/PurchasingDocumentDeletionCode", text(1))
REQUESTER = (_DELETED, (f"{_ITEMS}/RequisitionerName", text(12)))
SHIP_TO = (
    _DELETED,
    (f"{_ITEMS}/DeliveryAddressName", text(40)),
    (f"{_ITEMS}/DeliveryAddressName2", text(40)),
    (f"{_ITEMS}/DeliveryAddressStreetName", text(60)),
    (f"{_ITEMS}/DeliveryAddressHouseNumber", text(10)),
    (f"{_ITEMS}/DeliveryAddressCityName", text(40)),
    (f"{_ITEMS}/DeliveryAddressPostalCode", text(10)),
    (f"{_ITEMS}/DeliveryAddressRegion", text(3)),
    (f"{_ITEMS}/DeliveryAddressCountry", text(3)),
)
Column = Sequence[str | None] | None


def _one(deleted: Column, *columns: Column) -> tuple[str | None, ...] | None:
    """The values that all items have in common; deleted items count only where all are."""
    filled = [column or () for column in columns]
    rows = list(zip(deleted or (), *filled, strict=False))
    standing = [row[1:] for row in rows if row[0] not in GONE] or [row[1:] for row in rows]
    return standing[0] if standing and all(row == standing[0] for row in standing) else None


def requester(deleted: Column, names: Column) -> Ref | None:
    """Who asked for it: a name on each item."""
    found = _one(deleted, names)
    return Ref(name=found[0]) if found and found[0] else None


def ship_to(deleted: Column, *columns: Column) -> Address | None:
    """Where it is to be delivered. Items without an address of their own go to their plant's (sap sheet §12)."""
    found = _one(deleted, *columns)
    if found is None or not any(found):
        return None
    name, more, street, house, city, code, region, country = found
    return Address(
        name=" ".join(part for part in (name, more) if part) or None,
        street=" ".join(part for part in (street, house) if part) or None,
        city=city,
        postal_code=code,
        region=region,
        country=country,
    )
