"""Business rules: every save and every deletion passes through here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from anyerp_netsuite.sandbox.field import Ref, Shape, Values
from anyerp_netsuite.sandbox.problem import Problem, user_error
from anyerp_netsuite.sandbox.rule import follow_up, master, order
from anyerp_netsuite.sandbox.schema import TYPES, of_family
from anyerp_netsuite.sandbox.store import Record, Store

Rule = Callable[[Store, Record, Record | None], None]
RULES: dict[str, Rule] = {
    "purchaseorder": order.purchase_order,
    "salesorder": order.sales_order,
    "itemreceipt": follow_up.movement,
    "itemfulfillment": follow_up.movement,
    "vendorbill": follow_up.priced,
    "invoice": follow_up.priced,
    "vendorreturnauthorization": follow_up.priced,
    "vendor": master.party,
    "customer": master.party,
    "employee": master.employee,
    **dict.fromkeys(of_family("item"), master.item),
}


def save(store: Store, draft: Record) -> Record:
    """Settle a draft by its type's rules and store it; nothing changes when a rule refuses. Raises `Problem`."""
    kind = draft.type
    old = store.find(kind.key, draft.id)
    external = draft.values.get("externalId")
    twin = store.by_external(kind.key, external) if external else None
    if twin is not None and twin is not old:
        raise user_error("This record already exists.", "externalId")
    _falsify(kind.shape, draft.values)
    if old is not None:
        follow_up.apply(store, old, -1)
    try:
        RULES.get(kind.key, master.listed)(store, draft, old)
        follow_up.check(store, draft)
    except Problem:
        if old is not None:
            follow_up.apply(store, old, +1)
        raise
    store.put(draft)
    follow_up.apply(store, draft, +1)
    return draft


def delete(store: Store, record: Record) -> None:
    """Delete a record that nothing depends on. Raises `Problem`."""
    dependent = store.links_from(record.ref) or (record.type.family != "transaction" and _is_used(store, record.ref))
    if dependent:
        raise user_error("This record cannot be deleted because it has dependent records.")
    follow_up.apply(store, record, -1)
    store.remove(record)
    store.stock = {key: one for key, one in store.stock.items() if record.ref not in _stocked(key)}


def _stocked(key: tuple[str, str]) -> tuple[Ref, ...]:
    """The item and the location that a stock row is about."""
    item, location = key
    return (*(Ref(kind, item) for kind in of_family("item")), Ref("location", location))


def blank(store: Store, kind: str) -> Record:
    """A new, empty record with its internal id."""
    return Record(TYPES[kind], store.new_id(TYPES[kind].id_space), {})


def _falsify(shape: Shape, values: Values) -> None:
    """A box nobody ticked is false, in lines too."""
    for known in shape.fields:
        if known.kind == "boolean" and not known.read_only and known.name != "itemReceive":
            values.setdefault(known.name, False)
        elif known.kind == "sublist" and known.name != "locations":
            for line in values.get(known.name, ()):
                _falsify(known.nested, line)


def _is_used(store: Store, ref: Ref) -> bool:
    return any(ref in _refs(one.values) for kind in of_family("transaction") for one in store.all(kind))


def _refs(value: Any) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _refs(one)
    elif isinstance(value, list):
        for one in value:
            yield from _refs(one)
