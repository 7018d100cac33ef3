"""`$crossjoin` of a set of documents and their lines: the one way to filter lines (sap sheet §13, Wire).

    $crossjoin(Orders,Orders/DocumentLines)?$expand=Orders($select=DocEntry),Orders/DocumentLines($select=LineNum)
        &$filter=Orders/DocEntry eq Orders/DocumentLines/DocEntry and Orders/DocumentLines/BaseEntry eq 7

The sheet names it; how it is written is own knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from anyerp_sap.b1.sandbox.dialect import Dialect
from anyerp_sap.b1.sandbox.edm import Kind, Row, Type
from anyerp_sap.b1.sandbox.errors import bad_query, unknown_property
from anyerp_sap.b1.sandbox.filters import read_filter
from anyerp_sap.b1.sandbox.values import write
from anyerp_sap.b1.sandbox.world import World

_OPERANDS = re.compile(r"\s*(\w+)\s*,\s*(\w+)/(\w+)\s*")
_EXPAND = re.compile(r"\s*([\w/]+)\(\$select=([^()]*)\)\s*(?:,|\Z)")
_KNOWN = {"$expand", "$filter", "$skip", "$top", "$orderby"}


@dataclass(frozen=True, slots=True)
class Joined:
    """Two operands, a set and the rows inside it: their types by the names that they bear here."""

    head: str
    rows: str
    types: Mapping[str, Type]

    @property
    def type(self) -> Type:
        """One flat type, whose fields are named with their operand."""
        fields = {
            f"{operand}/{name}": replace(field, name=f"{operand}/{name}")
            for operand, type_ in self.types.items()
            for name, field in type_.fields.items()
            if field.plain
        }
        return Type("Joined", fields)

    def pairs(self, documents: list[Row], condition: str) -> list[Row]:
        """Every document with every row in any document: only the condition says which belong together."""
        collection, key = self.rows.partition("/")[2], f"/{self.types[self.head].key}"
        own = f"{self.head}{key} eq {self.rows}{key}" in condition  # then the others need not be made
        inner = [row for document in documents for row in document[collection]]
        return [
            {
                **{f"{self.head}/{name}": value for name, value in document.items()},
                **{f"{self.rows}/{name}": value for name, value in row.items()},
            }
            for document in documents
            for row in (document[collection] if own else inner)
        ]


def joined(text: str, types: Mapping[str, Type], sets: Mapping[str, str]) -> Joined:
    """Read the operands. Raises `Refused`."""
    found = _OPERANDS.fullmatch(text)
    if not found or found[1] != found[2] or found[1] not in sets:
        raise bad_query("Query string error - Invalid crossjoin")
    head = types[sets[found[1]]]
    field = head.fields.get(found[3])
    if field is None or field.kind is not Kind.LIST:
        raise unknown_property(found[3], head.name)
    return Joined(found[1], f"{found[1]}/{found[3]}", {found[1]: head, f"{found[1]}/{found[3]}": types[field.of]})


def answered(world: World, dialect: Dialect, join: Joined, query: str) -> list[dict[str, Any]]:
    """All pairs for which the filter holds, with what was selected of each. Raises `Refused`."""
    options = dict(parse_qsl(query, keep_blank_values=True))
    strange = {name for name in options if name.startswith("$")} - _KNOWN
    if strange:
        raise bad_query(f"Query string error - Unsupported query option '{min(strange)}'")
    selected = _EXPAND.findall(options.get("$expand", ""))
    chosen = {operand: [name.strip() for name in names.split(",")] for operand, names in selected}
    if set(chosen) - set(join.types) or not chosen:
        raise bad_query("Query string error - Invalid expand option")
    for operand, names in chosen.items():
        for name in names:
            if name not in join.types[operand].fields:
                raise unknown_property(name, join.types[operand].name)
    condition = options.get("$filter", "")
    pairs = join.pairs(world.store.rows(join.head), condition)
    if condition:
        holds = read_filter(condition, join.type, old_names=not dialect.modern)
        pairs = [pair for pair in pairs if holds(pair)]
    return [
        {
            operand: {
                name: write(join.types[operand].fields[name], pair[f"{operand}/{name}"], dialect) for name in names
            }
            for operand, names in chosen.items()
        }
        for pair in pairs
    ]
