"""Request bodies: from JSON to typed values, nested for a deep insert (sap sheet §4). Everything unfit is a 400."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anyerp.wire import load_json

from anyerp_sap.sandbox.edm import Entity, Row, Value
from anyerp_sap.sandbox.errors import SapError, bad_request, say
from anyerp_sap.sandbox.exchange import Exchange
from anyerp_sap.sandbox.values import accepted


@dataclass
class Draft:
    """An entity to be: the values that were sent, and the entities nested in it by navigation."""

    entity: Entity
    values: Row
    children: dict[str, list[Draft]] = field(default_factory=dict)

    def get(self, name: str) -> Value:
        """Give a value, initial when it was not sent."""
        return self.values.get(name, self.entity.properties[name].initial)


def read_body(exchange: Exchange) -> dict[str, Any]:
    """Read the JSON object of a write. Raises a 415 for another media type, a 400 for what is no object.

    The real system takes Atom entries as well; the sandbox does not.
    """
    media_type = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise SapError(415, [say("/IWFND/CM_MGW/028", media_type)])
    try:
        body = load_json(exchange.content)
    except ValueError as problem:
        raise bad_request("/IWFND/CM_MGW/022", problem) from None
    if isinstance(body, dict) and set(body) == {"d"}:
        body = body["d"]
    if not isinstance(body, dict):
        raise bad_request("/IWFND/CM_MGW/022", "an object is expected")
    return body


def read_draft(entity: Entity, entities: Mapping[str, Entity], body: Any, language: str) -> Draft:
    """Read an entity for a create, nested ones included."""
    if not isinstance(body, dict):
        raise bad_request("/IWFND/CM_MGW/022", f"an object is expected for '{entity.type_name}'")
    draft = Draft(entity, {})
    for name, raw in body.items():
        if name in entity.navigations:
            nested = _nested(name, raw, entity.navigations[name].many == "*")
            target = entities[entity.navigations[name].target]
            if nested is not None:
                draft.children[name] = [read_draft(target, entities, one, language) for one in nested]
        elif name != "__metadata":
            draft.values[name] = _value(entity, name, raw, language, creating=True)
    return draft


def read_changes(entity: Entity, body: Mapping[str, Any], row: Row, language: str) -> Row:
    """Read the values of an update. Nested data is refused; a key may only repeat the address."""
    changes: Row = {}
    for name, raw in body.items():
        if name == "__metadata" or (name in entity.navigations and _nested(name, raw, many=True) is None):
            continue
        if name in entity.navigations:
            raise bad_request("/IWFND/CM_MGW/026", name, target=name)
        value = _value(entity, name, raw, language, creating=False)
        if not entity.properties[name].key:
            changes[name] = value
        elif value != entity.get(row, name):
            raise bad_request("/IWFND/CM_MGW/027", name, target=name)
    return changes


def _value(entity: Entity, name: str, raw: Any, language: str, *, creating: bool) -> Value:
    prop = entity.properties.get(name)
    if prop is None:
        raise bad_request("/IWFND/CM_MGW/011", name, entity.type_name, target=name)
    if not (prop.creatable if creating else not prop.computed):
        raise bad_request("/IWFND/CM_MGW/025", name, target=name)
    return accepted(prop, raw, language)


def _nested(name: str, raw: Any, many: bool) -> list[Any] | None:
    """Give the nested entities: an array, `{"results": [...]}`, or one object; None for null and `__deferred`."""
    if raw is None or (isinstance(raw, dict) and "__deferred" in raw):
        return None
    if not many:
        return [raw]
    if isinstance(raw, dict) and "results" in raw:
        raw = raw["results"]
    if not isinstance(raw, list):
        raise bad_request("/IWFND/CM_MGW/022", f"an array is expected for '{name}'", target=name)
    return raw
