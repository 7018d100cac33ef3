"""Filters that a host may ask for: a field of the model equals a value, in the service's words (sheet §1.4, §1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anyerp.connector import Context, Query
from anyerp.errors import ConfigError
from anyerp.kits.odata import v4
from anyerp.lens import Map
from anyerp.lens.domain import RefDomain, TextDomain

_NAMESPACE = "Microsoft.Dynamics.DataEntities"


def member(enum: str, name: str) -> v4.Raw:
    """A member of an enumeration as filters want it: with its type, and nothing but `eq` and `ne` before it."""
    return v4.Raw(f"{_NAMESPACE}.{enum}{v4.literal(name)}")


def conditions(ctx: Context, enums: Mapping[str, str], query: Query) -> str:
    """The query's filters as one condition. In text an asterisk stands for anything, and case does not matter.

    Raises `ConfigError` for a field that this ERP cannot filter by.
    """
    return " and ".join(f"({_condition(ctx, enums, field, value)})" for field, value in query.filters.items())


def _condition(ctx: Context, enums: Mapping[str, str], field: str, value: str) -> str:
    assert ctx.lens is not None
    for rule in ctx.lens.rules:
        if not isinstance(rule, Map) or "/" in rule.path or rule.path.startswith("@"):
            continue
        if rule.native == field and rule.path in enums:
            return f"{rule.path} eq {member(enums[rule.path], value)}"
        if rule.field != field:
            continue
        if rule.path in enums:
            names = _members(rule, value)
            if names:
                return " or ".join(f"{rule.path} eq {member(enums[rule.path], name)}" for name in names)
            raise ConfigError(f"filter {field}: this ERP has no {value!r}")
        if isinstance(rule.codec.domain, (TextDomain, RefDomain)):
            return f"{rule.path} eq {v4.literal(value)}"
    known = ", ".join(_filterable(ctx, enums))
    raise ConfigError(f"this ERP cannot filter by {field!r} here", hint=f"it can by {known}")


def _members(rule: Map, value: str) -> list[str]:
    """The members that read as a value: several native words may mean one of the model's."""
    tables = [rule.codec.data.get("table"), rule.codec.data.get("also")]
    if not any(isinstance(table, Mapping) for table in tables):
        return [value]  # the ERP's own word
    return [name for table in tables if isinstance(table, Mapping) for name, said in table.items() if said == value]


def _filterable(ctx: Context, enums: Mapping[str, str]) -> Iterator[str]:
    assert ctx.lens is not None
    for rule in ctx.lens.rules:
        if isinstance(rule, Map) and "/" not in rule.path and rule.path[0] != "@":
            if rule.path in enums or isinstance(rule.codec.domain, (TextDomain, RefDomain)):
                yield rule.field
            if rule.native and rule.path in enums:
                yield rule.native
