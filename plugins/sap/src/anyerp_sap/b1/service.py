"""Reading and writing one entity set: pages by key, single records, writes with the record's etag (sap sheet §13)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from anyerp.connector import Context, Flow, PageAnswer, Query, Request, Response, ask
from anyerp.errors import NotFound, UnexpectedPayload
from anyerp.kits import overlay
from anyerp.kits.odata import v4
from anyerp.wire import dump_json

from anyerp_sap.b1.metadata import Metadata
from anyerp_sap.b1.record import CUSTOM_FIELDS, Shape, told
from anyerp_sap.b1.stamp import moment
from anyerp_sap.zone import zone

_BAD_REQUEST = 400
#: Some keys that the system gave itself are negative: -1 is "Manual" among units, and cash among terms.
_NUMBER = re.compile(r"-?[0-9]{1,10}")
_METADATA = "metadata"
#: Keys in one filter, so that the address stays short, and rows in one page of what they find.
_KEYS, _PAGE = 20, 100


@dataclass(frozen=True, slots=True)
class EntitySet:
    """One set: its key, the shape of its records, a filter that always holds, its stamps' fields.

    `created` is the day of creation, `day` and `clock` the stamp of the last change. `always` are fields that a flow
    needs beside the lens, `lacks` fields of the lens that only another set has.
    """

    name: str
    key: str
    shape: Shape
    numeric: bool = False
    only: str = ""
    created: str | None = None
    clock: str = "UpdateTime"
    day: str = "UpdateDate"
    always: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()

    def at(self, key: str) -> str:
        """Path of one record. Raises `NotFound` for what cannot be a key."""
        if self.numeric:
            if not _NUMBER.fullmatch(key):
                raise NotFound(f"{self.name}: a number is the key here, not {key!r}")
            return f"{self.name}({int(key)})"
        return self.name + quote(v4.key(key), safe="()'")

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """The rows behind the last key, as many as asked for.

        The default is 20 whatever there is, and a next link may lack the options (sap sheet §13): the size is always
        said, and of a link only its presence counts.
        """
        last = (state or {}).get("after")
        conditions = [self.only, self._since(ctx, query.updated_since), v4.after({self.key: last}) if last else ""]
        params = {"$orderby": self.key} | self._filter(*conditions)
        also = (self.created, self.day, self.clock) if query.updated_since is not None and self.created else ()
        response = yield from self.read(ctx, self.name, params, size=query.page_size, also=also)
        natives = rows(response)
        following = None
        if natives and (len(natives) >= query.page_size or v4.next_link(response.content) is not None):
            following = natives[-1].get(self.key)
            if following is None or following == last or isinstance(following, (dict, list)):
                raise UnexpectedPayload(f"{self.name}: the same page twice, or rows without {self.key}")
        kept = [native for native in natives if self._late(ctx, native, query.updated_since)]
        kept = yield from told(ctx, self.shape, kept)
        return PageAnswer(dump_json({"value": kept}), next=None if following is None else {"after": following})

    def _filter(self, *conditions: str) -> dict[str, str]:
        found = v4.both(*conditions) if any(conditions) else ""
        return {"$filter": found} if found else {}

    def _since(self, ctx: Context, since: datetime | None) -> str:
        """Changed or made on that day of the company's calendar, or later: finer cannot be asked.

        The day of change is null until the first one.
        """
        if since is None or self.created is None:
            return ""
        day = v4.literal(since.astimezone(zone(ctx.settings.time_zone)).date().isoformat())
        return f"{self.day} ge {day} or {self.created} ge {day}"

    def _late(self, ctx: Context, native: Any, since: datetime | None) -> bool:
        """Whether a record was changed at that moment or later; where its stamp cannot be read, it stays."""
        if since is None or self.created is None or not isinstance(native, dict):
            return True
        try:
            at = moment(native.get(self.day), native.get(self.clock), ctx.settings.time_zone, latest=True)
        except (ValueError, TypeError):
            return True
        return at is None or not native.get(self.clock) or at >= since.replace(microsecond=0)

    def read(
        self,
        ctx: Context,
        path: str,
        params: Mapping[str, str],
        *,
        size: int | None = None,
        also: tuple[str | None, ...] = (),
    ) -> Flow[Response]:
        """A read of the fields that the lens maps, and of user fields. Fields that a company lacks are left out."""
        wanted = ctx.fields()
        if ctx.lens is not None and ctx.lens.beyond:
            overlay.hold(ctx, partial(self._has, (yield from self.metadata(ctx))), self.shape.type)
        if ctx.settings.custom_fields and CUSTOM_FIELDS in wanted:
            yield from self.metadata(ctx)
        headers = {} if size is None else {"Prefer": f"odata.maxpagesize={size}"}
        while True:
            known: Metadata | None = ctx.memory.get(_METADATA)
            names = [*wanted, *self.always, *filter(None, also)]
            own = {} if known is None or CUSTOM_FIELDS not in wanted else known.custom(self.shape.type)
            names += own if ctx.settings.custom_fields else ()
            tops = [name.partition("/")[0] for name in names if "@" not in name]
            tops = [top for top in tops if top not in self.lacks and (not known or known.has(self.shape.type, top))]
            select = v4.select(tops)
            accept = (_BAD_REQUEST,) if known is None else ()
            request = Request("GET", path, {**params, **select}, headers=headers, accept=accept)
            response = yield from ask(request)
            if response.status != _BAD_REQUEST:
                return response
            yield from self.metadata(ctx)

    def _has(self, known: Metadata, path: str) -> bool:
        """Whether a path is the company's; of its lists' rows, too. What we lay on ourselves has an `@`."""
        top, _, rest = path.partition("/")
        if "@" in path or top in self.lacks:
            return True
        row = (self.shape.lists or {}).get(top)
        if row is None or not rest:
            return known.has(self.shape.type, top)
        return known.has(row, rest.rpartition("/")[2])

    def several(self, ctx: Context, field: str, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
        """The records whose field holds one of these keys, the first of each key."""
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(keys), _KEYS):
            asked = " or ".join(f"{field} eq {v4.literal(key)}" for key in keys[start : start + _KEYS])
            last: Any = None
            while True:
                after = "" if last is None else v4.after({self.key: last})
                params = {"$orderby": self.key} | self._filter(self.only, asked, after)
                response = yield from self.read(ctx, self.name, params, size=_PAGE, also=(field,))
                natives = yield from told(ctx, self.shape, rows(response))
                for native in natives:
                    found.setdefault(str(native.get(field)), native)
                before, last = last, natives[-1].get(self.key) if natives else None
                if last in (None, before) or v4.next_link(response.content) is None:
                    break
        return found

    def sent(self, path: str, params: Mapping[str, str], size: int | None = None) -> Flow[Response]:
        """A read of fields that are named already."""
        headers = {} if size is None else {"Prefer": f"odata.maxpagesize={size}"}
        return (yield from ask(Request("GET", path, params, headers=headers)))

    def metadata(self, ctx: Context) -> Flow[Metadata]:
        """What the company's own metadata says, asked for once."""
        known: Metadata | None = ctx.memory.get(_METADATA)
        if known is None:
            response = yield from ask(Request("GET", "$metadata", headers={"Accept": "application/xml"}))
            known = Metadata.read(response.text())
            if not known.types:
                raise UnexpectedPayload("$metadata: no description of any type", status=response.status)
            ctx.memory[_METADATA] = known
        return known

    def one(self, ctx: Context, key: str) -> Flow[dict[str, Any]]:
        """One record by its key."""
        response = yield from self.read(ctx, self.at(key), {})
        return (yield from self.given(ctx, response))

    def given(self, ctx: Context, response: Response) -> Flow[dict[str, Any]]:
        """The record in an answer, with what its company says around it."""
        try:
            native = response.json()
        except ValueError:
            native = None
        if not isinstance(native, dict) or self.key not in native:
            raise UnexpectedPayload(f"{self.name}: one record was expected", status=response.status)
        found: dict[str, Any] = (yield from told(ctx, self.shape, [native]))[0]
        return found

    def first(self, ctx: Context, condition: str) -> Flow[dict[str, Any] | None]:
        """The first record for which a condition holds."""
        params = {"$orderby": self.key, "$top": "1"} | self._filter(self.only, condition)
        response = yield from self.read(ctx, self.name, params)
        found = rows(response)
        return (yield from told(ctx, self.shape, found[:1]))[0] if found else None


def rows(response: Response) -> list[Any]:
    """The rows of a page. Raises `UnexpectedPayload`, also where one of them is no object: it would read as empty."""
    found: list[Any] = [None]
    with suppress(ValueError):
        found = v4.rows(response.content)
    if not all(isinstance(row, dict) for row in found):
        raise UnexpectedPayload("the answer is no page of the Service Layer", status=response.status)
    return found


def write(method: str, path: str, body: Any = None, *, etag: str | None = None, **headers: str) -> Flow[Response]:
    """A write, with the etag that the record came with: another's change in between is refused."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if etag is not None:
        sent["If-Match"] = etag
    return (yield from ask(Request(method, path, json=body, headers=sent)))


def etag_of(native: Mapping[str, Any]) -> str | None:
    """The etag that a record came with; releases before FP 2102 have none."""
    found = native.get("@odata.etag")
    return found if isinstance(found, str) else None
