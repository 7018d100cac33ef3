"""Resource paths: `/purchaseOrders(id)/purchaseOrderLines` within a company, followed to rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..odata import EntitySet, Navigation, ODataError, Row, Schema, Segment, key_text, read_key
from .problem import Problem, dialog, not_found
from .schema import SCHEMA, ZERO, page
from .store import Company

_ACTION = f"{SCHEMA.namespace}."


@dataclass(frozen=True, slots=True)
class Target:
    """What a path names: a set, perhaps inside a parent, or one row, perhaps a property or an action of it.

    `at` is the path for `@odata.context`. `many` is false for one row, which may be missing behind a navigation.
    """

    company: Company
    set: EntitySet
    at: str
    many: bool
    row: Row | None = None
    parent: Row | None = None
    rest: str = ""
    action: str = ""

    def rows(self) -> list[Row]:
        """The rows of the collection."""
        if self.parent is None:
            return self.company.rows(self.set.name)
        return self.company.of(self.set.name, self.parent["id"])

    def one(self) -> Row:
        """The row, or 404."""
        if self.row is None:
            raise not_found(page(self.set).caption, ZERO)
        return self.row


def follow(company: Company, row: Row, navigation: Navigation) -> Any:
    """The rows behind a navigation: a list, or one row or None."""
    if navigation.many:
        return company.of(navigation.target, row["id"])
    ((here, there),) = navigation.join.items()
    if there == "id":
        return company.get(navigation.target, row[here])
    return company.find(navigation.target, **{there: row[here]}) if row[here] else None


def syntax_error() -> Problem:
    """A URL that cannot be read."""
    return Problem(404, "BadRequest_NotFound", "Bad Request - Error in query syntax.")


def _keyed(company: Company, entity_set: EntitySet, segment: Segment, parent: Row | None) -> Row:
    try:
        ((_, identity),) = read_key(segment.key or "", entity_set.type, SCHEMA).items()
    except ODataError:
        raise syntax_error() from None
    if page(entity_set).local and parent is None:
        raise dialog(page(entity_set).closed)
    found = company.get(entity_set.name, identity, None if parent is None else parent["id"])
    inside = parent is None or found is None or found[page(entity_set).parent or "id"] == parent["id"]
    if found is None or not inside:
        raise not_found(page(entity_set).caption, identity)
    return found


def resolve(company: Company, steps: list[Segment], prefix: str, schema: Schema = SCHEMA) -> Target:
    """Follow a path within a company. `prefix` stands before it in contexts. Raises `Problem` or `ODataError`."""
    entity_set = schema.entity_set(steps[0].name)
    target = _enter(company, entity_set, steps[0], prefix + entity_set.name, None)
    for step in steps[1:]:
        target = _step(company, target, step, schema)
    return target


def _enter(company: Company, entity_set: EntitySet, segment: Segment, at: str, parent: Row | None) -> Target:
    if segment.key is None:
        return Target(company, entity_set, at, many=True, parent=parent)
    row = _keyed(company, entity_set, segment, parent)
    return Target(company, entity_set, at, many=False, row=row, parent=parent)


def _step(company: Company, target: Target, step: Segment, schema: Schema) -> Target:
    unknown = ODataError("unknown_resource", f"Resource not found for the segment '{step.name}'.", status=404)
    if target.rest or target.action:
        raise unknown
    if step.name == "$count" and target.many:
        return Target(company, target.set, target.at, many=True, parent=target.parent, rest="$count")
    if target.many:
        raise unknown
    row = target.one()
    if step.name.startswith(_ACTION):
        name = step.name.removeprefix(_ACTION)
        if not any(action.name == name and action.bound_to == target.set.type.name for action in schema.actions):
            raise unknown
        return Target(company, target.set, target.at, many=False, row=row, action=name)
    if step.name in target.set.type.to:
        navigation = target.set.type.to[step.name]
        there = schema.sets[navigation.target]
        at = f"{target.at}{key_text(target.set.type, row)}/{step.name}"
        if navigation.many:
            return _enter(company, there, step, at, row)
        return Target(company, there, at, many=False, row=follow(company, row, navigation))
    if step.name in target.set.type.by_name and step.key is None:
        return Target(company, target.set, target.at, many=False, row=row, rest=step.name)
    raise unknown
