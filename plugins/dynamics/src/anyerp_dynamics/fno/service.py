"""Reading and writing one data entity: company, own paging by key range, single rows (dynamics sheet §1.2-§1.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from anyerp.connector import Context, Flow, PageAnswer, Query, Request, Response, ask
from anyerp.errors import ConfigError, UnexpectedPayload
from anyerp.kits.odata import v4

from anyerp_dynamics.fno.auth import explain
from anyerp_dynamics.fno.filters import conditions

Row = dict[str, Any]
AREA = "dataAreaId"
_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND = 400, 403, 404
#: Rows asked for at once where a document's parts are gathered; the service gives 10,000 at most.
_MOST = 5_000
#: An answer with no rows has fewer bytes; larger ones need not be looked into.
_SMALL = 2_000


@dataclass(frozen=True, slots=True)
class EntitySet:
    """One set and its entity type; `key` is its key in order, without the company.

    `per_company` is false for sets that all companies share. `also` are fields that a flow needs and the lens does
    not map. `enums` names the enumeration of each field that is one: in a filter its members must be qualified.
    `older` is the version of the set that takes its place where an environment does not have this one yet.
    """

    name: str
    type: str
    key: tuple[str, ...]
    per_company: bool = True
    also: tuple[str, ...] = ()
    enums: Mapping[str, str] = field(default_factory=dict)
    older: EntitySet | None = None

    @property
    def path(self) -> str:
        """Path of the set."""
        return f"/data/{self.name}"

    def at(self, ctx: Context, *key: Any) -> str:
        """Path of one row: all parts of the key must be there, empty ones too."""
        parts = {AREA: ctx.settings.data_area} if self.per_company else {}
        parts |= dict(zip(self.key, key, strict=True))
        written = v4.key(**parts) if len(parts) > 1 else v4.key(*parts.values())
        return self.path + quote(written, safe="()=,'")

    def here(self, ctx: Context) -> Flow[EntitySet]:
        """The newest version of the set that this environment has; it is asked once, and only where there are several.

        Where the metadata service does not say, the newest is taken.
        """
        if self.older is None:
            return self
        asked = f"has {self.type}"
        if asked not in ctx.memory:
            response = yield from self._described(accept=(_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND))
            ctx.memory[asked] = response.status != _NOT_FOUND
        return self if ctx.memory[asked] else (yield from self.older.here(ctx))

    def across(self) -> dict[str, str]:
        """The option without which only the integration user's own company is seen, even by a whole key."""
        return {"cross-company": "true"} if self.per_company else {}

    def within(self, ctx: Context, *conditions: str) -> str:
        """A filter for this connection's company and further conditions."""
        own = f"{AREA} eq {v4.literal(ctx.settings.data_area)}" if self.per_company else ""
        said = [condition for condition in (own, *conditions) if condition]
        return v4.both(*said) if said else ""

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page of the rows as they come: those behind the last key, never by the service's offset links."""
        last = (state or {}).get("after")
        response = yield from self._behind(ctx, conditions(ctx, self.enums, query), last, query.page_size, ctx.fields())
        if last is None and len(response.content) < _SMALL and not listed(response):
            yield from self._sure(ctx)
        if v4.next_link(response.content) is None:
            return PageAnswer(response.content, full=query.page_size, key=self.key)
        return PageAnswer(response.content, next={"after": self._last(listed(response), last)})

    def slice(
        self, ctx: Context, query: Query, last: Mapping[str, Any] | None, fields: Iterable[str], only: str = ""
    ) -> Flow[tuple[list[Row], Mapping[str, Any] | None]]:
        """A page's rows for a flow that works on them, and the key behind which the next begins (None: the end)."""
        wanted = v4.both(conditions(ctx, self.enums, query), only) if only else conditions(ctx, self.enums, query)
        response = yield from self._behind(ctx, wanted, last, query.page_size, fields)
        rows = listed(response)
        if last is None and not rows:
            yield from self._sure(ctx)
        more = len(rows) >= query.page_size or v4.next_link(response.content) is not None
        return rows, self._last(rows, last) if more else None

    def linked(
        self, ctx: Context, query: Query, link: str | None, fields: Iterable[str], expand: str
    ) -> Flow[Response]:
        """A page as the service cuts it, with rows expanded: the first, or that behind one of its links."""
        headers = {"Prefer": f"odata.maxpagesize={query.page_size}"}
        if link is not None:
            # A link may have lost the option that lets us look into the company (dynamics sheet §1.2).
            lost = {name: value for name, value in self.across().items() if f"{name}=" not in link}
            return (yield from _ask("GET", link, lost, headers=headers))
        params = {"$orderby": ",".join(self.key), "$expand": expand}
        wanted = self.within(ctx, conditions(ctx, self.enums, query))
        if wanted:
            params["$filter"] = wanted
        here = yield from self.here(ctx)
        response = yield from here.read(ctx, here.path, params, fields, headers=headers)
        if len(response.content) < _SMALL and not listed(response):
            yield from self._sure(ctx)
        return response

    def _sure(self, ctx: Context) -> Flow[None]:
        """Of a company that has nothing, make sure that there is such a company: the service says nothing of it."""
        if not self.per_company or "company is there" in ctx.memory:
            return
        area = ctx.settings.data_area
        path = f"/data/LegalEntities{v4.key(area)}"
        response = yield from _ask("GET", path, {"$select": "LegalEntityId"}, accept=(_FORBIDDEN, _NOT_FOUND))
        if response.status == _NOT_FOUND:
            raise ConfigError(
                f"there is no company {ctx.settings.company!r}",
                hint="settings.company names a legal entity; companies.list() tells which there are",
            )
        ctx.memory["company is there"] = True

    def every(self, ctx: Context, condition: str, fields: Iterable[str]) -> Flow[list[Row]]:
        """All rows for which a condition holds, in key order."""
        found: list[Row] = []
        last: Mapping[str, Any] | None = None
        names = tuple(fields)
        while True:
            response = yield from self._behind(ctx, condition, last, _MOST, names)
            rows = listed(response)
            found += rows
            if len(rows) < _MOST and v4.next_link(response.content) is None:
                return found
            last = self._last(rows, last)

    def carrying(self, ctx: Context, path: str, *values: str) -> Flow[list[Row]]:
        """The rows whose text at a path is exactly one of some values, as key, path and etag.

        The filter knows no case and takes an asterisk for anything, so that what comes is looked at again.
        """
        condition = " or ".join(f"{path} eq {v4.literal(value)}" for value in values)
        rows = yield from self.every(ctx, condition, (path,))
        return [row for row in rows if row.get(path) in values]

    def _behind(
        self, ctx: Context, condition: str, last: Mapping[str, Any] | None, size: int, fields: Iterable[str]
    ) -> Flow[Response]:
        params = {"$orderby": ",".join(self.key), "$top": str(size)}
        wanted = self.within(ctx, condition, v4.after(last) if last else "")
        if wanted:
            params["$filter"] = wanted
        here = yield from self.here(ctx)
        return (yield from here.read(ctx, here.path, params, fields))

    def _last(self, rows: list[Row], before: Mapping[str, Any] | None) -> dict[str, Any]:
        last = {name: rows[-1].get(name) for name in self.key} if rows else {}
        if not last or last == before or any(isinstance(value, (dict, list, type(None))) for value in last.values()):
            raise UnexpectedPayload(f"{self.name}: the ERP sent the same page twice, or rows without their key")
        return last

    def read(
        self,
        ctx: Context,
        path: str,
        params: Mapping[str, str],
        fields: Iterable[str],
        accept: tuple[int, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Flow[Response]:
        """A read of some fields. Where the environment's version refuses one, it is asked which it has, once."""
        remembered = f"fields of {self.type}"
        for last in (False, True):
            known: frozenset[str] | None = ctx.memory.get(remembered)
            own = [
                name for name in dict.fromkeys((*self.key, *fields, *self.also)) if "/" not in name and name[0] != "@"
            ]
            wanted = [name for name in own if known is None or name in known]
            final = last or known is not None
            options = {**self.across(), **params, "$select": ",".join(wanted)}
            response = yield from _ask(
                "GET", path, options, accept=accept if final else (*accept, _BAD_REQUEST), headers=headers
            )
            if final or response.status != _BAD_REQUEST:
                return response
            known = yield from self._known()
            if not set(own) - known:
                raise explain(ctx, Request("GET", path), response)
            ctx.memory[remembered] = known
        raise AssertionError("the second answer is returned")

    def _known(self) -> Flow[frozenset[str]]:
        """The properties of this entity, from the small metadata service: `$metadata` is tens of megabytes."""
        response = yield from self._described()
        try:
            return frozenset(str(prop["Name"]) for prop in response.json()["Properties"])
        except (ValueError, KeyError, TypeError):
            raise UnexpectedPayload(f"the metadata service does not describe {self.type}") from None

    def _described(self, accept: tuple[int, ...] = ()) -> Flow[Response]:
        return (yield from _ask("GET", f"/metadata/PublicEntities('{self.type}')", {}, accept=accept))

    def one(self, ctx: Context, *key: Any, fields: Iterable[str] | None = None) -> Flow[Row]:
        """One row by its key. Raises `NotFound`."""
        names = ctx.fields() if fields is None else fields
        here = yield from self.here(ctx)
        return entity((yield from here.read(ctx, here.at(ctx, *key), {}, names)))

    def look(self, ctx: Context, *key: Any, fields: Iterable[str] = ()) -> Flow[Row | None]:
        """One row by its key, None where there is none."""
        here = yield from self.here(ctx)
        response = yield from here.read(ctx, here.at(ctx, *key), {}, fields, accept=(_NOT_FOUND,))
        return None if response.status == _NOT_FOUND else entity(response)

    def add(self, ctx: Context, row: Row) -> Flow[Row]:
        """A new row, in this connection's company; the service answers with the whole of it."""
        company = {AREA: ctx.settings.data_area} if self.per_company else {}
        here = yield from self.here(ctx)
        return entity((yield from self._write("POST", here.path, {**row, **company}, None, {})))

    def change(self, ctx: Context, key: tuple[Any, ...], values: Row, etag: str | None) -> Flow[None]:
        """Change some fields of a row; the etag, byte for byte, guards it."""
        here = yield from self.here(ctx)
        yield from self._write("PATCH", here.at(ctx, *key), values, etag, self.across())

    def remove(self, ctx: Context, key: tuple[Any, ...], etag: str | None = None) -> Flow[None]:
        """Delete a row."""
        here = yield from self.here(ctx)
        yield from self._write("DELETE", here.at(ctx, *key), None, etag, self.across())

    def _write(
        self, method: str, path: str, body: Row | None, etag: str | None, params: Mapping[str, str]
    ) -> Flow[Response]:
        headers = {"If-Match": etag} if etag else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return (yield from _ask(method, path, params, json=body, headers=headers))


def _ask(
    method: str,
    path: str,
    params: Mapping[str, str],
    *,
    json: Row | None = None,
    headers: Mapping[str, str] | None = None,
    accept: tuple[int, ...] = (),
) -> Flow[Response]:
    """One request, with an id by which Microsoft's support finds it (dynamics sheet §1.1)."""
    named = {**(headers or {}), "x-ms-client-request-id": str(uuid4())}
    return (yield from ask(Request(method, path, params, named, json=json, accept=accept)))


def listed(response: Response) -> list[Row]:
    """The rows of an answer. Raises `UnexpectedPayload`."""
    try:
        rows = v4.rows(response.content)
    except ValueError:
        raise UnexpectedPayload("the answer is no OData list", status=response.status) from None
    if not all(isinstance(row, dict) for row in rows):
        raise UnexpectedPayload("a list of rows was expected", status=response.status)
    return rows


def entity(response: Response) -> Row:
    """The row of an answer. Raises `UnexpectedPayload`."""
    try:
        found = response.json()
    except ValueError:
        raise UnexpectedPayload("the answer is no JSON", status=response.status) from None
    if not isinstance(found, dict) or not any(name[0] != "@" for name in found if name):
        raise UnexpectedPayload("one row was expected", status=response.status)
    return found


def text_of(row: Mapping[str, Any], name: str) -> str:
    """A row's text, which must be there. Raises `UnexpectedPayload`."""
    found = row.get(name)
    if not isinstance(found, str):
        raise UnexpectedPayload(f"{name}: text was expected, {type(found).__name__} came")
    return found


def number_of(row: Mapping[str, Any], name: str) -> Decimal:
    """A row's number, which must be there: numbers are never null here. Raises `UnexpectedPayload`."""
    found = row.get(name)
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
        raise UnexpectedPayload(f"{name}: a number was expected, {type(found).__name__} came")
    return Decimal(found)


def etag_of(row: Mapping[str, Any]) -> str | None:
    """The etag that a row came with."""
    found = row.get("@odata.etag")
    return found if isinstance(found, str) else None
