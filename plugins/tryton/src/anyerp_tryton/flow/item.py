"""Items: a variant and its template, made and changed in one call (wire §20)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import InvalidRecord, Problem
from anyerp.lens import Changes

from anyerp_tryton import rpc
from anyerp_tryton.flow.lookup import Problems
from anyerp_tryton.flow.table import Table
from anyerp_tryton.flow.values import Flat, Part, by_code, flat, one_of
from anyerp_tryton.flow.write import Owner, guarded, made
from anyerp_tryton.lens.common import inner
from anyerp_tryton.lens.gtin import IDENTIFIERS, KIND, first
from anyerp_tryton.lens.item import ALSO, ITEM

TEMPLATE = Owner("product.template", "template")
TABLE = Table(
    "product.product", ALSO, archives=True, hidden=True, stamps=("last_modified_at", "template.last_modified_at")
)
_LISTS = {"identifiers": "product.identifier"}
#: What a variant has for itself; all else that is written stands on its template.
_OWN = ("active", "description", "cost_price", "identifiers", "suffix_code")
_PRICE, _ARCHIVED = "list_price_used", "template./active"
#: Fields of the template by ours, for messages.
_SAID = {
    "code": "number",
    "type": "kind",
    "active": "status",
    "default_uom": "unit",
    "purchase_uom": "purchase_unit",
    "account_category": "group",
    "list_price": "price",
}
_NUMBERING, _SEQUENCES = "numbering", ("template_sequence", "product_sequence")


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The item whose code is the key; Tryton keeps the codes of active products unique."""
    return (yield from TABLE.find(ctx, ["code", "=", key.strip()]))


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Make a template with its one variant in one call."""
    own, shared = yield from _parts(ctx, flat(native), {})
    if shared.get("code") is not None:
        yield from _may_be_numbered(ctx)
    _units_for_use(shared, native)
    shared["products"] = [["create", [own]]]
    return (yield from made(ctx, TABLE, shared, owner=TEMPLATE))


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """Write the variant, and its template with it where that is concerned; what other variants share is refused."""
    own, shared = yield from _parts(ctx, dict(changes.fields), native)
    if shared and _has_siblings(native):
        _without_template(own, shared, native)
    if not shared:
        if own:
            yield from guarded(ctx, TABLE, id, native, "write", own, lists=_LISTS)
        return
    _units_for_use(shared, native)
    if own:
        shared["products"] = [["write", [native["id"]], own]]
    yield from guarded(ctx, TABLE, id, native, "write", shared, lists=_LISTS, owner=TEMPLATE)


def delete(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Delete the variant, and the template with its last one. Tryton says no where one is in use."""
    last = not _has_siblings(native)
    yield from guarded(ctx, TABLE, id, native, "delete", owner=TEMPLATE if last else None)


def _parts(ctx: Context, values: Flat, native: dict[str, Any]) -> Flow[tuple[Flat, Flat]]:
    """The values of the variant and of the template, ids in the place of symbols and names."""
    part, problems = Part("", values), Problems()
    yield from by_code(ctx, [part], "default_uom./symbol", "product.uom", "unit", problems)
    yield from by_code(ctx, [part], "purchase_uom./symbol", "product.uom", "purchase_unit", problems)
    yield from by_code(
        ctx, [part], "account_category./name", "product.category", "group", problems, ["accounting", "=", True]
    )
    problems.demand()
    if IDENTIFIERS in values:
        present, wanted = first(native.get(IDENTIFIERS) or []), first(values.pop(IDENTIFIERS) or [])
        values["identifiers"] = one_of(
            None if wanted is None else wanted["code"],
            None if present is None else present["id"],
            "code",
            {"type": KIND},
        )
    own = {name: values.pop(name) for name in _OWN if name in values}
    if _ARCHIVED in values:
        values["active"] = values.pop(_ARCHIVED)
    if _PRICE in values:
        price = values.pop(_PRICE)
        if native.get("list_price") is None:
            values["list_price"] = price
        else:  # the variant has a price of its own, before the template's
            own["list_price"] = price
            if price is None:
                values["list_price"] = None
    if "code" in values and native.get("suffix_code"):
        own["suffix_code"] = None
    return own, values


def _has_siblings(native: dict[str, Any]) -> bool:
    """Whether the template has further variants, archived ones included."""
    return bool(set(native["template."]["products"]) - {native["id"]})


def _without_template(own: Flat, shared: Flat, native: dict[str, Any]) -> None:
    """Keep a change to the one variant. Raises `InvalidRecord` naming what would change for its siblings too."""
    if "list_price" in shared:
        own["list_price"] = shared.pop("list_price")
    if "active" in shared and (not shared["active"] or native["template."].get("active")):
        del shared["active"]
    prefix, number = native.get("prefix_code") or "", shared.get("code")
    if number is not None and number.startswith(prefix):
        own["suffix_code"] = number.removeprefix(prefix) or None
        del shared["code"]
    if shared:
        why = f"{TEMPLATE.model} {native['template.']['id']} has further variants, for which it would change too"
        problems = [
            Problem(f"{(said := _SAID.get(name, name))} <-> template.{name}: {why}", f"/{said}", "not_representable")
            for name in shared
        ]
        raise InvalidRecord(problems[0].message, problems=problems, hint="change the product itself in Tryton")


def _units_for_use(shared: Flat, native: dict[str, Any]) -> None:
    """What may be bought (or, by a table of the host's own, sold) needs a unit for that: the one it is counted in."""
    counted = shared.get("default_uom", inner(native, "default_uom.", "id"))
    for unit, flag in (("purchase_uom", "purchasable"), ("sale_uom", "salable")):
        if shared.get(flag) and shared.get(unit) is None and inner(native, f"{unit}.", "id") is None:
            shared[unit] = counted


def _may_be_numbered(ctx: Context) -> Flow[None]:
    """Raises `InvalidRecord` where Tryton numbers by a sequence, which it would put behind a number of ours (wire §20).

    Looked up once for a connection.
    """
    if _NUMBERING not in ctx.memory:
        rows = yield from rpc.rows(ctx, "product.configuration", [], _SEQUENCES, 1)
        ctx.memory[_NUMBERING] = [name for name in _SEQUENCES if rows and rows[0][name] is not None]
    if found := ctx.memory[_NUMBERING]:
        message = f"number <-> code: this Tryton numbers products itself (product.configuration: {', '.join(found)})"
        problem = Problem(message, "/number", "not_representable")
        raise InvalidRecord(message, problems=[problem], hint="give neither number nor key")


ITEMS = Resource(
    lens=ITEM,
    rows="result",
    page=TABLE.page,
    get=TABLE.get,
    create=create,
    update=update,
    delete=delete,
    find=find,
    key_field="number",
    updated_since="native",
    because=dict.fromkeys(("cancel", "close"), "never: these are for documents"),
)
