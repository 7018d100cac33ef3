"""Vendors and customers: one row each, numbered by the company's sequence (dynamics sheet §1.7, §1.11)."""

from __future__ import annotations

from typing import TypeVar

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import NotFound
from anyerp.lens import Changes, Lens
from anyerp.model.base import Record

from anyerp_dynamics.fno.lens.customer import CUSTOMER
from anyerp_dynamics.fno.lens.vendor import VENDOR
from anyerp_dynamics.fno.saga import key_path
from anyerp_dynamics.fno.service import EntitySet, Row, etag_of

R = TypeVar("R", bound=Record)
KEPT = dict.fromkeys(("delete", "cancel", "close"), "never: an account is put on hold, not deleted")
HOLD = {"OnHoldStatus": "CustVendorBlocked"}


def accounts(lens: Lens[R], entity_set: EntitySet, *, keyless: str | None = None) -> Resource[R]:
    """A resource whose records are single rows with a number of the company's sequence: vendors and customers.

    `keyless` is why no field can carry the caller's key.
    """
    number = entity_set.key[0]

    def get(ctx: Context, id: str) -> Flow[Row]:
        return (yield from entity_set.one(ctx, id))

    def create(ctx: Context, native: Row) -> Flow[Row]:
        made = yield from entity_set.add(ctx, native)
        return (yield from get(ctx, str(made[number])))

    def update(ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
        yield from entity_set.change(ctx, (id,), changes.own, etag_of(native))

    def find(ctx: Context, key: str) -> Flow[Row | None]:
        path = key_path(ctx)
        if path is None:
            raise NotFound("no field carries the key: the overlay maps external_reference away")
        rows = yield from entity_set.carrying(ctx, path, key)
        return (yield from get(ctx, str(rows[0][number]))) if rows else None

    return Resource(
        lens=lens,
        rows="value",
        page=entity_set.page,
        get=get,
        create=create,
        update=update,
        find=None if keyless else find,
        because=KEPT | ({"find": keyless} if keyless else {}),
    )


#: Without a key nothing is found again, so that a lost answer to a creation stays unknown.
NO_KEY = "upstream: a customer has no free text that could carry a key"

VENDORS = accounts(VENDOR, EntitySet("VendorsV3", "VendorV3", ("VendorAccountNumber",), enums=HOLD))
CUSTOMERS = accounts(CUSTOMER, EntitySet("CustomersV3", "CustomerV3", ("CustomerAccount",), enums=HOLD), keyless=NO_KEY)
