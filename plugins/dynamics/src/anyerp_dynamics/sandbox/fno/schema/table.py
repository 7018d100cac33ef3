"""How an entity table is written down, and how it becomes an entity set with its facts.

A set begins with `@Set Type XppEntity table DataSources "Label" [readonly]`;
`@=Set Type XppEntity "Label" [-Left,Out] Other` is a further version of another set over the same rows. A field is
`Name type words`: `key`; `ro` (neither created nor edited); `once` (only when created); `must`; `sequence` (a number
sequence fills it); `virtual` (computed, not filterable); `>Set` (its value must exist there); `=Value` (its default).
`>Name Set many|one Partner joined,fields` is a navigation.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ...odata import EntitySet, EntityType, EnumType, Navigation, Property

#: What stands for no date and no time (dynamics sheet §1.4).
NO_DATE = datetime(1900, 1, 1, 12, tzinfo=UTC)
NO_TIME = datetime(1900, 1, 1, tzinfo=UTC)
_EDM = {
    "date": "Edm.DateTimeOffset",
    "datetime": "Edm.DateTimeOffset",
    "decimal": "Edm.Decimal",
    "int32": "Edm.Int32",
    "int64": "Edm.Int64",
    "guid": "Edm.Guid",
    "boolean": "Edm.Boolean",
}
_EMPTY: Mapping[str, Any] = {
    "text": "",
    "date": NO_DATE,
    "datetime": NO_TIME,
    "decimal": Decimal(0),
    "int32": 0,
    "int64": 0,
    "guid": "00000000-0000-0000-0000-000000000000",
    "boolean": False,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What the ERP knows of a field beyond its OData type. `size` is its length, which `$metadata` hides."""

    kind: str
    size: int = 0
    read_only: bool = False
    once: bool = False
    must: bool = False
    sequence: bool = False
    virtual: bool = False
    found_in: str | None = None
    default: Any = None


@dataclass(frozen=True, slots=True)
class SetFact:
    """What the ERP knows of a set: its X++ entity, its rows' table, its data sources, whether it has companies."""

    entity: str
    table: str
    sources: tuple[str, ...]
    per_company: bool
    read_only: bool = False
    further: tuple[str, ...] = field(default=())


def _property(line: str, enums: Mapping[str, EnumType]) -> tuple[Property, bool]:
    name, kind, *words = line.split()
    found = re.fullmatch(r"text(\d+)", kind)
    kind, size = ("text", int(found[1])) if found else (kind, 0)
    flags = {word for word in words if word[0] not in ">="}
    pointed = next((word[1:] for word in words if word[0] == ">"), None)
    default = next((word[1:] for word in words if word[0] == "="), None)
    if default is None:
        default = enums[kind].members[0] if kind in enums else _EMPTY[kind]
    fact = Fact(
        kind,
        size,
        read_only="ro" in flags,
        once="once" in flags or "key" in flags,
        must="must" in flags,
        sequence="sequence" in flags,
        virtual="virtual" in flags,
        found_in=pointed,
        default=default,
    )
    edm = "Edm.String" if kind == "text" else _EDM.get(kind, kind)
    nullable = "key" not in flags and (edm in ("Edm.String", "Edm.Boolean") or kind in enums)
    return Property(name, edm, nullable, facts=fact), "key" in flags


def _navigation(line: str) -> Navigation:
    name, target, arity, partner, joined = line[1:].split()
    names = joined.split(",")
    return Navigation(
        name, target, arity == "many", dict(zip(names, names, strict=True)), None if partner == "-" else partner
    )


def _further(line: str, known: Mapping[str, EntitySet]) -> EntitySet:
    name, type_name, entity, label, *rest = shlex.split(line[2:])
    other = known[rest[-1]]
    left_out = set(rest[0][1:].split(",")) if len(rest) > 1 else set()
    kept = tuple(prop for prop in other.type.properties if prop.name not in left_out)
    key = tuple(part for part in other.type.key if part not in left_out)
    fact: SetFact = other.facts
    return EntitySet(
        name,
        EntityType(type_name, kept, key),
        label,
        SetFact(entity, fact.table, fact.sources, fact.per_company, fact.read_only, (other.name,)),
    )


def _paragraphs(text: str) -> Iterator[list[str]]:
    for part in re.split(r"\n\s*\n|\n(?=@)", text.strip()):
        yield [line for line in part.splitlines() if line.strip()]


def read_table(text: str, enums: Mapping[str, EnumType]) -> dict[str, EntitySet]:
    """Give the entity sets of a table text, by name. Further versions have no navigations of their own."""
    sets: dict[str, EntitySet] = {}
    for head, *lines in _paragraphs(text):
        if head.startswith("@="):
            made = _further(head, sets)
        else:
            name, type_name, entity, table, sources, label, *flags = shlex.split(head[1:])
            fields = [_property(line, enums) for line in lines if not line.startswith(">")]
            navigations = tuple(_navigation(line) for line in lines if line.startswith(">"))
            key = tuple(prop.name for prop, is_key in fields if is_key)
            fact = SetFact(entity, table, tuple(sources.split(",")), "dataAreaId" in key, "readonly" in flags)
            made = EntitySet(
                name, EntityType(type_name, tuple(prop for prop, _ in fields), key, navigations), label, fact
            )
        sets[made.name] = made
    return sets
