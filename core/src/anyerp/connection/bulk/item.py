"""Records on their way in: each with its key, and with what an earlier run said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from anyerp.connection.bulk.journal import Past, digest_of
from anyerp.connection.bulk.key import Keys
from anyerp.connection.bulk.outcome import RecordOutcome, failed
from anyerp.errors import AnyErpError, ConfigError, OutcomeUnknown
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)
Operation = Literal["create", "update"]
Look = Literal["always", "doubtful"]


@dataclass(frozen=True, slots=True)
class Item(Generic[R]):
    """One record to be written. `doubtful`: it may be there already, so look before it is sent.

    `sent_before`: an earlier run was sending it, or could not say what became of it. `sent_at`: when it was sent, by a
    run that did not live to hear the answer (Unix time).
    """

    index: int
    record: R
    key: str | None = None
    doubtful: bool = False
    digest: str = ""
    sent_before: bool = False
    sent_at: float = 0.0


class Unit(list[Item[R]]):
    """Items that are written together, and outcomes between them that were known before."""

    def __init__(self, items: Iterable[Item[R]] = (), known: Iterable[RecordOutcome] = ()) -> None:
        super().__init__(items)
        self.known = list(known)

    def whole(self, outcomes: Iterable[RecordOutcome]) -> list[RecordOutcome]:
        """The outcomes of the items, with those known before in their places."""
        return sorted([*outcomes, *self.known], key=lambda outcome: outcome.index)


class Intake(Generic[R]):
    """Makes an item of each record, or its outcome at once where nothing is left to be done."""

    def __init__(
        self,
        operation: Operation,
        key_field: str,
        given: Callable[[R], str | None] | None,
        made: Keys | None,
        look: Look,
        past: Mapping[int, Past] | None,
    ) -> None:
        self._creates = operation == "create"
        self._key_field, self._given, self._made, self._look = key_field, given, made, look
        self._reports, self._past = past is not None, past or {}
        self._by_key = {known.key: known for known in self._past.values() if known.key is not None}

    def take(self, index: int, record: R | AnyErpError) -> Item[R] | RecordOutcome:
        """One record, or in its place why it is none."""
        if isinstance(record, AnyErpError):
            return failed(index, None, record)
        if not isinstance(record, Record):
            return failed(index, None, ConfigError(f"a record was expected, not a {type(record).__name__}"))
        own = self._own_key(record) if self._creates else None
        key = own or (self._made(index) if self._made and self._creates else None)
        digest = digest_of(record) if self._reports else ""
        past = self._by_key.get(own) if own else self._past.get(index)
        if past is None:
            return Item(index, record, key, own is not None and self._look == "always", digest)
        return self._continued(index, record, key, digest, past, moved=own is None and past.digest != digest)

    def _own_key(self, record: R) -> str | None:
        value: Any = self._given(record) if self._given is not None else getattr(record, self._key_field, None)
        return value if isinstance(value, str) and value else None

    def _continued(
        self, index: int, record: R, key: str | None, digest: str, past: Past, *, moved: bool
    ) -> Item[R] | RecordOutcome:
        was = past.outcome.outcome if past.outcome else "unknown"
        if moved and was != "not_applied":
            wrong = ConfigError(
                "the report speaks of another record at this place",
                hint="continue with the records of the first run, in their order, or give each its own key",
            )
            return failed(index, key, wrong)
        if past.outcome is not None and was == "applied":
            return replace(past.outcome, index=index, resumed=True)
        if self._creates and key is None and was == "unknown":
            lost = OutcomeUnknown(
                "an earlier run was sending this record when it stopped, and without a key nobody can look for it",
                hint="look whether it is there",
            )
            return failed(index, key, lost)
        at = past.at if past.outcome is None else 0.0
        return Item(index, record, key, True, digest, sent_before=was == "unknown", sent_at=at)
