"""The schema room: enumerations, entity types, sets and actions, written down once.

Metadata, validation, defaults, literals and JSON all come from these tables. A row is a plain `dict` from property
name to a Python value (`Row`): `str` for Edm.String, Edm.Guid (lower case, hyphenated) and enumeration members, `bool`,
`int`, `Decimal`, `float` (Edm.Double), aware UTC `datetime`, `date`. Keys of a row that are no property of its type
stay inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .error import ODataError

Row = dict[str, Any]

INTEGERS = {"Edm.Byte": 8, "Edm.Int16": 16, "Edm.Int32": 32, "Edm.Int64": 64}
NUMBERS = frozenset({*INTEGERS, "Edm.Decimal", "Edm.Double"})


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enumeration: its members in order. `values` gives their integers where they are not positional."""

    name: str
    members: tuple[str, ...]
    values: tuple[int, ...] = ()

    def numbered(self) -> list[tuple[str, int]]:
        """Members with their integers."""
        return list(zip(self.members, self.values or range(len(self.members)), strict=True))


@dataclass(frozen=True, slots=True)
class Property:
    """A property. `type` is `Edm.X`, or the bare name of an enumeration of the schema.

    `facts` is the product's own knowledge (read-only, mandatory, default ...): this room never looks inside.
    """

    name: str
    type: str = "Edm.String"
    nullable: bool = True
    max_length: int | None = None
    facts: Any = None


@dataclass(frozen=True, slots=True)
class Navigation:
    """A navigation to rows of another set, joined by equal values: `join` is {own property: property over there}."""

    name: str
    target: str
    many: bool = True
    join: Mapping[str, str] = field(default_factory=dict)
    partner: str | None = None
    contained: bool = False


@dataclass(frozen=True)
class EntityType:
    """An entity type: its properties, key in URL order, and navigations."""

    name: str
    properties: tuple[Property, ...]
    key: tuple[str, ...]
    navigations: tuple[Navigation, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Property]:
        """Properties by name."""
        return {prop.name: prop for prop in self.properties}

    @cached_property
    def to(self) -> Mapping[str, Navigation]:
        """Navigations by name."""
        return {navigation.name: navigation for navigation in self.navigations}

    def key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Give the key of a row, in URL order."""
        return tuple(row[name] for name in self.key)


@dataclass(frozen=True, slots=True)
class EntitySet:
    """An entity set. `label` is what a person reads; `facts` belongs to the product."""

    name: str
    type: EntityType
    label: str = ""
    facts: Any = None


@dataclass(frozen=True, slots=True)
class Action:
    """An action bound to a type (or to its collection); `parameters` and `returns` are Edm type names."""

    name: str
    bound_to: str
    collection: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    returns: str | None = None


@dataclass(frozen=True)
class Schema:
    """One namespace with its enumerations, sets (types come with them) and actions."""

    namespace: str
    sets: Mapping[str, EntitySet]
    enums: Mapping[str, EnumType] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    container: str = "Resources"

    def entity_set(self, name: str) -> EntitySet:
        """Give the set of that name. Raises `unknown_resource` (404)."""
        try:
            return self.sets[name]
        except KeyError:
            raise ODataError("unknown_resource", f"Resource not found for the segment '{name}'.", status=404) from None

    def qualified(self, type_name: str) -> str:
        """Give a type name as metadata and error texts write it."""
        return type_name if "." in type_name else f"{self.namespace}.{type_name}"

    def find_property(self, entity_type: EntityType, name: str) -> Property:
        """Give the property of that name. Raises `unknown_property` with the text of Microsoft's OData library."""
        try:
            return entity_type.by_name[name]
        except KeyError:
            raise ODataError(
                "unknown_property",
                f"Could not find a property named '{name}' on type '{self.qualified(entity_type.name)}'.",
                field=name,
            ) from None
