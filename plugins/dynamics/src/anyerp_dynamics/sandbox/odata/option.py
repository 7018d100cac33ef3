"""Query options: the text after `?` (or inside an `$expand`) as one value, checked against the dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from .dialect import STANDARD, Dialect
from .error import ODataError
from .expression import Expression
from .literal import split_outside
from .parser import parse_filter, parse_orderby
from .schema import EntityType, Schema

SYSTEM = frozenset(
    {
        "$filter",
        "$select",
        "$expand",
        "$orderby",
        "$top",
        "$skip",
        "$count",
        "$skiptoken",
        "$format",
        "$search",
        "$apply",
    }
    | {"$schemaversion", "$deltatoken", "$levels", "$compute"}
)


@dataclass(frozen=True)
class Options:
    """What a query asks for. `select` empty means all; `custom` are the options without `$`, as sent."""

    filter: Expression | None = None
    orderby: tuple[tuple[Expression, bool], ...] = ()
    select: tuple[str, ...] = ()
    expand: Mapping[str, Options] = field(default_factory=dict)
    top: int | None = None
    skip: int = 0
    count: bool = False
    skiptoken: str | None = None
    format: str | None = None
    system: Mapping[str, str] = field(default_factory=dict)
    custom: Mapping[str, str] = field(default_factory=dict)


def pairs(query: str) -> list[tuple[str, str]]:
    """Give a query string as decoded pairs; `+` is a space, as ASP.NET reads it."""
    found = [part.partition("=") for part in query.split("&") if part]
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in found]


def _natural(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ODataError(
            "syntax", f"Invalid value '{text}' for {name} query option found. A non-negative integer is required."
        )
    return int(text)


def read_options(
    query: str,
    entity_type: EntityType,
    schema: Schema,
    dialect: Dialect = STANDARD,
    *,
    known: frozenset[str] = frozenset(
        {"$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$count", "$skiptoken", "$format"}
    ),
) -> Options:
    """Read a query string for one entity type.

    `known` are the system options that this service answers; another `$` name raises `unknown_option`, a custom option
    passes.
    Raises `syntax`, `unknown_property`, `not_supported`.
    """
    system: dict[str, str] = {}
    custom: dict[str, str] = {}
    for name, value in pairs(query):
        if not name.startswith("$"):
            custom[name] = value
        elif name not in known:
            raise ODataError("unknown_option", f"The query parameter '{name}' is not supported.")
        elif name in system:
            raise ODataError(
                "syntax", f"Query option '{name}' was specified more than once, but it must be specified at most once."
            )
        else:
            system[name] = value
    return _read(system, custom, entity_type, schema, dialect, 0)


def _read(
    system: Mapping[str, str],
    custom: Mapping[str, str],
    entity_type: EntityType,
    schema: Schema,
    dialect: Dialect,
    depth: int,
) -> Options:
    count = system.get("$count", "false").lower()
    if count not in ("true", "false"):
        raise ODataError(
            "syntax", f"Invalid value '{count}' for $count query option found. Valid values are 'true' and 'false'."
        )
    selected = _select(system.get("$select", ""), entity_type, schema)
    return Options(
        filter=parse_filter(system["$filter"]) if system.get("$filter", "").strip() else None,
        orderby=parse_orderby(system["$orderby"]) if system.get("$orderby", "").strip() else (),
        select=selected,
        expand=_expand(system.get("$expand", ""), entity_type, schema, dialect, depth),
        top=_natural("$top", system["$top"]) if "$top" in system else None,
        skip=_natural("$skip", system["$skip"]) if "$skip" in system else 0,
        count=count == "true",
        skiptoken=system.get("$skiptoken"),
        format=system.get("$format"),
        system=system,
        custom=custom,
    )


def _select(text: str, entity_type: EntityType, schema: Schema) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if "*" in names:
        return ()
    for name in names:
        if name not in entity_type.to:
            schema.find_property(entity_type, name)
    return tuple(dict.fromkeys(names))


def _expand(text: str, entity_type: EntityType, schema: Schema, dialect: Dialect, depth: int) -> dict[str, Options]:
    wanted: dict[str, Options] = {}
    for item in split_outside(text):
        name, opened, rest = item.strip().partition("(")
        if not name:
            continue
        if depth >= dialect.levels or (opened and not dialect.expand_options) or "/" in name:
            raise ODataError("not_supported", f"The $expand '{item.strip()}' is deeper than this service goes.")
        if name not in entity_type.to:
            raise ODataError(
                "unknown_property",
                f"Could not find a property named '{name}' on type '{schema.qualified(entity_type.name)}'.",
                field=name,
            )
        if opened and not rest.endswith(")"):
            raise ODataError("syntax", f"Syntax error in $expand '{text}'.")
        inner: dict[str, str] = {}
        for part in split_outside(rest[:-1], ";") if opened else ():
            option, _, value = part.strip().partition("=")
            if option not in SYSTEM:
                raise ODataError("syntax", f"Term '{part}' is not valid in a $select or $expand expression.")
            inner[option] = value
        there = schema.sets[entity_type.to[name].target].type
        wanted[name] = _read(inner, {}, there, schema, dialect, depth + 1)
    return wanted
