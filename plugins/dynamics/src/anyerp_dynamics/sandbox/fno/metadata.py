"""The REST metadata service under `/metadata`: what `$metadata` does not say of a field (dynamics sheet §1.1)."""

from __future__ import annotations

import re
from typing import Any

from ..odata import EntitySet, Schema

_KINDS = {"text": "String", "date": "UtcDateTime", "datetime": "UtcDateTime", "decimal": "Real", "int32": "Int32"}
_KINDS |= {"int64": "Int64", "guid": "Guid", "boolean": "Boolean"}


def _entity(entity_set: EntitySet) -> dict[str, Any]:
    return {
        "Name": entity_set.facts.entity,
        "PublicEntityName": entity_set.type.name,
        "PublicCollectionName": entity_set.name,
        "LabelId": entity_set.label,
        "DataServiceEnabled": True,
        "DataManagementEnabled": True,
        "IsReadOnly": entity_set.facts.read_only,
    }


def _public_entity(entity_set: EntitySet, schema: Schema) -> dict[str, Any]:
    properties = [
        {
            "Name": prop.name,
            "TypeName": schema.qualified(prop.type),
            "DataType": _KINDS.get(prop.facts.kind, "Enum"),
            "LabelId": None,
            "IsKey": prop.name in entity_set.type.key,
            "IsMandatory": prop.facts.must or prop.name in entity_set.type.key,
            "AllowEdit": not (prop.facts.read_only or prop.facts.once),
            "AllowEditOnCreate": not prop.facts.read_only,
        }
        for prop in entity_set.type.properties
    ]
    navigations = [
        {
            "Name": navigation.name,
            "RelatedEntity": schema.sets[navigation.target].type.name,
            "Cardinality": "Multiple" if navigation.many else "Single",
        }
        for navigation in entity_set.type.navigations
    ]
    return {
        "Name": entity_set.type.name,
        "EntitySetName": entity_set.name,
        "LabelId": entity_set.label,
        "IsReadOnly": entity_set.facts.read_only,
        "Properties": properties,
        "NavigationProperties": navigations,
        "Actions": [{"Name": action.name} for action in schema.actions if action.bound_to == entity_set.type.name],
    }


def describe(path: str, schema: Schema) -> Any:
    """Give the document at a path under `/metadata/`, or None when there is none."""
    found = re.fullmatch(r"(\w+)(?:\('(\w+)'\))?/?", path)
    if found is None:
        return None
    kind, name = found.groups()
    if kind == "DataEntities" and name is None:
        return {"value": [_entity(entity_set) for entity_set in schema.sets.values()]}
    if kind == "PublicEntities":
        documents = {each.type.name: each for each in schema.sets.values()}
        if name is None:
            return {"value": [_public_entity(each, schema) for each in documents.values()]}
        return _public_entity(documents[name], schema) if name in documents else None
    if kind == "PublicEnumerations" and name in schema.enums:
        members = [{"Name": member, "Value": number} for member, number in schema.enums[name].numbered()]
        return {"Name": name, "LabelId": None, "Members": members}
    return None
