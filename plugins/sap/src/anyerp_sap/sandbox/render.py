"""Entities as JSON: `__metadata`, `__deferred`, expanded navigations, escaped slashes of dates (sap sheet §4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from anyerp.wire import dump_json

from anyerp_sap.sandbox.edm import Entity, Property, Row
from anyerp_sap.sandbox.etag import etag_of
from anyerp_sap.sandbox.literals import key_text
from anyerp_sap.sandbox.query import Shape
from anyerp_sap.sandbox.store import Store
from anyerp_sap.sandbox.values import shown

_DATE = re.compile(rb'"/(Date\(-?\d+(?:\+\d{4})?\))/"')


class Renderer:
    """Writes the rows of one answer: service root, namespace, language and store belong to it."""

    def __init__(self, store: Store, namespace: str, root: str, language: str) -> None:
        self.store, self.namespace, self.root, self.language = store, namespace, root, language
        self._empty: dict[int, tuple[dict[str, Any], list[Property]]] = {}

    def uri(self, entity: Entity, row: Row) -> str:
        """Give the address of an entity."""
        return f"{self.root}/{entity.name}({key_text(entity, entity.key_of(row), self.language)})"

    def entity(self, shape: Shape, row: Row) -> dict[str, Any]:
        """Give the JSON object of a row in a shape."""
        entity = shape.entity
        uri = self.uri(entity, row)
        about = {"id": uri, "uri": uri, "type": f"{self.namespace}.{entity.type_name}"}
        if tag := etag_of(entity, row):
            about["etag"] = tag
        result: dict[str, Any] = {"__metadata": about}
        empty, amounts = self._initial(shape)
        result.update(empty)
        for name, value in row.items():
            if name in empty:
                plain = type(value) is str and "m" not in entity.properties[name].flags
                result[name] = value if plain else shown(entity.properties[name], entity, row, self.language)
        for prop in amounts:
            result[prop.name] = shown(prop, entity, row, self.language)
        for navigation in shape.navigations:
            result[navigation.name] = self._navigation(shape, row, navigation.name, uri)
        return result

    def _initial(self, shape: Shape) -> tuple[dict[str, Any], list[Property]]:
        """Give the JSON of an empty row, and the properties whose empty form depends on the row: amounts."""
        known = self._empty.get(id(shape))
        if known is None:
            properties = {p.name: shown(p, shape.entity, {}, self.language) for p in shape.properties}
            amounts = [p for p in shape.properties if p.kind == "D" and p.unit]
            known = self._empty[id(shape)] = (properties, amounts)
        return known

    def _navigation(self, shape: Shape, row: Row, name: str, uri: str) -> Any:
        if name not in shape.expanded:
            return {"__deferred": {"uri": f"{uri}/{name}"}}
        navigation = shape.entity.navigations[name]
        below = shape.expanded[name]
        rows = self.store.related(shape.entity, row, navigation)
        if navigation.many == "*":
            return {"results": [self.entity(below, r) for r in rows]}
        return self.entity(below, rows[0]) if rows else None


def collection(renderer: Renderer, shape: Shape, rows: Sequence[Row], count: int | None, link: str | None) -> bytes:
    """Write a page of rows."""
    body: dict[str, Any] = {} if count is None else {"__count": str(count)}
    body["results"] = [renderer.entity(shape, row) for row in rows]
    if link is not None:
        body["__next"] = link
    return dump({"d": body})


def dump(value: Any) -> bytes:
    r"""Write JSON with the slashes of dates escaped, as the recorded answers have them: `"\/Date(0)\/"`."""
    return _DATE.sub(rb'"\\/\1\\/"', dump_json(value))
