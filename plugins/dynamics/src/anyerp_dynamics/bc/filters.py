"""Filters that a host may ask for: a field of the model has a value, in the service's words (dynamics sheet §2.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, DecimalException
from typing import Any

from anyerp.connector import Context, Query
from anyerp.errors import ConfigError
from anyerp.kits.odata import v4
from anyerp.lens import Map, Nest, Refused
from anyerp.lens.domain import DayDomain, DecimalDomain, RefDomain, TextDomain

from anyerp_dynamics.bc.codec import canonical

_BLANK = ("_x0020_", " ", "")


def conditions(ctx: Context, query: Query) -> str:
    """The query's filters as one condition. In text an asterisk at either end stands for anything.

    Raises `ConfigError` for a field that cannot be filtered by, and for a value that the field cannot have.
    """
    known = dict(_filterable(ctx))
    found = []
    for field, value in query.filters.items():
        if field not in known:
            raise ConfigError(f"this ERP cannot filter by {field!r} here", hint=f"it can by {', '.join(known)}")
        try:
            found.append(_condition(known[field], value))
        except (Refused, ValueError, DecimalException) as error:
            raise ConfigError(f"filter {field}: {value!r} is no value of {known[field][0].path} ({error})") from None
    return v4.both(*found)


def _filterable(ctx: Context) -> Iterator[tuple[str, list[Map]]]:
    """Each field of the header that can be filtered by, with the rules that may carry it: number first, then id."""
    assert ctx.lens is not None
    for rule in ctx.lens.rules:
        if isinstance(rule, Map) and _own(rule):
            yield rule.field, [rule]
        elif isinstance(rule, Nest) and rule.at is None:
            inner = {one.field: one for one in rule.rules if isinstance(one, Map) and _own(one)}
            chosen = [inner[name] for name in ("number", "id") if name in inner]
            if chosen:
                yield rule.field, chosen


def _own(rule: Map) -> bool:
    return "/" not in rule.path and not rule.path.startswith("@") and rule.codec.native is not list


def _condition(rules: list[Map], value: str) -> str:
    rule = rules[0]
    if rules[-1].codec.name == "bc_guid" and canonical(value) is not None:
        return f"{rules[-1].path} eq {canonical(value)}"
    if rule.codec.name == "choice":
        return _choice(rule, value)
    match rule.codec.domain:
        case TextDomain() | RefDomain():
            return _text(rule, value)
        case DayDomain():
            return f"{rule.path} eq {v4.literal(date.fromisoformat(value))}"
        case DecimalDomain():
            return f"{rule.path} eq {v4.literal(Decimal(value))}"
    if rule.codec.native is bool and value in ("true", "false"):
        return f"{rule.path} eq {value}"
    raise Refused("another form was expected")


def _text(rule: Map, value: str) -> str:
    begins, ends = value.endswith("*"), value.startswith("*")
    bare = value.strip("*")
    wanted = v4.literal(bare if isinstance(rule.codec.domain, RefDomain) else rule.codec.encode(bare))
    if begins and ends:
        return f"contains({rule.path},{wanted})"
    if begins or ends:
        return f"{'startswith' if begins else 'endswith'}({rule.path},{wanted})"
    return f"{rule.path} eq {wanted}"


def _choice(rule: Map, value: str) -> str:
    """Every native word that reads as the value. A blank option cannot be asked for, so that others are shut out."""
    tables: list[Mapping[Any, Any]] = [rule.codec.data.get("table") or {}, rule.codec.data.get("also") or {}]
    words = {word: said for table in tables for word, said in table.items()}
    members = [word for word, said in words.items() if said == value]
    if not members:
        raise Refused(f"one of {', '.join(sorted({str(said) for said in words.values()}))} was expected")
    if any(word in _BLANK for word in members):
        others = [word for word, said in words.items() if said != value]
        return v4.both(*(f"{rule.path} ne {v4.literal(word)}" for word in others))
    return " or ".join(f"{rule.path} eq {v4.literal(word)}" for word in members)
