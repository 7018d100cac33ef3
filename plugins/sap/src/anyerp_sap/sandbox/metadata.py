"""`$metadata` and the service document, written from the entity table (sap sheet §4, head)."""

from __future__ import annotations

import hashlib
from functools import cache
from xml.sax.saxutils import quoteattr

from anyerp.wire import dump_json

from anyerp_sap.sandbox.edm import Action, Entity, Navigation, Property, Service
from anyerp_sap.sandbox.schema import SERVICES

_EDMX = (
    '<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"'
    ' xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
    ' xmlns:sap="http://www.sap.com/Protocols/SAPData"><edmx:DataServices m:DataServiceVersion="2.0">'
)
_ANNOTATIONS = 'xmlns="http://docs.oasis-open.org/odata/ns/edm"'


@cache
def metadata(name: str) -> tuple[bytes, str]:
    """Write the document of a service, with its etag."""
    service = SERVICES[name]
    parts = ['<?xml version="1.0" encoding="utf-8"?>', _EDMX]
    schema = "http://schemas.microsoft.com/ado/2008/09/edm"
    parts.append(f'<Schema Namespace="{service.namespace}" xmlns="{schema}" xml:lang="en" sap:schema-version="1">')
    parts += [_entity_type(service, e) for e in service.entities.values()]
    parts += [_complex_type(a) for a in service.actions.values() if a.results]
    links = [(e, n) for e in service.entities.values() for n in e.navigations.values()]
    parts += [_association(service, e, n) for e, n in links]
    parts.append(
        f'<EntityContainer Name="{service.namespace}_Entities" m:IsDefaultEntityContainer="true"'
        ' sap:supported-formats="atom json">'
    )
    parts += [_entity_set(service, e) for e in service.entities.values()]
    parts += [_function(service, a) for a in service.actions.values()]
    parts += [_association_set(service, e, n) for e, n in links]
    parts.append("</EntityContainer>")
    parts += [_concurrency(service, e) for e in service.entities.values() if e.etag]
    parts += [_mandatory(service, e, p) for e in service.entities.values() for p in e.properties.values()]
    parts.append("</Schema></edmx:DataServices></edmx:Edmx>")
    content = "".join(parts).encode()
    return content, f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def _entity_type(service: Service, entity: Entity) -> str:
    keys = "".join(f'<PropertyRef Name="{p.name}"/>' for p in entity.keys)
    properties = "".join(_property(p) for p in entity.properties.values())
    navigations = "".join(
        f'<NavigationProperty Name="{n.name}" Relationship="{service.namespace}.{_link(entity, n)}"'
        f' FromRole="FromRole_{_link(entity, n)}" ToRole="ToRole_{_link(entity, n)}"/>'
        for n in entity.navigations.values()
    )
    head = f'<EntityType Name="{entity.type_name}" sap:content-version="1"><Key>{keys}</Key>'
    return f"{head}{properties}{navigations}</EntityType>"


def _property(prop: Property) -> str:
    facts: dict[str, object] = {
        "Name": prop.name,
        "Type": prop.edm,
        "Nullable": "false" if prop.key else None,
        "MaxLength": prop.length,
        "Precision": prop.precision,
        "Scale": prop.scale,
        "sap:display-format": _display(prop),
        "sap:unit": prop.unit or None,
        "sap:semantics": prop.semantics or None,
        "sap:creatable": None if prop.creatable else "false",
        "sap:updatable": "false" if prop.computed else None,
        "sap:filterable": None if prop.filterable else "false",
        "sap:sortable": None if prop.sortable else "false",
    }
    return f"<Property {_attributes(facts)}/>"


def _display(prop: Property) -> str | None:
    if prop.kind == "date":
        return "Date"
    return "NonNegative" if prop.digits else "UpperCase" if prop.upper else None


def _attributes(facts: dict[str, object]) -> str:
    return " ".join(f"{name}={quoteattr(str(value))}" for name, value in facts.items() if value is not None)


def _link(entity: Entity, navigation: Navigation) -> str:
    return "assoc_" + hashlib.sha256(f"{entity.name}/{navigation.name}".encode()).hexdigest()[:32].upper()


