"""`$metadata` and the service document, made from the same tables that validate and render; user fields included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from anyerp_sap.b1.sandbox.dialect import Dialect
from anyerp_sap.b1.sandbox.edm import Field, Kind, Type
from anyerp_sap.b1.sandbox.enums import ENUMS
from anyerp_sap.b1.sandbox.rules.action import ACTIONS
from anyerp_sap.b1.sandbox.schema import SETS

_PLAIN = {
    Kind.TEXT: "Edm.String",
    Kind.INT: "Edm.Int32",
    Kind.NUMBER: "Edm.Double",
    Kind.DATE: "Edm.DateTimeOffset",
    Kind.TIME: "Edm.TimeOfDay",
}
_V4 = ("4.0", "http://docs.oasis-open.org/odata/ns/edmx", "http://docs.oasis-open.org/odata/ns/edm")
_V3 = ("1.0", "http://schemas.microsoft.com/ado/2007/06/edmx", "http://schemas.microsoft.com/ado/2009/11/edm")


def service_document(dialect: Dialect, root: str) -> dict[str, Any]:
    """The entity sets by name."""
    sets = [{"name": name, "kind": "EntitySet", "url": name} for name in SETS]
    return {dialect.context: f"{root}/$metadata", "value": sets}


def edmx(types: Mapping[str, Type], dialect: Dialect) -> bytes:
    """The metadata document of a version."""
    version, wrapper, schema = _V4 if dialect.modern else _V3
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<edmx:Edmx Version="{version}" xmlns:edmx="{wrapper}"><edmx:DataServices>',
        f'<Schema Namespace="SAPB1" xmlns="{schema}">',
        *(_enum(name, members) for name, members in ENUMS.items()),
        *(_type(type_, dialect) for type_ in types.values()),
        *(_action(name) for name in ACTIONS if dialect.modern),
        '<EntityContainer Name="ServiceLayer">',
        *(f'<EntitySet Name="{name}" EntityType="SAPB1.{type_}"/>' for name, type_ in SETS.items()),
        "</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>",
    ]
    return "".join(parts).encode()


def _enum(name: str, members: Mapping[str, str]) -> str:
    inner = "".join(f'<Member Name="{member}" Value={quoteattr(code)}/>' for member, code in members.items())
    return f'<EnumType Name="{name}">{inner}</EnumType>'


def _type(type_: Type, dialect: Dialect) -> str:
    element = "EntityType" if type_.key else "ComplexType"
    key = f'<Key><PropertyRef Name="{type_.key}"/></Key>' if type_.key else ""
    fields = "".join(_property(field, type_, dialect) for field in type_.fields.values())
    links = "".join(
        f'<NavigationProperty Name="{name}" Type="SAPB1.{name}"/>'
        for name in (type_.associations or {})
        if dialect.modern
    )
    return f'<{element} Name="{type_.name}">{key}{fields}{links}</{element}>'


def _property(field: Field, type_: Type, dialect: Dialect) -> str:
    kind = _PLAIN.get(field.kind, f"SAPB1.{field.of}")
    if field.kind is Kind.DATE and not dialect.modern:
        kind = "Edm.DateTime"
    if field.kind is Kind.LIST:
        kind = f"Collection({kind})"
    length = f' MaxLength="{field.length}"' if field.length else ""
    nullable = ' Nullable="false"' if field.name == type_.key else ""
    return f'<Property Name="{field.name}" Type="{kind}"{length}{nullable}/>'


def _action(name: str) -> str:
    return f'<Action Name="{name}" IsBound="true"><Parameter Name="Document" Type="SAPB1.Document"/></Action>'
