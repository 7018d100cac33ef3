"""`$metadata` of the V4 service, written from its table: names, types, lengths, nullability, navigations."""

from __future__ import annotations

import hashlib
from functools import cache
from xml.sax.saxutils import quoteattr

from anyerp_sap.sandbox.edm import Navigation, Property
from anyerp_sap.sandbox.v4.schema import NAMESPACE, TWINS, Twin

_EDM = {"S": "Edm.String", "D": "Edm.Decimal", "date": "Edm.Date", "dto": "Edm.DateTimeOffset", "B": "Edm.Boolean"}


@cache
def metadata() -> tuple[bytes, str]:
    """Write the document, with its etag."""
    types = "".join(_type(twin) for twin in TWINS.values())
    sets = "".join(
        f'<EntitySet Name="{name}" EntityType="{NAMESPACE}.{twin.type_name}"/>' for name, twin in TWINS.items()
    )
    content = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" '
        'xmlns="http://docs.oasis-open.org/odata/ns/edm" Version="4.0"><edmx:DataServices>'
        f'<Schema Namespace="{NAMESPACE}" Alias="SAP__self">{types}'
        f'<EntityContainer Name="Container">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
    ).encode()
    return content, f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def _type(twin: Twin) -> str:
    keys = "".join(f'<PropertyRef Name="{p.name}"/>' for p in twin.entity.keys)
    properties = "".join(_property(twin, p) for p in twin.entity.properties.values())
    links = "".join(_navigation(n) for n in twin.entity.navigations.values())
    return f'<EntityType Name="{twin.type_name}"><Key>{keys}</Key>{properties}{links}</EntityType>'


def _property(twin: Twin, prop: Property) -> str:
    facts = {
        "Name": prop.name,
        "Type": _EDM[prop.kind],
        "Nullable": None if prop.kind in ("date", "dto") else "false",
        "MaxLength": prop.length,
        "Precision": prop.precision or None,
        "Scale": "variable" if prop.name in twin.amounts else prop.scale or None,
    }
    said = " ".join(f"{name}={quoteattr(str(value))}" for name, value in facts.items() if value is not None)
    return f"<Property {said}/>"


def _navigation(navigation: Navigation) -> str:
    target = f"{NAMESPACE}.{TWINS[navigation.target].type_name}"
    kind = f"Collection({target})" if navigation.many == "*" else target
    return f'<NavigationProperty Name="{navigation.name}" Type="{kind}"/>'
