"""A body laid over a row: what is unknown is refused, what is the system's is ignored, collections are merged (§13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyerp.wire import load_json

from anyerp_sap.b1.sandbox.edm import Field, Kind, Row, Type
from anyerp_sap.b1.sandbox.errors import bad_payload, invalid, unknown_property
from anyerp_sap.b1.sandbox.values import read

#: Where a row of a collection remembers which properties were sent, for rules that tell 0 from nothing.
GIVEN = "_given"


@dataclass(frozen=True, slots=True)
class Writing:
    """How a body is to be laid on: while creating, everything goes; `replace` drops rows that it does not name."""

    types: Mapping[str, Type]
    creating: bool = False
    replace: bool = False

    def lay(self, type_: Type, row: Row, body: Mapping[str, Any]) -> None:
        """Change the row in place. Raises `Refused` for the first thing that cannot be."""
        for name, value in body.items():
            if "@" in name or name.startswith("odata."):
                continue
            field = type_.fields.get(name)
            if field is None:
                raise unknown_property(name, type_.name)
            if field.computed or (field.fixed and not self.creating):
                continue
            if field.kind is Kind.LIST:
                row[name] = self._rows(field, row[name], value)
            elif field.kind is Kind.PART:
                row[name] = self._part(field, row[name], value)
            else:
                row[name] = read(field, value, type_.name)

    def _part(self, field: Field, old: Row | None, value: Any) -> Row | None:
        if value is None:
            return None
        part = dict(old) if old else self.types[field.of].blank()
        self.lay(self.types[field.of], part, _object(value, field.of))
        return part

    def _rows(self, field: Field, old: list[Row], value: Any) -> list[Row]:
        if not isinstance(value, list):
            raise bad_payload(f"Invalid value for property '{field.name}'")
        rows = [] if self.creating or not field.merge_by else [dict(row) for row in old]
        named: list[Row] = []
        type_ = self.types[field.of]
        for given in value:
            body = _object(given, field.of)
            row = self._existing(field, rows, body)
            if row is None:
                row = type_.blank()
                Writing(self.types, creating=True).lay(type_, row, body)
                if field.numbered:
                    row[field.merge_by] = None
                rows.append(row)
            else:
                self.lay(type_, row, body)
            row[GIVEN] = frozenset(body)
            named.append(row)
        return named if self.replace else rows

    def _existing(self, field: Field, rows: list[Row], body: Mapping[str, Any]) -> Row | None:
        """The row that a body means. A number that the system never gave out is refused: it cannot mean a new row."""
        key = body.get(field.merge_by) if field.merge_by else None
        if key is None or (self.creating and field.numbered):
            return None
        wanted = read(self.types[field.of].fields[field.merge_by], key, field.of)
        found = next((row for row in rows if row[field.merge_by] == wanted), None)
        if found is None and field.numbered:
            raise invalid(f"Invalid row number {wanted} in {field.name}")
        return found


def reset(type_: Type, row: Row, body: Mapping[str, Any]) -> None:
    """What a PUT does first: whatever it does not name goes back to its default, in place."""
    blank = type_.blank()
    for name, field in type_.fields.items():
        if name not in body and not (field.computed or field.fixed):
            row[name] = blank[name]


def parse(content: bytes) -> Mapping[str, Any]:
    """The object in a body. Raises `Refused` when there is none."""
    try:
        body = load_json(content)
    except ValueError as error:
        raise bad_payload("Invalid JSON format in the request body") from error
    return _object(body, "request")


def _object(value: Any, owner: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise bad_payload(f"Invalid value for '{owner}': an object is expected")
    return value
