"""Reading one model: pages by id, single records; one call brings a whole record (wire §4, §5, §13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query
from anyerp.errors import NotFound
from anyerp.wire import dump_json

from anyerp_tryton import envelope, rpc
from anyerp_tryton.codec import written_moment

#: A change's stamp is taken before its transaction ends: what was in the making at a read shows up later (wire §13).
OVERLAP = timedelta(seconds=5)
_SMALLEST, _LARGEST = 1, 2**63 - 1
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """One model, and what of it belongs to the resource.

    `also` are the fields needed beside a path of the lens, by that path: those of a list that is read as one value,
    the stamps of what is written with it. `archives` says that it has records put aside (`active` false), which a
    search leaves out unless asked; `hidden`, that lists of related records are wanted with such ones, too. `stamps` are
    the modification stamps that tell of a change. `finish` puts what is not Tryton's into rows that were read, under
    names that begin with `_`.
    """

    model: str
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: tuple[Any, ...] = ()
    archives: bool = False
    hidden: bool = False
    stamps: tuple[str, ...] = ("last_modified_at",)
    finish: Callable[[Context, Rows], Flow[None]] | None = None

    def fields(self, ctx: Context) -> list[str]:
        """The fields to ask for, dotted."""
        paths = ctx.fields()
        further = (name for path in paths for name in self.also.get(path, ()))
        return list(dict.fromkeys([*filter(None, map(dotted, paths)), *further]))

    @property
    def context(self) -> Mapping[str, Any]:
        """What is added to the user's context."""
        return {"active_test": False} if self.hidden else rpc.NONE

    def domain(self, *more: Any) -> rpc.Domain:
        """The condition of the resource, and more."""
        return [*self.only, *([["active", "in", [True, False]]] if self.archives else []), *more]

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """The records behind an id, in the order of ids."""
        conditions: list[Any] = []
        if state is not None:
            conditions.append(["id", ">", state["after"]["id"]])
        if query.updated_since is not None:
            since = written_moment(query.updated_since - OVERLAP)
            conditions.append(["OR", *([[stamp, ">=", since]] for stamp in self.stamps)])
        response = yield from rpc.sent(
            ctx,
            f"{self.model}.search_read",
            self.domain(*conditions),
            0,
            query.page_size,
            [["id", "ASC"]],
            self.fields(ctx),
            more=self.context,
        )
        content = response.content
        if self.finish is not None:
            found: Rows = envelope.result(response)
            yield from self.finish(ctx, found)
            content = dump_json({"result": found})
        return PageAnswer(content, full=query.page_size, key=("id",))

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One record. Searched for, not read: an unknown id is then no error whose words must be understood."""
        found = yield from self.find(ctx, ["id", "=", number_of(id)])
        if found is None:
            raise NotFound(f"no {self.model} has the id {id[:40]!r}")
        return found

    def find(self, ctx: Context, *condition: Any) -> Flow[dict[str, Any] | None]:
        """The first record for which conditions hold, by id; None where there is none."""
        found = yield from rpc.rows(ctx, self.model, self.domain(*condition), self.fields(ctx), 1, self.context)
        if found and self.finish is not None:
            yield from self.finish(ctx, found)
        return found[0] if found else None


def number_of(id: str) -> int:
    """An id as Tryton's number; what cannot be one becomes 0, which no record has."""
    number = int(id) if id.isascii() and id.isdigit() and len(id) <= 18 else 0
    return number if _SMALLEST <= number <= _LARGEST else 0


def dotted(path: str) -> str:
    """A path of the lens as Tryton's field: `lines./*/product./code` is `lines.product.code`, a whole list nothing.

    What is not Tryton's own (see `Table.finish`) is nothing, too.
    """
    name = "".join(step for step in path.split("/") if step != "*" and not step.isdecimal())
    ours = any(step.startswith("_") and step != "_timestamp" for step in name.split("."))
    return "" if ours or name.endswith(".") else name
