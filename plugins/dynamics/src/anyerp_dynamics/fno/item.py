"""Items: a product that all companies share, released to this one (dynamics sheet §1.3, §1.11)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import AnyErpError, InvalidRecord, OutcomeUnknown, UnexpectedPayload
from anyerp.kits.odata import v4
from anyerp.lens import Changes
from anyerp.wire import dump_json

from anyerp_dynamics.fno.change import Step, in_turn
from anyerp_dynamics.fno.lens.item import ITEM, SHARED, VERSION
from anyerp_dynamics.fno.lens.version import digest
from anyerp_dynamics.fno.service import EntitySet, Row, etag_of, text_of

ITEMS = EntitySet(
    "ReleasedProductsV2",
    "ReleasedProductV2",
    ("ItemNumber",),
    also=("ProductNumber",),
    enums={"ProductType": "EcoResProductType"},
)
PRODUCTS = EntitySet("ProductsV2", "ProductV2", ("ProductNumber",), per_company=False)
_PRODUCT, _NUMBER, _KIND = "ProductNumber", "ItemNumber", "ProductType"
#: The shared product as it was read.
_SEEN = "@anyerp.product"
#: Products asked for by name in one filter, which has no `in`.
_AT_ONCE = 25


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """Released products, with what stands in their products."""
    rows, following = yield from ITEMS.slice(ctx, query, (state or {}).get("after"), ctx.fields())
    yield from _share(ctx, rows)
    return PageAnswer(dump_json({"value": rows}), next={"after": following} if following else None)


def get(ctx: Context, id: str) -> Flow[Row]:
    """One released product, with what stands in its product."""
    row = yield from ITEMS.one(ctx, id)
    yield from _share(ctx, [row])
    return row


def _share(ctx: Context, rows: list[Row]) -> Flow[None]:
    """Put the shared products into released ones: few by their numbers, many by their range.

    Products are as a rule numbered like their items, so that a page's products stand close together.
    """
    missing = sorted({row[_PRODUCT] for row in rows if isinstance(row.get(_PRODUCT), str)})
    fields = tuple(SHARED.values())
    known: dict[str, Row] = {}
    if len(missing) > _AT_ONCE:
        those = f"{_PRODUCT} ge {v4.literal(missing[0])} and {_PRODUCT} le {v4.literal(missing[-1])}"
        found, _ = yield from PRODUCTS.slice(ctx, Query(4 * len(missing)), None, fields, those)
        known = {text_of(row, _PRODUCT): row for row in found}
        missing = [number for number in missing if number not in known]
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        those = " or ".join(f"{_PRODUCT} eq {v4.literal(number)}" for number in part)
        known |= {text_of(row, _PRODUCT): row for row in (yield from PRODUCTS.every(ctx, those, fields))}
    for row in rows:
        product = known.get(str(row.get(_PRODUCT)), {})
        row.update({name: product.get(path) for name, path in SHARED.items()})
        row[_SEEN], row[VERSION] = product, digest(etag_of(each) or "" for each in (row, product))


def find(ctx: Context, key: str) -> Flow[Row | None]:
    """The item whose number is the caller's key."""
    row = yield from ITEMS.look(ctx, key, fields=ctx.fields())
    if row is not None:
        yield from _share(ctx, [row])
    return row


def create(ctx: Context, native: Row) -> Flow[Row]:
    """The product for all companies, unless it is there, then its release to this one; or nothing of both."""
    number = native.get(_NUMBER)
    if not number:
        raise InvalidRecord("an item needs a number, which this ERP does not give", hint="give number= or key=")
    shared = {_PRODUCT: number, **{path: native[name] for name, path in SHARED.items() if name in native}}
    shared |= {name: native[name] for name in (_KIND,) if name in native}
    shared["ProductSearchName"] = str(shared.get("ProductName") or number)[:20]
    ours, lost = yield from _product(ctx, str(number), shared)
    own = {name: value for name, value in native.items() if name[0] != "@" and name != _KIND}
    try:
        yield from ITEMS.add(ctx, {**own, _PRODUCT: number})
    except (OutcomeUnknown, UnexpectedPayload):
        raise  # the item is looked for by its number
    except AnyErpError as error:
        if ours:
            yield from _taken_back(ctx, str(number), error)
        raise
    if lost is not None:
        raise lost  # all is there now, and looking for it says so
    return (yield from get(ctx, str(number)))


def _product(ctx: Context, number: str, shared: Row) -> Flow[tuple[bool, AnyErpError | None]]:
    """Whether the product was made by us, and the error if the answer was lost."""
    there = yield from PRODUCTS.look(ctx, number, fields=tuple(SHARED.values()))
    if there is not None:
        other = [path for path in SHARED.values() if path in shared and there.get(path) != shared[path]]
        if other:
            raise InvalidRecord(
                f"product {number} is there for all companies already, with another {' and '.join(other)}",
                hint="leave name and description out to release it to this company as it is",
            )
        return False, None
    try:
        yield from PRODUCTS.add(ctx, shared)
    except (OutcomeUnknown, UnexpectedPayload) as error:
        if (yield from PRODUCTS.look(ctx, number)) is None:
            raise
        return True, error
    return True, None


def _taken_back(ctx: Context, number: str, error: AnyErpError) -> Flow[None]:
    """Delete the product that was made for an item that was refused; the error says what is left."""
    error.certain = True
    try:
        yield from PRODUCTS.remove(ctx, (number,))
    except AnyErpError:
        error.hint = f"product {number} for all companies is there now, and could not be taken back"
    else:
        error.hint = f"nothing is left of it: product {number} for all companies is taken back"


def update(ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
    """The released product by one PATCH, and the product by another, which changes it for every company."""
    own = {name: value for name, value in changes.own.items() if name[0] != "@"}
    shared = {SHARED[name]: value for name, value in changes.own.items() if name in SHARED}
    steps = [Step(ITEMS, "PATCH", (id,), own, native)] if own else []
    if shared:
        steps.append(Step(PRODUCTS, "PATCH", (text_of(native, _PRODUCT),), shared, native[_SEEN]))
    yield from in_turn(ctx, f"item {id}", steps)


RELEASED_PRODUCTS = Resource(
    lens=ITEM,
    rows="value",
    page=page,
    get=get,
    create=create,
    update=update,
    find=find,
    key_field="number",
    because=dict.fromkeys(("delete", "cancel", "close"), "never: an item is stopped for orders, not deleted"),
)