def _association(service: Service, entity: Entity, navigation: Navigation) -> str:
    link = _link(entity, navigation)
    target = service.entities[navigation.target]
    return (
        f'<Association Name="{link}" sap:content-version="1">'
        f'<End Type="{service.namespace}.{entity.type_name}" Multiplicity="1" Role="FromRole_{link}"/>'
        f'<End Type="{service.namespace}.{target.type_name}" Multiplicity="{navigation.many}" Role="ToRole_{link}"/>'
        "</Association>"
    )


def _association_set(service: Service, entity: Entity, navigation: Navigation) -> str:
    link = _link(entity, navigation)
    return (
        f'<AssociationSet Name="{link}" Association="{service.namespace}.{link}" sap:content-version="1"'
        ' sap:creatable="false" sap:updatable="false" sap:deletable="false">'
        f'<End EntitySet="{entity.name}" Role="FromRole_{link}"/>'
        f'<End EntitySet="{navigation.target}" Role="ToRole_{link}"/></AssociationSet>'
    )


def _entity_set(service: Service, entity: Entity) -> str:
    flags = {"C": "sap:creatable", "U": "sap:updatable", "D": "sap:deletable"}
    closed = "".join(f' {name}="false"' for letter, name in flags.items() if letter not in entity.can)
    head = f'<EntitySet Name="{entity.name}" EntityType="{service.namespace}.{entity.type_name}"'
    return f'{head}{closed} sap:content-version="1"/>'


def _complex_type(action: Action) -> str:
    return f'<ComplexType Name="{action.gives}">{"".join(map(_property, action.results.values()))}</ComplexType>'


def _function(service: Service, action: Action) -> str:
    returned = service.entities.get(action.gives)
    facts: dict[str, object] = {
        "Name": action.name,
        "ReturnType": f"{service.namespace}.{returned.type_name if returned else action.gives}",
        "EntitySet": action.gives if returned else None,
        "m:HttpMethod": "POST",
    }
    parameters = "".join(_parameter(p, optional=p.name in action.optional) for p in action.parameters.values())
    return f"<FunctionImport {_attributes(facts)}>{parameters}</FunctionImport>"


def _parameter(prop: Property, *, optional: bool) -> str:
    facts: dict[str, object] = {
        "Name": prop.name,
        "Type": prop.edm,
        "Mode": "In",
        "MaxLength": prop.length,
        "Precision": prop.precision,
        "Nullable": "true" if optional else None,
    }
    return f"<Parameter {_attributes(facts)}/>"


def _concurrency(service: Service, entity: Entity) -> str:
    target = f"{service.namespace}.{service.namespace}_Entities/{entity.name}"
    inner = '<Annotation Term="SAP__core.OptimisticConcurrency"><Collection/></Annotation>'
    return f'<Annotations {_ANNOTATIONS} Target="{target}">{inner}</Annotations>'


def _mandatory(service: Service, entity: Entity, prop: Property) -> str:
    if "^" not in prop.flags:
        return ""
    inner = '<Annotation Term="Common.FieldControl" EnumMember="Common.FieldControlType/Mandatory"/>'
    target = f"{service.namespace}.{entity.type_name}/{prop.name}"
    return f'<Annotations {_ANNOTATIONS} Target="{target}">{inner}</Annotations>'


def service_document(name: str, root: str, json: bool) -> bytes:
    """Write the list of sets, as JSON or as an Atom service document."""
    sets = list(SERVICES[name].entities)
    if json:
        return dump_json({"d": {"EntitySets": sets}})
    collections = "".join(
        f'<app:collection href="{s}"><atom:title type="text">{s}</atom:title></app:collection>' for s in sets
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><app:service xmlns:app="http://www.w3.org/2007/app"'
        f' xmlns:atom="http://www.w3.org/2005/Atom" xml:base="{root}/"><app:workspace>'
        f'<atom:title type="text">Data</atom:title>{collections}</app:workspace></app:service>'
    ).encode()
