"""Orders that are gone: posting the last invoice deletes an order, and only its documents can tell (sheet §2.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow
from anyerp.errors import AnyErpError, Conflict, Native, NotFound, Problem
from anyerp.kits.odata import v4

from anyerp_dynamics.bc.document import Document, key_path
from anyerp_dynamics.bc.lens.document import SEPARATOR
from anyerp_dynamics.bc.service import EntitySet, any_of

_KEYS = 25
#: What of an order its posted documents keep: a field of a customer's own is on the order only.
_KEPT = frozenset({"shipToContact", "shipToName"})


@dataclass(frozen=True, slots=True)
class Trace:
    """Posted documents that name their order: what they did to it, their set, their date, a filter."""

    did: str
    set: EntitySet
    dated: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class Vanishing:
    """Orders that are deleted when all of them is invoiced. The first of the `traces` proves that this was why."""

    document: Document
    called: str
    traces: tuple[Trace, ...]

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One order with its lines. Raises `NotFound`, which says what ended it."""
        own, _, number = id.partition(SEPARATOR)
        try:
            return (yield from self.document.get(ctx, own))
        except NotFound as error:
            if not number or error.status is None:
                raise
            raise (yield from self._explained(ctx, number, error)) from None

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The order that carries the caller's key. Raises `Conflict` where it was invoiced in full and is gone."""
        found = yield from self.document.find(ctx, key)
        if found is None:
            path = key_path(ctx)
            over = yield from self.ended(ctx, [{path: key}])
            if over:
                assert over[0].error is not None
                raise over[0].error
        return found

    def create_batch(self, ctx: Context, natives: Sequence[dict[str, Any]]) -> Flow[list[BatchAnswer]]:
        """Many orders in one batch, but for those whose key belongs to an order that was invoiced and is gone."""
        return self.document.create_batch(ctx, natives, self.ended)

    def ended(self, ctx: Context, natives: Sequence[Mapping[str, Any]]) -> Flow[dict[int, BatchAnswer]]:
        """Those new orders, by place, whose key was used for an order that is gone: it would be ordered again."""
        path, proof = key_path(ctx), self.traces[0]
        places = {str(native[path]): place for place, native in enumerate(natives) if native.get(path)}
        keys = list(places) if path in _KEPT else []
        rows: dict[str, list[dict[str, Any]]] = {}
        for start in range(0, len(keys), _KEYS):
            condition = v4.both(any_of(path, keys[start : start + _KEYS]), "orderNumber ne ''", proof.only)
            for row in (yield from proof.set.select(ctx, condition, "number", "orderNumber", proof.dated, path)):
                rows.setdefault(str(row.get(path)), []).append(row)
        return {places[key]: BatchAnswer(error=self._over(key, rows[key])) for key in rows if key in places}

    def _over(self, key: str, rows: list[dict[str, Any]]) -> Conflict:
        proof = self.traces[0]
        return Conflict(
            f"the {self.called} with the key {key!r} was {rows[0]['orderNumber']}, which is gone: "
            f"it was invoiced in full ({proof.did} by {_numbers(rows)})",
            problems=_problems(proof, rows),
            hint="nothing was sent; take another key for another order",
        )

    def _explained(self, ctx: Context, number: str, missing: NotFound) -> Flow[NotFound]:
        """Why an order is not there any more; the error as it was where its documents may not be read."""
        found: list[tuple[Trace, list[dict[str, Any]]]] = []
        try:
            for trace in self.traces:
                condition = v4.both(f"orderNumber eq {v4.literal(number)}", trace.only)
                found.append((trace, (yield from trace.set.select(ctx, condition, "number", trace.dated))))
        except AnyErpError:
            return missing
        proof, rows = found[0]
        told = "; ".join(f"{trace.did} by {_numbers(some)}" for trace, some in found if some)
        words = f"{self.called} {number} was deleted, and never {proof.did}"
        hint = f"it was {told}" if told else None
        if rows:
            words = f"{self.called} {number} is gone: it was invoiced in full ({told})"
            hint = "Business Central deletes an order with its last invoice; these documents have its lines"
        problems = [problem for trace, some in found for problem in _problems(trace, some)]
        return NotFound(words, hint=hint, status=missing.status, request_id=missing.request_id, problems=problems)


def _numbers(rows: list[dict[str, Any]]) -> str:
    return ", ".join(sorted(str(row.get("number")) for row in rows))


def _problems(trace: Trace, rows: list[dict[str, Any]]) -> list[Problem]:
    found = []
    for row in sorted(rows, key=lambda row: str(row.get("number"))):
        number = str(row.get("number"))
        native = Native(trace.set.name, number, "orderNumber")
        found.append(Problem(f"{trace.did} by {number} of {row.get(trace.dated)}", "/id", trace.did, native))
    return found
