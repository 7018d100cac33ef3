"""The entity table: what a service has, from which `$metadata`, validation, defaults and literals all come.

A table row is written in a short notation, one word per property: `Name:Type[:flags[:unit]]`.

- types: `S10` string of at most 10 (`S` unbounded), `D13.3` decimal, `date`, `dto` and `dto0` stamps
  (Edm.DateTimeOffset of precision 7 and 0), `time`, `B` Boolean, `guid`, `i32`
- flags: `*` key, `!` computed (neither creatable nor updatable), `c` not creatable, `^` mandatory on create,
  `~` not filterable, `s` not sortable, `#` digits only, `U` upper-case only, `A` stored with leading zeros that the API
  hides, `m` a unit of measure (`mi` by its internal code in every language), `$` a currency code
- unit: the property that holds the unit or currency of this one
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

Value = str | Decimal | bool | int | date | datetime | timedelta | None
#: Stored values by property name; a property that is missing has its initial value. Rows are replaced, never changed.
Row = dict[str, Value]
Key = tuple[Value, ...]

#: The Edm type of each kind in the notation.
EDM = {
    "S": "Edm.String",
    "D": "Edm.Decimal",
    "date": "Edm.DateTime",
    "dto": "Edm.DateTimeOffset",
    "time": "Edm.Time",
    "B": "Edm.Boolean",
    "guid": "Edm.Guid",
    "i32": "Edm.Int32",
}
#: What an empty property shows: `""` for text, `"0"` for digits, null only for dates, stamps, times, guids (sheet §4).
_INITIAL: dict[str, Value] = {"S": "", "D": Decimal(0), "B": False, "i32": 0}


@dataclass(frozen=True, slots=True)
class Property:
    """One property of an entity type, with everything that validation and `$metadata` need."""

    name: str
    kind: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    flags: str = ""
    unit: str = ""

    @classmethod
    def parse(cls, word: str) -> Property:
        """One word of the notation."""
        name, shape, flags, unit = (*word.split(":"), "", "")[:4]
        if shape[0] == "S":
            return cls(name, "S", length=int(shape[1:]) if shape[1:] else None, flags=flags, unit=unit)
        if shape[0] == "D":
            precision, scale = shape[1:].split(".")
            return cls(name, "D", precision=int(precision), scale=int(scale), flags=flags, unit=unit)
        precisions = {"date": 0, "time": 0, "dto": 7, "dto0": 0}
        return cls(name, shape.removesuffix("0"), precision=precisions.get(shape), flags=flags, unit=unit)

    @property
    def edm(self) -> str:
        """The Edm type name."""
        return EDM[self.kind]

    @property
    def initial(self) -> Value:
        """The value of an empty property."""
        return "0" if "#" in self.flags else _INITIAL.get(self.kind)

    @property
    def key(self) -> bool:
        """Part of the key."""
        return "*" in self.flags

    @property
    def computed(self) -> bool:
        """Neither creatable nor updatable."""
        return "!" in self.flags

    @property
    def creatable(self) -> bool:
        """May be sent in a POST."""
        return not self.computed and "c" not in self.flags

    @property
    def filterable(self) -> bool:
        """May stand in `$filter`."""
        return "~" not in self.flags

    @property
    def sortable(self) -> bool:
        """May stand in `$orderby`."""
        return "s" not in self.flags

    @property
    def digits(self) -> bool:
        """Text of digits, compared as a number."""
        return "#" in self.flags

    @property
    def upper(self) -> bool:
        """Stored in upper case whatever is sent."""
        return "U" in self.flags and self.kind == "S"

    @property
    def alpha(self) -> bool:
        """Stored with leading zeros; the API shows and accepts it without (sap sheet §10)."""
        return "A" in self.flags

    @property
    def external_unit(self) -> bool:
        """A unit of measure that is shown by the code of the logon language."""
        return "m" in self.flags and "i" not in self.flags

    @property
    def semantics(self) -> str:
        """The `sap:semantics` annotation, or an empty text."""
        return "unit-of-measure" if "m" in self.flags else "currency-code" if "$" in self.flags else ""


@dataclass(frozen=True, slots=True)
class Navigation:
    """A navigation property: target set, multiplicity (`*`, `1`, `0..1`), and the pairs source → target that join.

    `insertable` is false where a POST through this navigation is refused.
    """

    name: str
    target: str
    many: str = "*"
    on: tuple[tuple[str, str], ...] = ()
    insertable: bool = True


def nav(name: str, target: str, on: str, many: str = "*", *, insertable: bool = True) -> Navigation:
    """Make a navigation; `on` is written `"PurchaseOrder PurchaseOrderItem=PurchasingDocumentItem"`."""
    pairs = tuple((word.partition("=")[0], word.partition("=")[2] or word) for word in on.split())
    return Navigation(name, target, many, pairs, insertable)


@dataclass(frozen=True)
class Entity:
    """An entity set with its type (`<set>Type`).

    `etag` says what the entity tag is made of: a stamp or text property's name, `*` for the whole content, empty for
    none. `can` holds the letters of what the set allows: C create, U update, D delete.
    """

    name: str
    properties: dict[str, Property]
    navigations: dict[str, Navigation] = field(default_factory=dict)
    etag: str = ""
    can: str = "CUD"

    @cached_property
    def keys(self) -> tuple[Property, ...]:
        """The key properties, in the order of the key."""
        return tuple(p for p in self.properties.values() if p.key)

    @property
    def type_name(self) -> str:
        """The entity type's name."""
        return self.name + "Type"

    def key_of(self, row: Row) -> Key:
        """Give the key of a row."""
        return tuple(row.get(p.name, p.initial) for p in self.keys)

    def get(self, row: Row, name: str) -> Value:
        """Give a value of a row, initial when it was never set."""
        return row.get(name, self.properties[name].initial)


def entity(name: str, words: str, *navigations: Navigation, etag: str = "", can: str = "CUD") -> Entity:
    """Make a set from its properties in the notation of this module and its navigations."""
    return Entity(name, _properties(words), {n.name: n for n in navigations}, etag, can)


@dataclass(frozen=True)
class Action:
    """A function import that is called by POST with its parameters in the query string (sap sheet §4).

    It gives an entity of `gives`, or, where that names no set, a complex type of that name with these `results`.
    """

    name: str
    gives: str
    parameters: dict[str, Property]
    results: dict[str, Property] = field(default_factory=dict)
    #: Parameters that need not be sent.
    optional: frozenset[str] = frozenset()


def action(name: str, gives: str, parameters: str, results: str = "", optional: str = "") -> Action:
    """Make a function import; parameters and results are written in the notation of this module."""
    return Action(name, gives, _properties(parameters), _properties(results), frozenset(optional.split()))


def _properties(words: str) -> dict[str, Property]:
    return {p.name: p for p in map(Property.parse, words.split())}


@dataclass(frozen=True)
class Service:
    """One OData V2 service: its name, its sets, the component that its errors name, the namespace of its types."""

    name: str
    entities: dict[str, Entity]
    component: str
    namespace: str
    actions: dict[str, Action] = field(default_factory=dict)

    @classmethod
    def of(
        cls, name: str, entities: Iterable[Entity], component: str, namespace: str = "", actions: Iterable[Action] = ()
    ) -> Service:
        """Make a service of some sets; the namespace is mostly the service's name."""
        named = {a.name: a for a in actions}
        return cls(name, {e.name: e for e in entities}, component, namespace or name, named)
