"""What a company's own `$metadata` says: the properties of each type, user fields (`U_...`) included (sap sheet §13).

The document is big and the same for as long as nobody adds a field, so it is read once, by patterns of its regular
form and not as a tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_TYPE = re.compile(r"<(EntityType|ComplexType)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_PROPERTY = re.compile(r"<Property\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")

#: User fields begin so.
CUSTOM = "U_"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Properties of each type, with the names of their own types (`BoYesNoEnum`, `Edm.String`)."""

    types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, document: str) -> Metadata:
        """Read a metadata document; what it does not name is not there."""
        found = {}
        for _, head, body in _TYPE.findall(document):
            properties = [dict(_ATTRIBUTE.findall(each)) for each in _PROPERTY.findall(body)]
            name = dict(_ATTRIBUTE.findall(head)).get("Name", "")
            found[name] = {each.get("Name", ""): each.get("Type", "").rpartition("SAPB1.")[2] for each in properties}
        return cls(found)

    def has(self, type_name: str, name: str) -> bool:
        """Whether a type has a property. Of a type that is not described nothing is known, and all is believed."""
        properties = self.types.get(type_name)
        return properties is None or name in properties

    def custom(self, type_name: str) -> dict[str, str]:
        """The user fields of a type and their types."""
        return {name: of for name, of in self.types.get(type_name, {}).items() if name.startswith(CUSTOM)}
