"""Many records at once: asynchronous collections of the record service, and many keys in one query (sheet §3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow
from anyerp.errors import AnyErpError, OutcomeUnknown

from anyerp_netsuite import job
from anyerp_netsuite.lookup import LISTED
from anyerp_netsuite.suiteql import rows

Body = Callable[[Context, dict[str, Any]], Flow[dict[str, Any]]]


class Bulk:
    """How records of a type are made and found by the hundred.

    `source` is their table with its alias `x` and `number` the native field of their number, a column of it too.
    """

    def __init__(self, kind: str, body: Body, source: str, number: str, where: str = "") -> None:
        self.kind, self.body, self.source, self.number, self.where = kind, body, source, number, where

    def operations(self) -> Mapping[str, Any]:
        """The two operations by name."""
        return {"create_batch": self.create, "find_many": self.find_many}

    def create(self, ctx: Context, natives: Sequence[dict[str, Any]]) -> Flow[list[BatchAnswer]]:
        """New records, one answer for each; a record that cannot be sent keeps none of the others back."""
        answers: dict[int, BatchAnswer] = {}
        bodies: dict[int, dict[str, Any]] = {}
        for at, native in enumerate(natives):
            try:
                bodies[at] = yield from self.body(ctx, native)
            except AnyErpError as error:
                answers[at] = BatchAnswer(error=error)
        places = list(bodies)
        for start in range(0, len(places), job.MOST):
            some = places[start : start + job.MOST]
            answers |= yield from self._sent(ctx, {at: bodies[at] for at in some})
        return [answers[at] for at in range(len(natives))]

    def _sent(self, ctx: Context, bodies: Mapping[int, dict[str, Any]]) -> Flow[dict[int, BatchAnswer]]:
        path = yield from job.submit(self.kind, list(bodies.values()))
        whole = yield from job.ended(path)
        keys = [str(body["externalId"]) for body in bodies.values() if body.get("externalId")]
        if whole and len(keys) == len(bodies):  # then one query says what would take a request for each
            there = yield from self.find_many(ctx, keys)
            return {at: _answer(there.get(str(body["externalId"]))) for at, body in bodies.items()}
        made: dict[int, str | AnyErpError] = {}
        for number, at in enumerate(bodies, 1):
            made[at] = yield from job.result(ctx, path, number)
        ids = [id for id in made.values() if isinstance(id, str)]
        known = yield from self._known("id", ids)
        return {
            at: BatchAnswer(known.get(id, {"id": id})) if isinstance(id, str) else BatchAnswer(error=id)
            for at, id in made.items()
        }

    def find_many(self, ctx: Context, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:  # noqa: ARG002 - as declared
        """The records that carry these external ids, by them: id and number of each."""
        return (yield from self._known("externalid", keys))

    def _known(self, column: str, values: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(values), LISTED):
            some = list(values[start : start + LISTED])
            text = (
                f"SELECT x.id AS id, x.{column} AS k, x.{self.number.lower()} AS n FROM {self.source} x "  # noqa: S608 - names of ours
                f"WHERE {self.where}x.{column} IN ({', '.join('?' * len(some))})"
            )
            for row in (yield from rows(text, some)):
                if "id" in row and "k" in row:
                    found[row["k"]] = {"id": row["id"], **({self.number: row["n"]} if "n" in row else {})}
        return found


def _answer(native: dict[str, Any] | None) -> BatchAnswer:
    if native is None:
        return BatchAnswer(error=OutcomeUnknown("the job has succeeded, and the record is not to be found"))
    return BatchAnswer(native)


def documents(kind: str, body: Body, sql_type: str) -> Bulk:
    """Transactions of one type (`PurchOrd`)."""
    return Bulk(kind, body, "transaction", "tranId", f"x.type = '{sql_type}' AND ")
