"""The fields that a V4 service names in its own `$metadata`, in the form in which those of V2 are kept (sheet §1)."""

from __future__ import annotations

import re

from anyerp_sap.s4.metadata import Metadata

_TYPE = re.compile(r"<EntityType\b([^>]*)>(.*?)</EntityType>", re.DOTALL)
_MEMBER = re.compile(r"<(Property|NavigationProperty)\b([^>]*)>")
_SET = re.compile(r"<EntitySet\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")


def read(document: str) -> Metadata:
    """Read a V4 metadata document: navigations name the type that they lead to."""
    found = Metadata()
    for head, body in _TYPE.findall(document):
        name = _attributes(head).get("Name", "")
        properties, navigations = found.properties.setdefault(name, {}), found.navigations.setdefault(name, {})
        for tag, text in _MEMBER.findall(body):
            member = _attributes(text)
            if tag == "Property":
                properties[member.get("Name", "")] = member.get("Type", "")
            else:
                navigations[member.get("Name", "")] = _local(member.get("Type", ""))
    for entity_set in map(_attributes, _SET.findall(document)):
        found.sets[entity_set.get("Name", "")] = _local(entity_set.get("EntityType", ""))
    return found


def _attributes(text: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text))


def _local(name: str) -> str:
    return name.removesuffix(")").rpartition(".")[2]
