"""Reading and writing one set of API v2.0: pages, single records, writes with the etag (dynamics sheet §2.1-§2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Request, Response, ask
from anyerp.errors import NotFound, UnexpectedPayload
from anyerp.kits.odata import v4
from anyerp.wire import dump_json

from anyerp_dynamics.bc.codec import canonical
from anyerp_dynamics.bc.company import Company, company
from anyerp_dynamics.bc.filters import conditions
from anyerp_dynamics.bc.lens.common import ADDED, ETAG, STAMP

API = "v2.0"
#: The clock of the server is not ours, and a change may become visible after it was stamped (sheet §2.3).
OVERLAP = timedelta(seconds=5)
_STAMP = f'"{STAMP}":'.encode()


@dataclass(frozen=True, slots=True)
class EntitySet:
    """One set. `also` are paths that writing needs, with the mapped path that each goes with; `only` always holds.

    `shared` sets belong to the environment and not to a company; `orders` says that settings.order_api holds for it.
    """

    name: str
    also: Mapping[str, str] = field(default_factory=dict)
    only: str = ""
    changed: str | None = STAMP
    shared: bool = False
    orders: bool = False

    def path(self, ctx: Context, at: Company | None, *rest: str) -> str:
        """Path of the set, or of what lies below it."""
        api = ctx.settings.order_api if self.orders else API
        inside = f"companies({at.id})/" if at is not None and not self.shared else ""
        return "/".join([f"/{api}/{inside}{self.name}{rest[0] if rest else ''}", *rest[1:]])

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page; the next one is where the server's own link leads, whose token we do not read."""
        at = None if self.shared else (yield from company(ctx))
        prefer = {"Prefer": f"odata.maxpagesize={query.page_size}"}
        if state is not None:
            response = yield from ask(Request("GET", state["link"], headers=prefer))
        else:
            params = self._params(ctx)
            condition = v4.both(self.only, self._since(query), conditions(ctx, query))
            if condition:
                params["$filter"] = condition
            response = yield from ask(Request("GET", self.path(ctx, at), params, headers=prefer))
        link = v4.next_link(response.content)
        content = response.content if at is None else _named(ctx, response.content, at)
        return PageAnswer(content, next=None if link is None else {"link": link})

    def _since(self, query: Query) -> str:
        if query.updated_since is None or self.changed is None:
            return ""
        return f"{self.changed} ge {v4.literal(query.updated_since - OVERLAP)}"

    def _params(self, ctx: Context) -> dict[str, str]:
        """`$select` and `$expand` for what the lens maps; the stamp comes along, as our own facts stand beside it."""
        known = () if self.changed is None else (self.changed,)
        mapped = ctx.fields()
        also = [path for path, beside in self.also.items() if beside in mapped]
        return v4.select(dict.fromkeys([*mapped, *also, *known]))

    def one(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One record by its GUID. Raises `NotFound`, also for an id that is no GUID."""
        own = known_id(id)
        if self.only:
            found = yield from self.first(ctx, f"id eq {v4.literal(v4.Raw(own))}")
            if found is None:
                raise NotFound(f"no record {own} for which {self.only}")
            return found
        at = None if self.shared else (yield from company(ctx))
        response = yield from ask(Request("GET", self.path(ctx, at, f"({own})"), self._params(ctx)))
        return _known(record(response), ctx, at)

    def first(self, ctx: Context, condition: str) -> Flow[dict[str, Any] | None]:
        """The first record for which a condition holds."""
        at = None if self.shared else (yield from company(ctx))
        params = {"$filter": v4.both(self.only, condition), **self._params(ctx)}
        request = Request("GET", self.path(ctx, at), params, headers={"Prefer": "odata.maxpagesize=1"})
        found = rows((yield from ask(request)))
        return _known(found[0], ctx, at) if found else None

    def select(self, ctx: Context, condition: str, *fields: str) -> Flow[list[dict[str, Any]]]:
        """Some fields of the records for which a condition holds: one page of the server's own size, which is large."""
        at = None if self.shared else (yield from company(ctx))
        params = {**({"$filter": condition} if condition else {}), "$select": ",".join(fields)}
        return rows((yield from ask(Request("GET", self.path(ctx, at), params))))

    def add(self, ctx: Context, body: Mapping[str, Any]) -> Flow[dict[str, Any]]:
        """Make a record; gives it as the server answered. The order of the body's fields is kept."""
        at = yield from company(ctx)
        return record((yield from ask(Request("POST", self.path(ctx, at), json=dict(body)))))

    def named(self, ctx: Context, name: str, values: Sequence[str], among: str = "") -> Flow[list[dict[str, Any]]]:
        """The whole records that have one of these values in a field."""
        at = None if self.shared else (yield from company(ctx))
        params = {"$filter": v4.both(self.only, any_of(name, values), among), **self._params(ctx)}
        response = yield from ask(Request("GET", self.path(ctx, at), params))
        return [_known(row, ctx, at) for row in rows(response)]

    def write(
        self, ctx: Context, method: str, rest: tuple[str, ...], body: Any = None, etag: str | None = None
    ) -> Flow[Response]:
        """Change what lies below the set. A PATCH is refused without `If-Match` (sheet §2.4)."""
        at = yield from company(ctx)
        headers = {"If-Match": etag or "*"} if method != "POST" else {}
        return (yield from ask(Request(method, self.path(ctx, at, *rest), json=body, headers=headers)))


def _named(ctx: Context, content: bytes, at: Company) -> bytes:
    """A page whose rows say what they do not say themselves: the company, and where the web client shows it.

    It stands before the stamp, which headers have and lines have not; within a text its quotes would be escaped.
    """
    wanted = ADDED & set(ctx.fields())
    if not wanted:
        return content
    facts = {name: value for name, value in at.facts.items() if name in wanted}
    return content.replace(_STAMP, dump_json(facts)[1:-1] + b"," + _STAMP)


def _known(native: dict[str, Any], ctx: Context, at: Company | None) -> dict[str, Any]:
    if at is None:
        return native
    wanted = set(ctx.fields())
    return native | {name: value for name, value in at.facts.items() if name in wanted}


def any_of(name: str, values: Iterable[str]) -> str:
    """A filter for one of these values in a field: `or` is taken over one field only (sheet §2.3)."""
    return " or ".join(f"{name} eq {v4.literal(value)}" for value in values)


def known_id(id: str) -> str:
    """An id as the service writes it. Raises `NotFound` for what cannot be one."""
    own = canonical(id)
    if own is None:
        raise NotFound(f"no record {id[:40]!r}: the ids of Business Central are GUIDs")
    return own


def record(response: Response) -> dict[str, Any]:
    """The record of an answer. Raises `UnexpectedPayload`."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict) or "id" not in found:
        raise UnexpectedPayload("one record was expected", status=response.status)
    return found


def rows(response: Response) -> list[dict[str, Any]]:
    """The rows of an answer. Raises `UnexpectedPayload`."""
    try:
        return v4.rows(response.content)
    except ValueError:
        raise UnexpectedPayload("a list of records was expected", status=response.status) from None


def etag_of(native: Mapping[str, Any]) -> str | None:
    """The etag that a record came with."""
    found = native.get(ETAG)
    return found if isinstance(found, str) else None
