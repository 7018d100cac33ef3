"""Reading and writing one V2 entity set: paging, single records, writes with token and etag (sap sheet §3-§8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Request, Response, ask
from anyerp.errors import NotFound, UnexpectedPayload
from anyerp.kits import overlay
from anyerp.kits.odata import csrf, v2
from anyerp.wire import dump_json

from anyerp_sap.s4 import custom, refusal
from anyerp_sap.s4.auth import explain, messages
from anyerp_sap.s4.metadata import Metadata

_BAD_REQUEST, _WANTS_ETAG = 400, 428
#: Rows of one request that reads all of a kind; a `$top` above 5000 may be cut (sap sheet §6).
_MANY = 1000


@dataclass(frozen=True, slots=True)
class EntitySet:
    """One set of one service, its key in order, and a filter that always holds.

    `changed` is its change stamp, `stamp` how a moment is written to be compared with it, and `older` the same two of
    releases without that field. `also` are paths that a write needs and the lens does not map (keys of parts),
    `beside` those that our own sums need in every read; `lacks` are fields of the lens that only another set has.
    `called` is what people call an entity, for messages.
    """

    service: str
    name: str
    key: tuple[str, ...]
    only: str = ""
    changed: str | None = None
    stamp: Callable[[datetime], str] = v2.literal
    older: tuple[str, Callable[[datetime], str]] | None = None
    also: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    called: str = ""

    @property
    def root(self) -> str:
        """Path of the service."""
        return f"/sap/opu/odata/sap/{self.service}"

    @property
    def path(self) -> str:
        """Path of the set."""
        return f"{self.root}/{self.name}"

    @property
    def metadata(self) -> str:
        """Under what name a connection remembers the metadata of the service."""
        return f"metadata of {self.service}"

    def gathered(self, ctx: Context, record: dict[str, Any]) -> dict[str, Any]:
        """A record with its custom fields where the lens finds them."""
        return custom.gather(ctx, ctx.memory.get(self.metadata), self.name, record)

    def at(self, **key: str) -> str:
        """Path of one entity."""
        return f"{self.path}{v2.key(**key)}"

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page: a next link is followed as it is, else the rows behind the last key are asked for.

        A system that cuts our `$top` gives its rows in several answers and ends there, so the end of such a chain is
        asked for what follows (sap sheet §6).
        """
        full = query.page_size
        if isinstance(state, dict) and "link" in state:
            response, full = (yield from ask(Request("GET", state["link"]))), 1
        else:
            after = (state or {}).get("after")
            behind = v2.after(after) if after else ""

            def params(known: Metadata | None) -> dict[str, str]:
                filters = [f"({part})" for part in (self.only, self._since(query, known), behind) if part]
                made = {"$filter": " and ".join(filters)} if filters else {}
                if ctx.settings.paging == "keyset":
                    made |= {"$top": str(query.page_size), "$orderby": ",".join(self.key)}
                return made

            response = yield from self.read(ctx, self.path, params)
        link = v2.next_link(response.content)
        if link is not None:
            return PageAnswer(response.content, next={"link": link})
        if ctx.settings.paging == "keyset":
            return PageAnswer(response.content, full=full, key=self.key)
        return PageAnswer(response.content)

    def _since(self, query: Query, known: Metadata | None) -> str:
        if query.updated_since is None or self.changed is None:
            return ""
        name, stamp = self.changed, self.stamp
        if self.older is not None and known is not None and not known.has(self.name, [name]):
            name, stamp = self.older
        return f"{name} ge {stamp(query.updated_since.astimezone(UTC))}"

    def read(
        self,
        ctx: Context,
        path: str,
        params: Mapping[str, str] | Callable[[Metadata | None], Mapping[str, str]],
        also: tuple[str, ...] = (),
        fields: Iterable[str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> Flow[Response]:
        """A read of the fields that the lens maps, or of `fields`.

        A system that refuses one is asked which it has (sap sheet §1); `params` may depend on that. `accept` are
        further statuses to be answered.
        """
        remembered = self.metadata
        if fields is None:
            yield from custom.learned(ctx, self.root, Metadata.read, remembered)
        for last in (False, True):
            known: Metadata | None = ctx.memory.get(remembered)
            wanted = (*ctx.fields(), *self.beside, *custom.paths(ctx, known, self.name)) if fields is None else fields
            every = (path for path in (*wanted, *also) if path not in self.lacks and not path.startswith("_anyerp"))
            paths = [path for path in every if known is None or self._has(known, path)]
            if known is not None:
                overlay.hold(ctx, partial(self._has, known), self.name)
            select, expand = v2.select(paths)
            chosen = {**(params(known) if callable(params) else params), "$format": "json"}
            chosen |= {name: names for name, names in (("$select", select), ("$expand", expand)) if names}
            statuses = accept if last or known is not None else (*accept, _BAD_REQUEST)
            request = Request("GET", path, chosen, accept=statuses)
            response = yield from ask(request)
            if response.status != _BAD_REQUEST or statuses == accept:
                return response
            document = yield from ask(Request("GET", f"{self.root}/$metadata", headers={"Accept": "*/*"}))
            ctx.memory[remembered] = Metadata.read(document.text())
        raise AssertionError("the second answer is returned as it is")

    def _has(self, known: Metadata, path: str) -> bool:
        names = [s for s in path.split("/") if s not in ("results", "*") and not s.isdecimal() and "=" not in s]
        return path in self.lacks or "_anyerp" in path or names[0] == "__metadata" or known.has(self.name, names)

    def one(self, ctx: Context, **key: str) -> Flow[dict[str, Any]]:
        """One record by its key."""
        said = f"{self.called or self.name} {'~'.join(key.values())}"
        response = yield from refusal.named(self.read(ctx, self.at(**key), {}, self.also), said)
        return entity(response)

    def first(self, ctx: Context, condition: str) -> Flow[dict[str, Any] | None]:
        """The first record for which a condition holds."""
        params = {"$filter": condition, "$top": "1", "$orderby": ",".join(self.key)}
        response = yield from self.read(ctx, self.path, params, self.also)
        rows = entity(response).get("results")
        if not isinstance(rows, list):
            raise UnexpectedPayload("a list was expected", status=response.status)
        return rows[0] if rows else None

    def every(
        self, ctx: Context, condition: str, fields: Iterable[str], accept: tuple[int, ...] = ()
    ) -> Flow[list[dict[str, Any]] | None]:
        """All rows for which a condition holds, with `fields`, page by page; None where a status of `accept` came."""
        rows: list[dict[str, Any]] = []
        params = {"$filter": condition, "$top": str(_MANY), "$orderby": ",".join(self.key)}
        response = yield from self.read(ctx, self.path, params, fields=(*self.key, *fields), accept=accept)
        while True:
            if response.status in accept:
                return None
            found = entity(response).get("results")
            if not isinstance(found, list):
                raise UnexpectedPayload("a list was expected", status=response.status)
            rows += found
            link = v2.next_link(response.content)
            if link is not None:
                response = yield from ask(Request("GET", link))
            elif len(found) >= _MANY:
                after = v2.after({name: str(found[-1][name]) for name in self.key})
                params["$filter"] = f"({condition}) and ({after})"
                response = yield from self.read(ctx, self.path, params, fields=(*self.key, *fields))
            else:
                return rows

    def demand(self, ctx: Context, condition: str, said: str) -> Flow[dict[str, Any]]:
        """The first record for which a condition holds, or `NotFound`."""
        found = yield from self.first(ctx, condition)
        if found is None:
            raise NotFound(f"no {said}")
        return found

    def add(self, ctx: Context, body: dict[str, Any]) -> Flow[Response]:
        """A new entity, sent to its own set: the metadata forbids creating parts through the navigation to them."""
        return self.write(ctx, "POST", self.path, body)

    def call(self, ctx: Context, name: str, **given: Any) -> Flow[Response]:
        """A function import of the service: POST, its parameters as literals in the query string (sap sheet §4)."""
        params = {key: v2.literal(value) for key, value in given.items()}
        request = Request("POST", f"{self.root}/{name}", {**params, "$format": "json"})
        response = yield from csrf.write(ctx, self.root, request, explain)
        ctx.warnings += messages(response)
        return response

    def write(self, ctx: Context, method: str, path: str, body: Any = None, etag: str | None = None) -> Flow[Response]:
        """A write with the session's CSRF token and the etag that the record came with, byte for byte.

        Where the system wants an etag that we were not shown, the entity is read for it, once (sap sheet §8).
        """
        response = yield from self._sent(ctx, method, path, body, etag, () if etag else (_WANTS_ETAG,))
        if response.status == _WANTS_ETAG:
            found = yield from ask(Request("GET", path, {"$format": "json"}))
            etag = found.headers.get("etag") or etag_of(entity(found))
            response = yield from self._sent(ctx, method, path, body, etag, ())
        ctx.warnings += messages(response)
        return response

    def _sent(
        self, ctx: Context, method: str, path: str, body: Any, etag: str | None, accept: tuple[int, ...]
    ) -> Flow[Response]:
        headers = {"If-Match": etag} if etag else {}
        headers["Content-Type"] = "application/json"
        request = Request(method, path, json=body, headers=headers, accept=accept)
        return (yield from csrf.write(ctx, self.root, request, explain))


def rewritten(
    answer: PageAnswer,
    among: EntitySet,
    change: Callable[[dict[str, Any]], dict[str, Any] | None],
    state: Any = None,
) -> PageAnswer:
    """A page with each row changed, or left out where that gives None, and the same place behind them.

    Raises `UnexpectedPayload` where that place is the one of `state`, which the page was asked for with.

    A row of another shape than `change` expects is marked, so that the lens refuses it; what is no page at all is left
    for its reader.
    """
    try:
        rows = v2.rows(answer.content)
    except (ValueError, TypeError):
        return answer
    if not all(isinstance(row, dict) for row in rows):
        return answer
    following = answer.next
    if following is None and answer.full is not None and rows and len(rows) >= answer.full:
        following = {"after": {name: str(rows[-1].get(name)) for name in among.key}}
        if following == state:
            raise UnexpectedPayload(f"{among.name}: the ERP sent the same page twice")
    changed = (_changed(row, change) for row in rows)
    return PageAnswer(dump_json({"d": {"results": [row for row in changed if row is not None]}}), next=following)


def _changed(row: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> dict[str, Any] | None:
    try:
        return change(row)
    except (AttributeError, TypeError, ValueError, ArithmeticError):
        return {**row, "_anyerp": "not readable"}


def total(amounts: Iterable[Any]) -> str:
    """The sum of native amounts as one; the first that is no number in its place, so that the lens refuses it."""
    found = Decimal(0)
    for amount in amounts:
        try:
            found += Decimal(amount or 0)
        except (ArithmeticError, TypeError, ValueError):
            return str(amount)
    return f"{found:f}"


def entity(response: Response) -> dict[str, Any]:
    """The `d` of an answer; some services put a single record into `results` (sap sheet §4)."""
    try:
        found = response.json()["d"]
    except (ValueError, KeyError, TypeError):
        raise UnexpectedPayload("the answer is no OData V2 JSON", status=response.status) from None
    if isinstance(found, dict) and isinstance(found.get("results"), dict):
        found = found["results"]
    if not isinstance(found, dict):
        raise UnexpectedPayload("one record was expected", status=response.status)
    return found


def new_key(response: Response, *names: str) -> list[str]:
    """The key that a new entity got. Raises `UnexpectedPayload` where its answer lacks it: it is there all the same."""
    found = entity(response)
    if not all(found.get(name) for name in names):
        raise UnexpectedPayload("a new entity was answered without its key", status=response.status)
    return [str(found[name]) for name in names]


def etag_of(native: Mapping[str, Any]) -> str | None:
    """The etag that a record came with."""
    metadata = native.get("__metadata")
    return metadata.get("etag") if isinstance(metadata, dict) else None
