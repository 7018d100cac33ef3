"""What became of each record of a bulk write, and of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from anyerp.connection.result import Outcome
from anyerp.errors import AnyErpError, OutcomeUnknown, Problem, UnexpectedPayload


class NotSent(AnyErpError):
    """The record was not tried, because what stopped the one before it would have stopped it too."""

    code = "not_sent"
    retry = "later"


class Interrupted(OutcomeUnknown):
    """The record was on its way when the call was interrupted."""

    code = "interrupted"


class Earlier(AnyErpError):
    """What an earlier run, whose report is continued, said of a record."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code  # type: ignore[misc]  # as it stands in the report


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """What became of one record.

    `index` is its place among those given, from 0. `applied`: the ERP has it, under `id`; `settled` says how we know
    (its `answer`, a `look` after an answer was lost, or it was there `before`). `not_applied`: nothing of it was
    written, and `error` says why, with a pointer into the record and the ERP's own words where it gave any.
    `unknown`: it was sent, and nobody can say. `key` is what it was sent with. `lost` are values left out because this
    ERP has no place for them, `warnings` what the ERP remarked. `resumed`: an earlier run had applied it.
    """

    index: int
    outcome: Outcome
    key: str | None = None
    id: str | None = None
    number: str | None = None
    settled: Literal["answer", "look", "before"] | None = None
    error: AnyErpError | None = None
    lost: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    resumed: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what says nothing is left out."""
        facts: dict[str, Any] = {"record": self.index, "outcome": self.outcome, "id": self.id, "number": self.number}
        facts |= {"key": self.key, "settled": self.settled}
        if self.error is not None:
            facts["error"] = self.error.to_dict()
        for name, problems in (("lost", self.lost), ("warnings", self.warnings)):
            if problems:
                facts[name] = [problem.to_dict() for problem in problems]
        return facts


@dataclass(frozen=True, slots=True)
class Report(Sequence[RecordOutcome]):
    """Every record's outcome, in the order of the records. `ok` when the ERP has all of them."""

    outcomes: tuple[RecordOutcome, ...] = field(default=(), repr=False)

    @property
    def applied(self) -> tuple[RecordOutcome, ...]:
        """Those that the ERP has."""
        return tuple(one for one in self.outcomes if one.outcome == "applied")

    @property
    def not_applied(self) -> tuple[RecordOutcome, ...]:
        """Those of which nothing was written."""
        return tuple(one for one in self.outcomes if one.outcome == "not_applied")

    @property
    def unknown(self) -> tuple[RecordOutcome, ...]:
        """Those of which nobody can say: look before you send them again, or continue from the report file."""
        return tuple(one for one in self.outcomes if one.outcome == "unknown")

    @property
    def ok(self) -> bool:
        """Whether all were applied."""
        return all(one.outcome == "applied" for one in self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    def __iter__(self) -> Iterator[RecordOutcome]:
        return iter(self.outcomes)

    @overload
    def __getitem__(self, index: int) -> RecordOutcome: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RecordOutcome, ...]: ...
    def __getitem__(self, index: int | slice) -> RecordOutcome | tuple[RecordOutcome, ...]:
        return self.outcomes[index]

    def __str__(self) -> str:
        counts = (("applied", self.applied), ("not applied", self.not_applied), ("unknown", self.unknown))
        return ", ".join(f"{len(found)} {name}" for name, found in counts if found) or "no records"


#: Called with each outcome as soon as it is known.
OnOutcome = Callable[[RecordOutcome], object]


def failed(
    index: int,
    key: str | None,
    error: AnyErpError,
    *,
    written: bool = False,
    sent: bool = True,
    id: str | None = None,
) -> RecordOutcome:
    """The outcome of a record that met an error.

    `written` says that the ERP had accepted a part of it; `sent` is false where nothing of it was sent yet.
    """
    # An answer that nobody can read came after the ERP had done its work, or had not: it does not say.
    unknown = written or (sent and isinstance(error, (OutcomeUnknown, UnexpectedPayload)))
    return RecordOutcome(index, "unknown" if unknown else "not_applied", key, id, error=error)
