"""Resource paths: from segments to a set, an entity, a navigation, a property or a count (sap sheet §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyerp_sap.sandbox.edm import Entity, Navigation, Property, Row, Service
from anyerp_sap.sandbox.errors import SapError, not_found, say
from anyerp_sap.sandbox.exchange import Exchange
from anyerp_sap.sandbox.literals import parse_key
from anyerp_sap.sandbox.store import Store

_SEGMENT = re.compile(r"([^()]+)(?:\((.*)\))?", re.DOTALL)


@dataclass
class Target:
    """Where a path leads. `kind` is `set`, `entity`, `property`, `value` or `count`.

    A set has its `rows`; an entity its `row`, None for an empty to-one navigation. `parent` is the entity before the
    last navigation, for a POST through it.
    """

    kind: str
    entity: Entity
    rows: list[Row] | None = None
    row: Row | None = None
    parent: Row | None = None
    parent_entity: Entity | None = None
    navigation: Navigation | None = None
    property: Property | None = None


def resolve(service: Service, store: Store, exchange: Exchange) -> Target:
    """Follow the path of a request. Raises a 404 for unknown names and missing entities, a 400 for bad keys."""
    segments = exchange.segments
    if not segments or exchange.path.startswith("/"):
        raise _unknown("")
    name, key = _split(segments[0])
    entity = service.entities.get(name)
    if entity is None:
        raise _unknown(name)
    target = Target("set", entity)
    if key is not None:
        target = _entity(target, store, key, exchange)
    for segment in segments[1:]:
        target = _step(target, store, segment, exchange, service)
    if target.kind in ("set", "count") and target.rows is None:
        target.rows = store.rows(target.entity.name)
    return target


def _split(segment: str) -> tuple[str, str | None]:
    match = _SEGMENT.fullmatch(segment)
    if match is None:
        raise _unknown(segment)
    return match[1], match[2]


def _unknown(segment: str) -> SapError:
    return SapError(404, [say("/IWFND/CM_MGW/096", segment)])


def _entity(target: Target, store: Store, text: str, exchange: Exchange) -> Target:
    entity = target.entity
    key = parse_key(entity, text, exchange.language)
    row = store.get(entity.name, key)
    if row is not None and target.rows is not None and row not in target.rows:
        row = None
    if row is None:
        shown = ", ".join(str(part) for part in key)
        raise not_found(entity.type_name, f"{entity.name.removeprefix('A_')} {shown} does not exist")
    return Target("entity", entity, row=row)


def _step(target: Target, store: Store, segment: str, exchange: Exchange, service: Service) -> Target:
    name, key = _split(segment)
    entity, row = target.entity, target.row
    if name == "$count" and target.kind == "set":
        return Target("count", entity, rows=target.rows)
    if name == "$value" and target.kind == "property":
        return Target("value", entity, row=row, property=target.property)
    if target.kind != "entity" or row is None:
        raise _unknown(name)
    if name in entity.properties and key is None:
        return Target("property", entity, row=row, property=entity.properties[name])
    navigation = entity.navigations.get(name)
    if navigation is None:
        raise _unknown(name)
    rows = store.related(entity, row, navigation)
    reached = service.entities[navigation.target]
    if navigation.many == "*":
        step = Target("set", reached, rows=rows, parent=row, parent_entity=entity, navigation=navigation)
        return step if key is None else _entity(step, store, key, exchange)
    if key is not None:
        raise _unknown(segment)
    step = Target("entity", reached, row=rows[0] if rows else None)
    step.parent, step.parent_entity, step.navigation = row, entity, navigation
    return step
