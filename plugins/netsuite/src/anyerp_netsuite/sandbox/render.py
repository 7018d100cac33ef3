"""Records on their way out: links, references, enumerations, and what stays folded (netsuite sheet §3)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from anyerp_netsuite.sandbox.derive import present
from anyerp_netsuite.sandbox.field import Field, Ref, Shape, Values
from anyerp_netsuite.sandbox.problem import not_found
from anyerp_netsuite.sandbox.store import Record, Store


@dataclass(frozen=True)
class Renderer:
    """Renders for one call. `base` is the record service's URL; `only` are the lower-case names of `fields=`."""

    store: Store
    base: str
    expand: bool = False
    simple_enums: bool = False
    only: Collection[str] = ()

    def record(self, record: Record, query: str = "") -> dict[str, Any]:
        """A whole record. Its self link repeats the query."""
        href = f"{self.base}/{record.type.key}/{record.id}"
        body = self._object(record.type.shape, present(self.store, record), href, self.only)
        return {"id": record.id, "links": self_link(href + (f"?{query}" if query else "")), **body}

    def part(self, record: Record, path: list[str]) -> dict[str, Any]:
        """What a folded sublist or subrecord's link leads to, such as `item/3/inventoryDetail`."""
        shape, values = record.type.shape, present(self.store, record)
        href = f"{self.base}/{record.type.key}/{record.id}"
        while True:
            known = shape.find(path[0])
            if known is None or known.kind not in ("sublist", "subrecord", "multiselect"):
                raise not_found()
            href, shape = f"{href}/{known.name}", known.element or shape
            value: Any = values.get(known.name) or ([] if known.kind != "subrecord" else {})
            path = path[1:]
            if known.kind == "multiselect":
                return self._multiselect(value, href)
            if known.kind == "sublist":
                if not path:
                    return self._lines(known, value, href)
                found = [line for line in value if _line_id(shape, line) == path[0]]
                if not found:
                    raise not_found()
                value, href, path = found[0], f"{href}/{path[0]}", path[1:]
            if not path:
                return {"links": self_link(href), **self._object(shape, value, href)}
            values = value

    def _object(self, shape: Shape, values: Values, href: str, only: Collection[str] = ()) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for known in shape.fields:
            if only and known.name.lower() not in only:
                continue
            value = values.get(known.name)
            if known.kind in ("sublist", "subrecord"):
                if known.kind == "sublist" or value is not None:
                    shown[known.name] = self._nested(known, value or [], f"{href}/{known.name}")
            elif value is not None:  # a field without a value is absent
                shown[known.name] = self._value(known, value, f"{href}/{known.name}")
        return shown

    def _nested(self, known: Field, value: Any, href: str) -> dict[str, Any]:
        if not self.expand:
            return {"links": self_link(href)}
        if known.kind == "subrecord":
            return {"links": self_link(href), **self._object(known.nested, value or {}, href)}
        return self._lines(known, value, href)

    def _lines(self, known: Field, lines: list[Values], href: str) -> dict[str, Any]:
        """A sublist: only `items`, `links`, `totalResults`; the lines themselves only when expanded."""
        items = []
        for line in lines:
            where = f"{href}/{_line_id(known.nested, line)}"
            items.append(
                {"links": self_link(where), **(self._object(known.nested, line, where) if self.expand else {})}
            )
        return {"links": self_link(href), "items": items, "totalResults": len(items)}

    def _multiselect(self, refs: list[Ref], href: str) -> dict[str, Any]:
        return {
            "links": self_link(href),
            "count": len(refs),
            "hasMore": False,
            "items": [self._reference(ref, "self") for ref in refs],
            "offset": 0,
            "totalResults": len(refs),
        }

    def _reference(self, ref: Ref, style: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": ref.id, "refName": self.store.label(ref)}
        if style != "none":
            shown["links"] = self_link(f"{self.base}/{ref.kind}/{ref.id}") if style == "self" else []
        return shown

    def _value(self, known: Field, value: Any, href: str) -> Any:
        match known.kind:
            case "reference":
                return self._reference(value, known.links)
            case "multiselect":
                return self._multiselect(value, href)
            case "enum":
                label = known.values.get(value, value)
                id = label if known.label_as_id else value
                return id if self.simple_enums else {"id": id, "refName": label}
            case "number":
                return _number(Decimal(value), fraction=known.name == "amount")
            case "date" | "datetime":
                return iso(value)
            case _:
                return value


def self_link(href: str) -> list[dict[str, str]]:
    """`links` with one self link."""
    return [{"rel": "self", "href": href}]


def iso(value: date | datetime) -> str:
    """A date as `YYYY-MM-DD`, an instant in UTC as `YYYY-MM-DDTHH:MM:SSZ`."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def _number(value: Decimal, *, fraction: bool) -> int | Decimal:
    """Whole numbers without a point, except amounts of lines (netsuite sheet, samples/purchase_order_expanded.json)."""
    if value == value.to_integral_value():
        return Decimal(f"{int(value)}.0") if fraction else int(value)
    return Decimal(format(value.normalize(), "f"))


def _line_id(shape: Shape, line: Values) -> str:
    value = line.get(shape.key[0], "") if shape.key else ""
    return value.id if isinstance(value, Ref) else str(value)
