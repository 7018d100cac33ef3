"""Items: products, each part written by its own request (sap sheet §12)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.kits.odata import v2
from anyerp.lens import Changes

from anyerp_sap.s4 import header
from anyerp_sap.s4.lens.item import ENGLISH, ITEM, OTHER_TEXT
from anyerp_sap.s4.service import EntitySet, new_key, rewritten
from anyerp_sap.s4.step import Step, add, in_turn
from anyerp_sap.s4.vendor import KEPT

SERVICE = "API_PRODUCT_SRV"
_TEXTS = "to_Description"
PRODUCTS = EntitySet(
    SERVICE,
    "A_Product",
    ("Product",),
    called="product",
    changed="LastChangeDateTime",
    beside=(f"{_TEXTS}/results/*/ProductDescription",),
    lacks=frozenset({OTHER_TEXT}),
)
TEXTS = EntitySet(SERVICE, "A_ProductDescription", ("Product", "Language"))
Row = dict[str, Any]


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page of products."""
    answer = yield from PRODUCTS.page(ctx, query, state)
    return rewritten(answer, PRODUCTS, _named, state)


def get(ctx: Context, id: str) -> Flow[Row]:
    """One product."""
    return _named((yield from PRODUCTS.one(ctx, Product=id)))


def find(ctx: Context, key: str) -> Flow[Row | None]:
    """The product of a number; numbers are kept in capitals."""
    found = yield from PRODUCTS.first(ctx, f"Product eq {v2.literal(key.upper())}")
    return None if found is None else _named(found)


def _texts(product: Row) -> list[Row]:
    return (product.get(_TEXTS) or {}).get("results") or []


def _named(product: Row) -> Row:
    """A product without an English text with the first one that it has."""
    texts = _texts(product)
    if texts and all(text.get("Language") != "EN" for text in texts):
        product["_anyerp"] = {"text": texts[0].get("ProductDescription")}
    return product


def create(ctx: Context, native: Row) -> Flow[Row]:
    """A product with its English text; the system gives the number where none is given."""
    product = copy.deepcopy(native)
    product.pop("_anyerp", None)
    (number,) = new_key((yield from PRODUCTS.add(ctx, product)), "Product")
    return (yield from get(ctx, number))


def update(ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
    """The product by one PATCH, its text by another: nesting is refused. Products have no etag."""
    yield from in_turn(ctx, "product", _steps(id, native, changes))


def _steps(id: str, native: Row, changes: Changes) -> Iterator[Step]:
    if changes.own:
        yield Step(PRODUCTS, "PATCH", PRODUCTS.at(Product=id), changes.own, native)
    text = changes.under(ENGLISH)
    if text and any(one.get("Language") == "EN" for one in _texts(native)):
        yield Step(TEXTS, "PATCH", TEXTS.at(Product=id, Language="EN"), text)
    elif text:
        yield add(TEXTS, {"Product": id, "Language": "EN", **text}, TEXTS.at(Product=id, Language="EN"))


ITEMS = Resource(
    lens=ITEM,
    given=header.given,
    rows="d/results",
    page=page,
    get=get,
    create=create,
    update=update,
    find=find,
    key_field="number",
    updated_since="native",
    because=KEPT,
)
