"""System query options over rows: filter, order, page, select and expand, with server-driven paging (sheet §4, §6)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from anyerp_sap.sandbox.edm import Entity, Navigation, Property, Row
from anyerp_sap.sandbox.errors import bad_request
from anyerp_sap.sandbox.exchange import Exchange
from anyerp_sap.sandbox.filters import parse_filter, sort_value

_COLLECTION = frozenset(
    {"$filter", "$orderby", "$top", "$skip", "$select", "$expand", "$inlinecount", "$skiptoken", "$format"}
)
_SINGLE = frozenset({"$select", "$expand", "$format"})
_COUNT = frozenset({"$filter", "$top", "$skip", "$format"})


@dataclass
class Shape:
    """What of an entity is shown: the properties and navigations, and the shape of each expanded navigation."""

    entity: Entity
    properties: tuple[Property, ...]
    navigations: tuple[Navigation, ...]
    expanded: dict[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one answer, the count when it was asked for, and the query string of the next page."""

    rows: Sequence[Row]
    count: int | None = None
    next_query: str | None = None


def need_options(exchange: Exchange, what: str) -> None:
    """Refuse system query options that the kind of resource does not have."""
    allowed = {"collection": _COLLECTION, "count": _COUNT}.get(what, _SINGLE)
    for name in exchange.query:
        if name.startswith("$") and name not in allowed:
            raise bad_request("/IWFND/CM_MGW/018", name)


def shape_of(entity: Entity, entities: dict[str, Entity], select: str | None, expand: str | None) -> Shape:
    """Make the shape that `$select` and `$expand` ask for. Raises a 400 for unknown names."""
    expands = [path.strip().split("/") for path in expand.split(",")] if expand else []
    selects = [path.strip().split("/") for path in select.split(",")] if select else []
    return _shape(entity, entities, selects, expands)


def _shape(entity: Entity, entities: dict[str, Entity], selects: list[list[str]], expands: list[list[str]]) -> Shape:
    heads = dict.fromkeys(path[0] for path in expands)
    for head in heads:
        if head not in entity.navigations:
            raise bad_request("/IWFND/CM_MGW/011", head, entity.type_name)
    chosen = dict.fromkeys(path[0] for path in selects)
    for path in selects:
        known = path[0] == "*" or path[0] in entity.properties or path[0] in entity.navigations
        if not known or (path[0] in entity.properties and len(path) > 1):
            raise bad_request("/IWFND/CM_MGW/011", "/".join(path), entity.type_name)
        if len(path) > 1 and path[0] not in heads:
            raise bad_request("/IWFND/CM_MGW/019", path[0])
    everything = not selects or "*" in chosen
    properties = tuple(p for p in entity.properties.values() if everything or p.name in chosen)
    # An expanded navigation that $select leaves out is not shown at all.
    navigations = tuple(n for n in entity.navigations.values() if not selects or n.name in chosen)
    shape = Shape(entity, properties, navigations)
    for head in heads:
        below = [path[1:] for path in selects if path[0] == head and len(path) > 1]
        deeper = [path[1:] for path in expands if path[0] == head and len(path) > 1]
        shape.expanded[head] = _shape(entities[entity.navigations[head].target], entities, below, deeper)
    return shape


def filtered(rows: Sequence[Row], entity: Entity, exchange: Exchange) -> Sequence[Row]:
    """Keep the rows that `$filter` lets through."""
    text = exchange.option("$filter")
    if text is None:
        return rows
    predicate = parse_filter(text, entity, exchange.language)
    return [row for row in rows if predicate(row)]


def _ordered(rows: Sequence[Row], entity: Entity, text: str | None) -> Sequence[Row]:
    if not text:
        return rows
    result = list(rows)
    for term in reversed(text.split(",")):
        name, _, direction = term.strip().partition(" ")
        prop = entity.properties.get(name)
        if prop is None:
            raise bad_request("/IWFND/CM_MGW/011", name, entity.type_name)
        if not prop.sortable:
            raise bad_request("/IWFND/CM_MGW/013", name, entity.type_name)
        if direction.strip() not in ("", "asc", "desc"):
            raise bad_request("/IWFND/CM_MGW/017", "$orderby", text)
        result.sort(key=_sorter(prop), reverse=direction.strip() == "desc")
    return result


def _sorter(prop: Property) -> Callable[[Row], tuple[int, Any]]:
    return lambda row: sort_value(prop, row.get(prop.name, prop.initial))


def _number(exchange: Exchange, name: str) -> int | None:
    text = exchange.option(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise bad_request("/IWFND/CM_MGW/017", name, text)
    return int(text)


def page_of(rows: Sequence[Row], entity: Entity, exchange: Exchange, limit: int | None, most: int) -> Page:
    """Cut the page that was asked for.

    Without `$top` a page has `limit` rows (None: all of them, an old Gateway); a `$top` above `most` is cut to `most`.
    In both cases what is left stands behind a next link.
    """
    inline = exchange.option("$inlinecount")
    if inline not in (None, "none", "allpages"):
        raise bad_request("/IWFND/CM_MGW/017", "$inlinecount", inline)
    rows = _ordered(filtered(rows, entity, exchange), entity, exchange.option("$orderby"))
    count = len(rows) if inline == "allpages" else None
    top, skip = _number(exchange, "$top"), _number(exchange, "$skip") or 0
    done = _read_token(exchange)
    rows = rows[skip:] if top is None else rows[skip : skip + top]
    size = limit if top is None else most
    if limit is None or size is None or len(rows) - done <= size:
        return Page(rows[done:], count)
    return Page(rows[done : done + size], count, _next_query(exchange, done + size))


def _digest(exchange: Exchange) -> str:
    options = sorted(
        f"{k}={v}" for k, v in exchange.query.items() if k.startswith("$") and k not in ("$skiptoken", "$format")
    )
    return hashlib.sha256("&".join([exchange.path, *options]).encode()).hexdigest()[:8]


def _next_query(exchange: Exchange, done: int) -> str:
    token = base64.urlsafe_b64encode(f"{done}~{_digest(exchange)}".encode()).decode().rstrip("=")
    kept = [pair for pair in exchange.raw_query.split("&") if pair and not pair.startswith(("$skiptoken=", "%24skipt"))]
    return "&".join([*kept, f"$skiptoken={quote(token)}"])


def _read_token(exchange: Exchange) -> int:
    """Read the rows done so far out of a token that only this query can use. Raises a 400 for a foreign one."""
    token = exchange.option("$skiptoken")
    if token is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        done, _, digest = text.partition("~")
        if digest != _digest(exchange):
            raise bad_request("/IWFND/CM_MGW/020")
        return int(done)
    except ValueError:
        raise bad_request("/IWFND/CM_MGW/020") from None
