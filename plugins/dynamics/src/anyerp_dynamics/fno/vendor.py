"""Vendors and customers: one row each, numbered by the company's sequence (dynamics sheet §1.7, §1.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from anyerp.connector import BatchAnswer, Context, Flow, Resource
from anyerp.lens import Changes, Lens
from anyerp.model.base import Record

from anyerp_dynamics.fno import bulk
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

    def find_many(ctx: Context, keys: Sequence[str]) -> Flow[Mapping[str, Row]]:
        found: dict[str, Row] = {}
        for key, id in (yield from bulk.carrying(ctx, entity_set, key_path(ctx), keys)).items():
            found[key] = yield from get(ctx, str(id))
        return found

    def find(ctx: Context, key: str) -> Flow[Row | None]:
        return (yield from find_many(ctx, (key,))).get(key)

    def create_batch(ctx: Context, natives: Sequence[Row]) -> Flow[Sequence[BatchAnswer]]:
        return (yield from bulk.create(ctx, entity_set, natives))

    return Resource(
        lens=lens,
        rows="value",
        page=entity_set.page,
        get=get,
        create=create,
        update=update,
        find=None if keyless else find,
        find_many=None if keyless else find_many,
        create_batch=create_batch,
        because=KEPT | ({"find": keyless} if keyless else {}),
    )


#: Without a key nothing is found again, so that a lost answer to a creation stays unknown.
NO_KEY = "upstream: a customer has no free text that could carry a key"

VENDOR_SET = EntitySet(
    "VendorsV3",
    "VendorV3",
    ("VendorAccountNumber",),
    enums=HOLD,
    older=EntitySet("VendorsV2", "VendorV2", ("VendorAccountNumber",), enums=HOLD),
)
VENDORS = accounts(VENDOR, VENDOR_SET)
CUSTOMERS = accounts(CUSTOMER, EntitySet("CustomersV3", "CustomerV3", ("CustomerAccount",), enums=HOLD), keyless=NO_KEY)
