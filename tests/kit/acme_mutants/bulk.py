"""Mutants that write many records badly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from acme_erp.connector import Table
from anyerp.connector import BatchAnswer, Context, Flow, Request, ask
from anyerp.errors import AnyErpError, OutcomeUnknown
from anyerp.lens import Changes

from acme_mutants.flowing import FindsNothing, SendsAgain
from acme_mutants.mutant import Mutant, orders

Native = dict[str, Any]


class Batches(Table):
    """Acme as if it had batches; this one is lawful."""

    def create_batch(self, ctx: Context, natives: Sequence[Native]) -> Flow[list[BatchAnswer]]:
        """Each record by itself, with its own answer."""
        answers = []
        for native in natives:
            try:
                answers.append(BatchAnswer((yield from self.create(ctx, native))))
            except AnyErpError as error:
                answers.append(BatchAnswer(error=error))
        return answers


class Exchanges(Batches):
    """Answers that come back in another order."""

    def create_batch(self, ctx: Context, natives: Sequence[Native]) -> Flow[list[BatchAnswer]]:
        """The last answer first."""
        return (yield from super().create_batch(ctx, natives))[::-1]


class TakesNeighboursDown(Batches):
    """One refusal is the refusal of all."""

    def create_batch(self, ctx: Context, natives: Sequence[Native]) -> Flow[list[BatchAnswer]]:
        """Every record shares the first error."""
        answers = yield from super().create_batch(ctx, natives)
        wrong = next((answer for answer in answers if answer.error is not None), None)
        return answers if wrong is None else [wrong] * len(answers)


class Promises(Batches):
    """The last record of a batch is not sent, and is called done."""

    def create_batch(self, ctx: Context, natives: Sequence[Native]) -> Flow[list[BatchAnswer]]:
        """All but the last."""
        answers = yield from super().create_batch(ctx, natives[:-1])
        return [*answers, BatchAnswer({**natives[-1], "Key": "made-up"})]


class TakesSilenceForNo(Table):
    """A lost answer is called a refusal."""

    def create(self, ctx: Context, native: Native) -> Flow[Native]:
        """Send, and take silence for no."""
        try:
            return (yield from super().create(ctx, native))
        except OutcomeUnknown as lost:
            raise AnyErpError("nobody answered") from lost


class BelievesItsUpdates(Table):
    """A lost answer to an update is called done."""

    def update(self, ctx: Context, id: str, native: Native, changes: Changes) -> Flow[None]:
        """Send, and hope."""
        try:
            yield from super().update(ctx, id, native, changes)
        except OutcomeUnknown:
            return


class StumblesOver(Table):
    """A page of HTML in place of an answer is more than it can bear."""

    def create(self, ctx: Context, native: Native) -> Flow[Native]:
        """Send, and trip."""
        response = yield from ask(Request("POST", self.path, json=native, accept=(500, 503)))
        return dict(response.json())


def batching(table: Batches) -> Any:
    """Acme with batches."""
    return orders(table=table, create_batch=table.create_batch)


MUTANTS = (
    Mutant("writes.many", "answers are exchanged", batching(Exchanges("orders")), "is told under the key"),
    Mutant("writes.many", "one refusal is all", batching(TakesNeighboursDown("orders")), "no outcome says so"),
    Mutant("writes.many", "a record is promised", batching(Promises("orders")), "does not have them"),
    Mutant("writes.faults", "a blind second order", orders(table=SendsAgain("orders")), "no outcome says so"),
    Mutant(
        "writes.faults", "silence is taken for no", orders(table=TakesSilenceForNo("orders")), "is called not applied"
    ),
    Mutant("writes.host", "a blind second order", orders(table=SendsAgain("orders")), "there 2 times"),
    Mutant(
        "writes.host", "silence is taken for no", orders(table=TakesSilenceForNo("orders")), "is called not applied"
    ),
    Mutant("writes.host", "an update that hopes", orders(table=BelievesItsUpdates("orders")), "the host was told"),
    Mutant("writes.host", "an error that is not ours", orders(table=StumblesOver("orders")), "InvalidJson"),
    Mutant("writes.faults", "the search finds nothing", orders(table=FindsNothing("orders")), "no outcome says so"),
)
