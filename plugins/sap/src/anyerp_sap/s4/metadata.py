"""What a system's own `$metadata` says: the fields of each entity set, also through its navigation (sap sheet §1).

Installed versions differ in hundreds of fields. The document is big and wanted rarely, so it is read by patterns of
its regular form and not as a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_TYPE = re.compile(r"<EntityType\b([^>]*)>(.*?)</EntityType>", re.DOTALL)
_PROPERTY = re.compile(r"<Property\b([^>]*)>")
_NAVIGATION = re.compile(r"<NavigationProperty\b([^>]*)>")
_ASSOCIATION = re.compile(r"<Association\b([^>]*)>(.*?)</Association>", re.DOTALL)
_END = re.compile(r"<End\b([^>]*)>")
_SET = re.compile(r"<EntitySet\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")


def _attributes(text: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text))


def _local(name: str) -> str:
    return name.rpartition(".")[2]


#: Names of navigations, and the properties (with their types) to be gathered there.
Plan = list[tuple[list[str], dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Metadata:
    """Properties (with their types) and navigations (to theirs) of each entity type, and the type of each set.

    `plans` is what was found in it for a set and the fields that are read, so that each is looked for once.
    """

    properties: dict[str, dict[str, str]] = field(default_factory=dict)
    navigations: dict[str, dict[str, str]] = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)
    plans: dict[tuple[str, tuple[str, ...]], Plan] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, document: str) -> Metadata:
        """Read a V2 metadata document; what it does not name is not there."""
        found = cls()
        ends: dict[tuple[str, str], str] = {}
        for head, body in _ASSOCIATION.findall(document):
            association = _attributes(head).get("Name", "")
            for end in map(_attributes, _END.findall(body)):
                ends[association, end.get("Role", "")] = _local(end.get("Type", ""))
        for head, body in _TYPE.findall(document):
            name = _attributes(head).get("Name", "")
            of = map(_attributes, _PROPERTY.findall(body))
            found.properties[name] = {one.get("Name", ""): one.get("Type", "") for one in of}
            links = map(_attributes, _NAVIGATION.findall(body))
            found.navigations[name] = {
                link["Name"]: ends.get((_local(link.get("Relationship", "")), link.get("ToRole", "")), "")
                for link in links
                if "Name" in link
            }
        for entity_set in map(_attributes, _SET.findall(document)):
            found.sets[entity_set.get("Name", "")] = _local(entity_set.get("EntityType", ""))
        return found

    def has(self, entity_set: str, names: Iterable[str]) -> bool:
        """Whether a set has the property at the end of these names, through the navigations before it."""
        *through, last = names
        return last in self._below(entity_set, through)

    def custom(self, entity_set: str, through: Iterable[str], prefix: str) -> dict[str, str]:
        """The properties that begin so, with their types, of a set or of what its navigations lead to."""
        return {name: of for name, of in self._below(entity_set, through).items() if name.startswith(prefix)}

    def _below(self, entity_set: str, through: Iterable[str]) -> dict[str, str]:
        kind = self.sets.get(entity_set, "")
        for name in through:
            kind = self.navigations.get(kind, {}).get(name, "")
        return self.properties.get(kind, {})
