"""Reading: lists in pages, single rows by key, counts, rows behind a navigation (dynamics sheet §1.2, §1.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from anyerp.wire import Headers, Response

from ..odata import (
    EntitySet,
    ODataError,
    Options,
    Row,
    Segment,
    Writer,
    choose,
    pairs,
    preferences,
    read_key,
    read_options,
)
from .exchange import Exchange
from .language import PAGE, dialect
from .problem import no_path, no_row, of_query
from .store import Store, folded

_SUMMED = {
    *("OnHandQuantity", "AvailableOnHandQuantity", "ReservedOnHandQuantity", "OnOrderQuantity", "OrderedQuantity"),
    *("AvailableOrderedQuantity", "ReservedOrderedQuantity", "TotalAvailableQuantity"),
}


@dataclass(frozen=True)
class Reader:
    """Answers GET. `page` is the server's page size; `links_lose_company` drops `cross-company` from next links."""

    store: Store
    page: int = PAGE
    links_lose_company: bool = False

    def rows(self, entity_set: EntitySet) -> Iterable[Row]:
        """Give all rows of a set, in every company."""
        if entity_set.name == "InventorySitesOnHandV2":
            return self._by_site(entity_set)
        return self.store.rows(entity_set.facts.table)

    def _by_site(self, entity_set: EntitySet) -> Iterable[Row]:
        sites: dict[tuple[object, ...], Row] = {}
        for row in self.store.rows("on_hand"):
            key = entity_set.type.key_of(row)
            known = sites.get(key)
            added = {name: (known[name] if known else Decimal(0)) + row[name] for name in _SUMMED}
            sites[key] = (known or row) | added
        return sites.values()

    def visible(self, exchange: Exchange, entity_set: EntitySet) -> Iterable[Row]:
        """Give the rows that a call sees: without `cross-company=true` only those of the user's own company."""
        rows = self.rows(entity_set)
        if exchange.across or not entity_set.facts.per_company:
            return rows
        return [row for row in rows if row["dataAreaId"] == exchange.user.company]

    def one(self, exchange: Exchange, entity_set: EntitySet, segment: Segment) -> Row:
        """Give the row that a key names. Raises `Problem` (404), also for a row of another company."""
        try:
            key = read_key(segment.key or "", entity_set.type, self.store.schema)
        except ODataError as error:
            raise no_path(error.message) from None
        if entity_set.name == "InventorySitesOnHandV2":
            wanted = {name: folded(value) for name, value in key.items()}
            found = next(
                (row for row in self.rows(entity_set) if all(folded(row[k]) == v for k, v in wanted.items())), None
            )
        else:
            found = self.store.tables[entity_set.facts.table].get(self.store.key(entity_set.facts.table, key))
        outside = entity_set.facts.per_company and not exchange.across
        if found is None or (outside and found["dataAreaId"] != exchange.user.company):
            raise no_row()
        return found

    def options(self, exchange: Exchange, entity_set: EntitySet) -> Options:
        """Read the query of a call. Raises `Problem`."""
        try:
            return read_options(exchange.query, entity_set.type, self.store.schema, dialect(entity_set))
        except ODataError as error:
            raise of_query(error) from None

    def writer(self, exchange: Exchange, entity_set: EntitySet) -> Writer:
        """Give the writer of JSON for a call."""
        return Writer(
            self.store.schema,
            exchange.root,
            exchange.format,
            etag=self.store.etag,
            follow=self.store.follow,
            dialect=dialect(entity_set),
        )

    def single(self, exchange: Exchange, entity_set: EntitySet, segment: Segment) -> Response:
        """Answer for one row."""
        options = self.options(exchange, entity_set)
        row = self.one(exchange, entity_set, segment)
        body = self.writer(exchange, entity_set).single(entity_set, row, options)
        return exchange.answer(200, body, ETag=str(self.store.etag(entity_set, row)))

    def list(
        self, exchange: Exchange, entity_set: EntitySet, rows: Iterable[Row], *, count_only: bool = False
    ) -> Response:
        """Answer with a page of rows, or with their number alone."""
        options = self.options(exchange, entity_set)
        try:
            chosen = choose(rows, options, entity_set.type, self.store.schema, dialect(entity_set), self.store.follow)
        except ODataError as error:
            raise of_query(error) from None
        if count_only:
            return Response(
                200, Headers({"Content-Type": "text/plain", "OData-Version": "4.0"}), str(chosen.count).encode()
            )
        wanted = preferences(exchange.call.headers.get("prefer")).get("odata.maxpagesize", "")
        preferred = min(self.page, int(wanted)) if wanted.isdigit() and int(wanted) else self.page
        top = options.top
        if top == self.page:
            top = None  # what the service's own links carry: a page, not an end
        found, more = chosen.window(options.skip, top, preferred)
        link = self._next(exchange, options, preferred, top) if more else None
        writer = self.writer(exchange, entity_set)
        count = chosen.count if options.count else None
        body = writer.collection(entity_set, found, options, count=count, next_link=link)
        applied = {"Preference_Applied": f"odata.maxpagesize={preferred}"} if wanted else {}
        return exchange.answer(200, body, **applied)

    def _next(self, exchange: Exchange, options: Options, size: int, top: int | None) -> str:
        """Give the next link: an offset, not a cursor (dynamics sheet §1.5). Query parts are kept as they were sent."""
        kept = [part for part in exchange.query.split("&") if part and pairs(part)[0][0] not in ("$skip", "$top")]
        if self.links_lose_company:
            kept = [part for part in kept if pairs(part)[0][0] != "cross-company"]
        kept.append(f"$skip={options.skip + size}")
        if top is not None:
            kept.append(f"$top={top - size}")
        elif size == self.page:
            kept.append(f"$top={size}")
        path = exchange.path.partition("/data/")[2]
        return f"{exchange.root}/{path}?{'&'.join(kept)}"
