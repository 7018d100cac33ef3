"""Reading: one row, a page of rows, a count, a property."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from anyerp.wire import Headers, Response

from ..odata import EntitySet, ODataError, Options, Row, Writer, choose, key_text, pairs, read_options
from .exchange import Exchange, empty
from .filtering import dialect, pinned, prepared
from .problem import dialog
from .resource import Target, follow
from .schema import SCHEMA, page
from .store import Company, etag

_KNOWN = frozenset(
    {"$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$count", "$skiptoken", "$format"}
    | {"$schemaversion"}
)


def options_of(exchange: Exchange, entity_set: EntitySet) -> Options:
    """Read the query options for a set. Raises `ODataError`, or `Problem` for a filter that does not fit its field."""
    version = dict(pairs(exchange.query)).get("$schemaversion")
    options = read_options(exchange.query, entity_set.type, SCHEMA, dialect(version), known=_KNOWN)
    return prepared(options, entity_set)


def tag_of(entity_set: EntitySet, row: Row) -> str | None:
    """The tag of a row; companies have none (dynamics sheet §2.1, seen)."""
    return None if entity_set.name == "companies" else etag(row)


def writer(exchange: Exchange, company: Company, options: Options) -> Writer:
    """Give what writes this company's rows."""
    return Writer(
        SCHEMA,
        exchange.root,
        exchange.format,
        etag=tag_of,
        follow=lambda row, navigation: follow(company, row, navigation),
        path=lambda entity_set, row: (
            entity_set.name + key_text(entity_set.type, row)
            if page(entity_set).companyless
            else f"companies({company.id})/{entity_set.name}{key_text(entity_set.type, row)}"
        ),
        dialect=dialect(options.system.get("$schemaversion")),
    )


def read(exchange: Exchange, target: Target, most: int) -> Response:
    """Answer a GET. `most` is the most rows of a page."""
    if target.rest and target.rest != "$count":
        value = writer(exchange, target.company, Options()).value(
            target.set.type, target.rest, target.one()[target.rest]
        )
        at = f"{target.at}{key_text(target.set.type, target.one())}/{target.rest}"
        return exchange.answer({"@odata.context": f"{exchange.root}/$metadata#{at}", "value": value})
    options = options_of(exchange, target.set)
    if not target.many:
        if target.row is None:
            return empty()
        body = writer(exchange, target.company, options).single(target.set, target.row, options, at=target.at)
        return exchange.answer(body)
    _need_parent(target, options)
    return _collection(exchange, target, options, most)


def _need_parent(target: Target, options: Options) -> None:
    """Lines cannot be listed: they want their document in the path or in the filter (dynamics sheet §2.3)."""
    known = page(target.set)
    if not known.closed or target.parent is not None:
        return
    if not (known.by_filter and known.parent and pinned(options.filter, known.parent, "id")):
        raise dialog(known.closed)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: after which row, and how many rows came before."""

    after: str
    seen: int


def _place(token: str) -> _Place:
    after, _, seen = token.partition(",")
    if not after or not (seen or "0").isdigit():
        raise ODataError("syntax", "The skip token is not valid.")
    return _Place(after, int(seen or 0))


def _rest(rows: list[Row], place: _Place, key: str, *, by_key: bool) -> list[Row]:
    """The rows after a place. If its row has gone, keys tell where to go on, or else the count."""
    for index, row in enumerate(rows):
        if row[key] == place.after:
            return rows[index + 1 :]
    if by_key:
        return [row for row in rows if row[key] > place.after]
    return rows[place.seen :]


def _collection(exchange: Exchange, target: Target, options: Options, most: int) -> Response:
    company = target.company
    chosen = choose(
        target.rows(),
        options,
        target.set.type,
        SCHEMA,
        dialect(options.system.get("$schemaversion")),
        lambda row, navigation: follow(company, row, navigation),
    )
    if target.rest == "$count":
        headers = Headers({"Content-Type": "text/plain; charset=utf-8", "OData-Version": "4.0"})
        return Response(200, headers, str(chosen.count).encode())
    total = chosen.count if options.count else None
    key = target.set.type.key[0]
    by_key = not options.orderby and page(target.set).order == (key,)
    place = _Place("", 0)
    if options.skiptoken is not None:
        place = _place(options.skiptoken)
        chosen = replace(chosen, rows=_rest(chosen.rows, place, key, by_key=by_key))
        options = replace(options, skip=0)
    wanted = exchange.page_size
    size = min(wanted or most, most)
    rows, more = chosen.window(options.skip, options.top, size)
    link = None
    if more:
        seen = place.seen + options.skip + len(rows)
        token = str(rows[-1][key]) if by_key else f"{rows[-1][key]},{seen}"
        link = _next_link(exchange, target, token, None if options.top is None else options.top - len(rows))
    body = writer(exchange, company, options).collection(
        target.set, rows, options, count=total, next_link=link, at=target.at
    )
    applied = {} if wanted is None else {"Preference-Applied": f"odata.maxpagesize={size}"}
    return exchange.answer(body, headers=applied)


def _next_link(exchange: Exchange, target: Target, token: str, left: int | None) -> str:
    """The link to the next page: the same query with what `$top` leaves, and the last row's id as the token."""
    kept = [
        (name, value) for name, value in pairs(exchange.query) if name not in ("$skiptoken", "aid", "$skip", "$top")
    ]
    if left is not None:
        kept.append(("$top", str(left)))
    kept += [("aid", "FIN"), ("$skiptoken", token)]
    query = "&".join(f"{quote(name, safe='$')}={quote(value, safe='$,()*:')}" for name, value in kept)
    return f"{exchange.root}/{target.at}?{query}"
