"""The metadata document: a schema as EDMX 4.0."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from .schema import Action, EntityType, Property, Schema

_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
_EDM = "http://docs.oasis-open.org/odata/ns/edm"


def _tag(name: str, *inside: str, **attributes: str | None) -> str:
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value is not None)
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given}/>"


def _property(prop: Property, schema: Schema) -> str:
    return _tag(
        "Property",
        Name=prop.name,
        Type=schema.qualified(prop.type),
        Nullable=None if prop.nullable else "false",
        MaxLength=None if prop.max_length is None else str(prop.max_length),
        Scale="Variable" if prop.type == "Edm.Decimal" else None,
    )


def _entity_type(entity_type: EntityType, schema: Schema) -> str:
    parts = [_tag("Key", *(_tag("PropertyRef", Name=name) for name in entity_type.key))]
    parts += [_property(prop, schema) for prop in entity_type.properties]
    for navigation in entity_type.navigations:
        there = schema.qualified(schema.sets[navigation.target].type.name)
        pairs = () if navigation.many else navigation.join.items()
        joins = [_tag("ReferentialConstraint", Property=here, ReferencedProperty=other) for here, other in pairs]
        parts.append(
            _tag(
                "NavigationProperty",
                *joins,
                Name=navigation.name,
                Type=f"Collection({there})" if navigation.many else there,
                Partner=navigation.partner,
                ContainsTarget="true" if navigation.contained else None,
            )
        )
    return _tag("EntityType", *parts, Name=entity_type.name)


def _action(action: Action, schema: Schema) -> str:
    bound = schema.qualified(action.bound_to)
    parts = [_tag("Parameter", Name="bindingParameter", Type=f"Collection({bound})" if action.collection else bound)]
    parts += [_tag("Parameter", Name=name, Type=schema.qualified(kind)) for name, kind in action.parameters.items()]
    if action.returns is not None:
        parts.append(_tag("ReturnType", Type=schema.qualified(action.returns)))
    return _tag("Action", *parts, Name=action.name, IsBound="true")


def metadata(schema: Schema) -> bytes:
    """Give the `$metadata` document of a schema, UTF-8."""
    parts = [
        _tag(
            "EnumType",
            *(_tag("Member", Name=member, Value=str(number)) for member, number in enum.numbered()),
            Name=enum.name,
        )
        for enum in schema.enums.values()
    ]
    types = {entity_set.type.name: entity_set.type for entity_set in schema.sets.values()}
    parts += [_entity_type(entity_type, schema) for entity_type in types.values()]
    parts += [_action(action, schema) for action in schema.actions]
    sets = [
        _tag(
            "EntitySet",
            *(
                _tag("NavigationPropertyBinding", Path=navigation.name, Target=navigation.target)
                for navigation in entity_set.type.navigations
                if not navigation.contained
            ),
            Name=entity_set.name,
            EntityType=schema.qualified(entity_set.type.name),
        )
        for entity_set in schema.sets.values()
    ]
    parts.append(_tag("EntityContainer", *sets, Name=schema.container))
    body = _tag("Schema", *parts, Namespace=schema.namespace, xmlns=_EDM)
    services = _tag("edmx:DataServices", body)
    document = f'<edmx:Edmx Version="4.0" xmlns:edmx="{_EDMX}">{services}</edmx:Edmx>'
    return b'<?xml version="1.0" encoding="utf-8"?>' + document.encode()
