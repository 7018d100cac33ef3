"""What a record is made of: one table of fields from which validation, answers and the metadata catalog all come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "reference",
    "enum",
    "multiselect",
    "sublist",
    "subrecord",
]
Values = dict[str, Any]
#: A reference's `links`: the usual self link, an empty array (incoTerm), or no such key (customForm). Sheet §3.
LinkStyle = Literal["self", "empty", "none"]


class Ref(NamedTuple):
    """A reference held in the store: lower-case record type and internal id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `length` counts characters; `target` is a record type, or `item`/`entity` for any of the family."""

    name: str
    kind: Kind
    length: int | None = None
    target: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    element: Shape | None = None
    required: bool = False
    read_only: bool = False
    links: LinkStyle = "self"
    label_as_id: bool = False
    format: str = ""

    @property
    def custom(self) -> bool:
        """Whether the field is the account's own."""
        return self.name.startswith("cust")

    @property
    def nested(self) -> Shape:
        """The shape of a sublist's line or of a subrecord."""
        assert self.element is not None
        return self.element


class Shape:
    """The fields of a record, of a sublist's line or of a subrecord. `key` names what identifies a line."""

    def __init__(self, name: str, *fields: Field, key: tuple[str, ...] = ()) -> None:
        self.name = name
        self.fields = fields
        self.key = key
        self._by_name = {one.name.lower(): one for one in fields}

    def find(self, name: str) -> Field | None:
        """The field of that name, whatever its case (netsuite sheet §3: names are matched case-insensitively)."""
        return self._by_name.get(name.lower())


@dataclass(frozen=True)
class RecordType:
    """A record type: its name in URLs, what people call it, and its name among SuiteQL's transaction types."""

    name: str
    label: str
    shape: Shape
    family: Literal["transaction", "entity", "item", "list"] = "list"
    sql_type: str = ""
    #: The field that a reference shows as `refName`.
    shown: str = "name"
    #: Prefix of `tranId`, for transactions.
    prefix: str = ""

    @property
    def key(self) -> str:
        """The lower-case name, as links and the store spell it."""
        return self.name.lower()

    @property
    def id_space(self) -> str:
        """Transactions, entities and items each share one run of internal ids."""
        return self.key if self.family == "list" else self.family


def text(name: str, length: int | None = None, *, required: bool = False, read_only: bool = False) -> Field:
    """A string field."""
    return Field(name, "text", length, required=required, read_only=read_only)


def integer(name: str, *, read_only: bool = False) -> Field:
    """A whole number (`int64`)."""
    return Field(name, "integer", read_only=read_only, format="int64")


def number(name: str, *, read_only: bool = False) -> Field:
    """A price, rate or amount (`double`)."""
    return Field(name, "number", read_only=read_only, format="double")


def quantity(name: str, *, read_only: bool = False) -> Field:
    """A quantity (`float`)."""
    return Field(name, "number", read_only=read_only, format="float")


def boolean(name: str, *, read_only: bool = False) -> Field:
    """JSON true or false; false unless given."""
    return Field(name, "boolean", read_only=read_only)


def day(name: str, *, read_only: bool = False) -> Field:
    """A date, `YYYY-MM-DD`."""
    return Field(name, "date", read_only=read_only, format="date")


def instant(name: str, *, read_only: bool = False) -> Field:
    """A UTC instant, `YYYY-MM-DDTHH:MM:SSZ`."""
    return Field(name, "datetime", read_only=read_only, format="date-time")


def ref(
    name: str, target: str = "", *, required: bool = False, read_only: bool = False, links: LinkStyle = "self"
) -> Field:
    """A reference to a record type (by default the one of the field's own name)."""
    return Field(name, "reference", target=target or name, required=required, read_only=read_only, links=links)


def enum(name: str, values: Mapping[str, str], *, read_only: bool = False, label_as_id: bool = False) -> Field:
    """An enumeration; `values` maps each id to its `refName`."""
    return Field(name, "enum", values=values, read_only=read_only, label_as_id=label_as_id)


def multiselect(name: str, target: str, *, read_only: bool = False) -> Field:
    """Many references in one field."""
    return Field(name, "multiselect", target=target, read_only=read_only)


def sublist(name: str, element: Shape, *, read_only: bool = False) -> Field:
    """A sublist of lines."""
    return Field(name, "sublist", element=element, read_only=read_only)


def subrecord(name: str, element: Shape) -> Field:
    """A subrecord, such as an address."""
    return Field(name, "subrecord", element=element)
