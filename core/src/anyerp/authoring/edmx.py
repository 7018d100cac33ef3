"""Entities from OData metadata (`$metadata`, EDMX), V2 and V4. A codec is chosen for how each type travels in JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from anyerp.authoring.entity import Children, Entity, Property
from anyerp.errors import ConfigError

_INTEGERS = {"Byte": (0, 255), "SByte": (-128, 127), "Int16": (-32768, 32767), "Int32": (-(2**31), 2**31 - 1)}


def read(content: bytes) -> dict[str, Callable[[], Entity]]:
    """Entities by the names of their sets (and of types that no set has), each read when asked for.

    Raises `ConfigError` for what is no EDMX.
    """
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise ConfigError("the metadata declares a document type, which EDMX never does")
    try:
        root = fromstring(content)  # noqa: S314 - a document type is refused above
    except ParseError as error:
        raise ConfigError(
            f"the metadata is no XML: {error}", hint="give what the service answers at $metadata"
        ) from None
    metadata = _Metadata(root)
    if not metadata.types:
        raise ConfigError("the metadata describes no entity", hint="give what the service answers at $metadata")
    return metadata.entities()


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attributes(element: Element) -> dict[str, str]:
    """Attributes without their namespaces (`sap:label` as `label`)."""
    return {name.rpartition("}")[2]: value for name, value in element.attrib.items()}


class _Metadata:
    def __init__(self, root: Element) -> None:
        self.types: dict[str, Element] = {}
        self.enums: dict[str, tuple[str, ...]] = {}
        self.sets: dict[str, str] = {}
        self.ends: dict[str, dict[str, tuple[str, str]]] = {}
        for schema in (element for element in root.iter() if _tag(element) == "Schema"):
            spaces = [name for name in (schema.get("Namespace"), schema.get("Alias")) if name]
            for element in schema.iter():
                self._enter(element, spaces)
        # An association or an enumeration is V2's or V4's own; without either the namespace of the document decides.
        self.v2 = "schemas.microsoft.com" in root.tag

    def _enter(self, element: Element, spaces: Iterable[str]) -> None:
        name = element.get("Name", "")
        match _tag(element):
            case "EntityType":
                self.types.update({f"{space}.{name}": element for space in spaces})
            case "EnumType":
                members = tuple(member.get("Name", "") for member in element if _tag(member) == "Member")
                self.enums.update({f"{space}.{name}": members for space in spaces})
            case "EntitySet":
                self.sets[name] = element.get("EntityType", "")
            case "Association":
                ends = {e.get("Role", ""): (e.get("Type", ""), e.get("Multiplicity", "")) for e in element}
                self.ends.update({f"{space}.{name}": ends for space in spaces})

    def entities(self) -> dict[str, Callable[[], Entity]]:
        named = {name: type for name, type in self.sets.items() if type in self.types}
        spoken = {id(self.types[type]) for type in named.values()}
        for type, element in self.types.items():
            if id(element) not in spoken:
                spoken.add(id(element))
                named.setdefault(type.rpartition(".")[2], type)
        return {name: partial(self.entity, name, type) for name, type in named.items()}

    def entity(self, name: str, type: str, *, deep: bool = True) -> Entity:
        members = list(self._members(type))
        keys = tuple(ref.get("Name", "") for part in members if _tag(part) == "Key" for ref in part)
        fields = (self._property(part, keys) for part in members if _tag(part) == "Property")
        lists = tuple(self._lists(members)) if deep else ()
        return Entity(name, keys, tuple(found for found in fields if found is not None), lists)

    def _members(self, type: str) -> Iterator[Element]:
        """The parts of a type and of those it is based on, the base's first."""
        element, seen = self.types.get(type), 0
        chain: list[Element] = []
        while element is not None and seen < 20:
            chain.append(element)
            element, seen = self.types.get(element.get("BaseType", "")), seen + 1
        for one in reversed(chain):
            yield from one

    def _lists(self, members: Iterable[Element]) -> Iterator[Children]:
        for part in members:
            if _tag(part) != "NavigationProperty":
                continue
            name, type = part.get("Name", ""), part.get("Type", "")
            if type.startswith("Collection("):
                target, path = type.removeprefix("Collection(").removesuffix(")"), name
            else:
                target, many = self.ends.get(part.get("Relationship", ""), {}).get(part.get("ToRole", ""), ("", ""))
                path = f"{name}/results"
                if many != "*":
                    continue
            if target in self.types and "/" not in name:
                yield Children(name, path, self.entity(target.rpartition(".")[2], target, deep=False))

    def _property(self, element: Element, keys: tuple[str, ...]) -> Property | None:
        facts = _attributes(element)
        name, type = facts.get("Name", ""), facts.get("Type", "")
        if not name or "/" in name or "=" in name or name.isdecimal():
            return None
        found = self._kind(type, facts)
        if found is None:
            return None
        creatable, updatable = facts.get("creatable") != "false", facts.get("updatable") != "false"
        return Property(
            name,
            read_only=not creatable and not updatable,
            create_only=(creatable and not updatable) or name in keys,
            label=facts.get("label", ""),
            **found,
        )

    def _kind(self, type: str, facts: dict[str, str]) -> dict[str, Any] | None:
        """Kind and codec of a type, as it travels in this version's JSON; None for what no codec here carries."""
        plain = type.removeprefix("Edm.")
        length = _number(facts.get("MaxLength"))
        digits, places = _number(facts.get("Precision")), _number(facts.get("Scale"))
        if type in self.enums:
            return {"kind": "choice", "codec": "text()", "values": self.enums[type]}
        if plain in _INTEGERS:
            low, high = _INTEGERS[plain]
            return {"kind": "integer", "codec": f"integer({low}, {high})"}
        match plain:
            case "String" if facts.get("display-format") == "NonNegative" and length and length <= 9:
                return {"kind": "digits", "codec": f"integer_text({length})", "max_length": length}
            case "String":
                return {"kind": "text", "codec": f"text({length or ''})", "max_length": length or None}
            case "Guid":
                return {"kind": "text", "codec": "text(36)", "max_length": 36}
            case "Boolean":
                return {"kind": "boolean", "codec": "boolean()"}
            case "Decimal":
                whole = digits or 15
                behind = min(places if places is not None else 3, whole)
                as_text = ", as_text=True" if self.v2 else ""
                return {"kind": "decimal", "codec": f"decimal({whole}, {behind}{as_text})"}
            case "Int64":
                return {"kind": "decimal", "codec": "decimal(18, 0, as_text=True)" if self.v2 else "decimal(18, 0)"}
            case "Date":
                return {"kind": "day", "codec": "iso_day()"}
            case "DateTime" if self.v2:
                return {"kind": "day", "codec": "v2.day()"}
            case "DateTimeOffset" if self.v2:
                return {"kind": "instant", "codec": "v2.instant()"}
            case "DateTimeOffset":
                # Where no precision is declared, servers send what they like, whatever the standard's default is.
                finest = "" if digits is None else str(10 ** max(6 - digits, 0))
                return {"kind": "instant", "codec": f"iso_instant({finest})"}
            case _:
                return None


def _number(text: str | None) -> int | None:
    """A facet's number; None for none, and for `max` and `variable`."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 7 else None
