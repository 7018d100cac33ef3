"""What a type is made of: fields with their kind, length, default and the flags that rules and metadata read.

A type is written as a small table of text, one field a line: `name kind flags… =default`.

    CardCode     text:15          key fixed
    CardType     enum:BoCardTypes =cCustomer
    BPAddresses  list:BPAddress   merge:RowNum

Kinds: text, int, number (Edm.Double), date, time, enum:Name, list:Type, part:Type. Flags: `ro` (the system's own: what
a client sends is ignored in silence, sap sheet §13), `fixed` (taken on creation, ignored later), `key`, and for a
collection how a PATCH finds its rows: `merge:A` by a number that the system gives out, `rows:A` by a natural key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

Row = dict[str, Any]


class Kind(StrEnum):
    """What a value is: Business One knows no other."""

    TEXT = "text"
    INT = "int"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    ENUM = "enum"
    LIST = "list"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Field:
    """One property: name, kind, the enum or type it is `of`, text length, default, who may set it, how rows match."""

    name: str
    kind: Kind
    of: str = ""
    length: int = 0
    default: Any = None
    computed: bool = False
    fixed: bool = False
    merge_by: str = ""
    numbered: bool = False

    @property
    def plain(self) -> bool:
        """Whether it holds one value: only such a field can be filtered or sorted by."""
        return self.kind not in (Kind.LIST, Kind.PART)


@dataclass(frozen=True, slots=True)
class Type:
    """A type with its fields in the order of the wire, its key, and its associations (name → target set, own field)."""

    name: str
    fields: Mapping[str, Field]
    key: str = ""
    associations: Mapping[str, tuple[str, str]] | None = None

    @property
    def etagged(self) -> bool:
        """Whether its entities carry an etag: those with a version counter (documents, items, partners; §13)."""
        return "DataVersion" in self.fields

    def blank(self) -> Row:
        """A row with every field at its default."""
        return {name: [] if field.kind is Kind.LIST else field.default for name, field in self.fields.items()}


def record(name: str, table: str, associations: Mapping[str, tuple[str, str]] | None = None) -> Type:
    """Read a type from its table."""
    fields: dict[str, Field] = {}
    key = ""
    for line in table.strip().splitlines():
        words, _, default = line.partition("=")
        field_name, kind, *flags = words.split()
        fields[field_name] = field(field_name, kind, flags, default.strip())
        if "key" in flags:
            key = field_name
    return Type(name, fields, key, associations)


def field(name: str, kind: str, flags: list[str], default: str = "") -> Field:
    """One field of a table; also how a user field is made."""
    which, _, detail = kind.partition(":")
    how, _, merge_by = next((flag for flag in flags if ":" in flag), "").partition(":")
    return Field(
        name,
        Kind(which),
        of=detail if which in ("enum", "list", "part") else "",
        length=int(detail) if which == "text" and detail else 0,
        default=_default(Kind(which), default),
        computed="ro" in flags,
        fixed="fixed" in flags,
        merge_by=merge_by,
        numbered=how == "merge",
    )


def _default(kind: Kind, text: str) -> Any:
    if kind is Kind.NUMBER:
        return Decimal(text or "0")
    if not text:
        return None
    return int(text) if kind is Kind.INT else text
