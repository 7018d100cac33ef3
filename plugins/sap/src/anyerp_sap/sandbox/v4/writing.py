"""Bodies of V4 writes as drafts and changes of the V2 rows behind (sap sheet §5)."""

from __future__ import annotations

from typing import Any

from anyerp.wire import load_json

from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Row, Value
from anyerp_sap.sandbox.errors import SapError, bad_request, say
from anyerp_sap.sandbox.exchange import Exchange
from anyerp_sap.sandbox.store import Store
from anyerp_sap.sandbox.v4.schema import TWINS, Twin
from anyerp_sap.sandbox.v4.values import accepted

#: Currency of an item and unit of a part are copies that the rules make from header and item.
_COPIED: dict[str, tuple[str, ...]] = {
    "PurchaseOrderItem": ("DocumentCurrency",),
    "PurchaseOrderScheduleLine": ("PurchaseOrderQuantityUnit",),
    "PurchaseOrderAccountAssignment": ("OrderQuantityUnit", "DocumentCurrency"),
}


def read_body(exchange: Exchange) -> dict[str, Any]:
    """Read the JSON object of a write. Raises a 415 for another media type, a 400 for what is no object."""
    kind = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise SapError(415, [say("/IWFND/CM_MGW/028", kind)])
    try:
        body = load_json(exchange.content)
    except ValueError as problem:
        raise bad_request("/IWFND/CM_MGW/022", problem) from None
    if not isinstance(body, dict):
        raise bad_request("/IWFND/CM_MGW/022", "an object is expected")
    return body


def read_draft(twin: Twin, body: Any, exchange: Exchange, store: Store, parent: Row | None = None) -> Draft:
    """Read an entity for a create, nested ones included, as one of the V2 set behind."""
    if not isinstance(body, dict):
        raise bad_request("/IWFND/CM_MGW/022", f"an object is expected for '{twin.type_name}'")
    draft = Draft(store.entities[twin.behind], {})
    _need_units(twin, body)
    for name, raw in body.items():
        if name in twin.navigations:
            if not isinstance(raw, list):
                raise bad_request("/IWFND/CM_MGW/022", f"an array is expected for '{name}'", target=name)
            below = TWINS[twin.entity.navigations[name].target]
            draft.children[twin.navigations[name]] = [read_draft(below, one, exchange, store) for one in raw]
        else:
            _put(draft.values, twin, name, raw, exchange, creating=True)
    for name, value in (parent or {}).items():
        if draft.values.setdefault(name, value) != value:
            raise bad_request("/IWFND/CM_MGW/027", name, target=name)
    return draft


def read_changes(twin: Twin, body: dict[str, Any], exchange: Exchange, row: Row) -> Row:
    """Read the values of an update. Nested data is refused; a unit or currency may only be repeated."""
    changes: Row = {}
    _need_units(twin, body)
    for name, raw in body.items():
        if name in twin.entity.navigations:
            raise bad_request("/IWFND/CM_MGW/026", name, target=name)
        _put(changes, twin, name, raw, exchange, creating=False)
    for name in [twin.old(p.name) for p in twin.entity.keys]:
        if name in changes and changes.pop(name) != row.get(name):
            raise bad_request("/IWFND/CM_MGW/027", name, target=name)
    return changes


def _put(values: Row, twin: Twin, name: str, raw: Any, exchange: Exchange, *, creating: bool) -> None:
    prop = twin.entity.properties.get(name)
    if prop is None:
        raise bad_request("/IWFND/CM_MGW/011", name, twin.type_name, target=name)
    if not (prop.creatable if creating else not prop.computed) or name in twin.computed:
        raise bad_request("/IWFND/CM_MGW/025", name, target=name)
    as_text = "ieee754compatible=true" in exchange.headers.get("content-type", "").lower()
    value: Value = accepted(prop, twin, raw, exchange.language, as_text=as_text)
    if name == "ExchangeRate":
        value = format(value, "f") if value else ""
    if name not in _COPIED.get(twin.entity.name, ()):
        values[twin.old(name)] = value


def _need_units(twin: Twin, body: dict[str, Any]) -> None:
    """Refuse a quantity or amount without its unit or currency (sap sheet §5)."""
    for name, value in body.items():
        prop = twin.entity.properties.get(name)
        if prop is not None and prop.unit and value is not None and not body.get(prop.unit):
            raise bad_request("ME/083", f"{prop.unit} of {name}", target=prop.unit)
