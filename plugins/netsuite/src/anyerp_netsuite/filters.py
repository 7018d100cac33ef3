"""Filters that a host may ask for: a field of the model equals a value, as a condition of SuiteQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anyerp.connector import Context, Query
from anyerp.errors import ConfigError
from anyerp.lens import Join, Lens, Map, Nest, Rule
from anyerp.lens.domain import TextDomain

from anyerp_netsuite.suiteql import Table


def conditions(ctx: Context, table: Table, lens: Lens[Any], query: Query) -> tuple[list[str], list[str]]:
    """The query's filters as conditions and the values of their markers.

    A reference is meant by its id (`vendor`) or its number (`vendor.number`). Raises `ConfigError` for a field that
    NetSuite cannot filter by.
    """
    if not query.filters:
        return [], []
    assert ctx.lens is not None
    rules = (*lens.rules, *ctx.lens.rules)
    known = {name: (expression, rule) for name, expression, rule in _filterable(table, rules)}
    where, values = [], []
    for field, value in query.filters.items():
        if field not in known:
            raise ConfigError(
                f"NetSuite's lists cannot be filtered by {field!r}", hint=f"they can by {', '.join(known) or 'nothing'}"
            )
        expression, rule = known[field]
        found = _natives(rule, field, value)
        where.append(f"{expression} IN ({', '.join('?' * len(found))})")
        values += found
    return where, values


def _filterable(table: Table, rules: tuple[Rule, ...]) -> Iterator[tuple[str, str, Map | Join]]:
    for rule in rules:
        match rule:
            case Nest(field=field, rules=inner, at=None):
                for part in inner:
                    if isinstance(part, Map) and part.field in ("id", "number"):
                        expression = table.expression(part.path, within=False)
                        name = field if part.field == "id" else f"{field}.number"
                        if expression is not None and not expression.startswith("("):
                            yield name, expression, part
            case Join(field="status", paths=(path, *_)) | Map(field="status", path=path):
                expression = table.expression(path, within=False)
                if expression is not None and _table(rule):
                    yield "status", expression, rule
            case Map(field=field, path=path, codec=codec) if isinstance(codec.domain, TextDomain):
                expression = table.expression(path, within=False)
                if expression is not None and field not in ("version", "url"):
                    yield field, expression, rule


def _table(rule: Map | Join) -> Mapping[Any, Any]:
    """Native values and what they mean, all spellings of SuiteQL included."""
    data = rule.codec.data
    return {**data.get("table", {}), **data.get("also", {})}


def _natives(rule: Map | Join, field: str, value: str) -> list[str]:
    table = _table(rule)
    if not table:
        return [value]
    found = [str(native) for native, meant in table.items() if meant == value and isinstance(native, str)]
    if not found:
        known = ", ".join(dict.fromkeys(str(meant) for meant in table.values()))
        raise ConfigError(f"filter {field}: NetSuite has no {value!r}", hint=f"it has {known}")
    return found
