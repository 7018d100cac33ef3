"""Records on their way in: each with its key, and with what an earlier run said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from anyerp.connection.bulk.journal import Past, digest_of
from anyerp.connection.bulk.key import Keys
from anyerp.connection.bulk.outcome import RecordOutcome, failed
from anyerp.connection.operation import Operations
from anyerp.errors import AnyErpError, ConfigError, OutcomeUnknown
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)
Operation = Literal["create", "update"]
Look = Literal["always", "doubtful"]


#: A record, or its values by name, which are checked when it is written.
Given: TypeAlias = R | Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Item(Generic[R]):
    """One record to be written. `doubtful`: it may be there already, so look before it is sent.

    `sent_before`: an earlier run was sending it, or could not say what became of it. `sent_at`: when it was sent, by a
    run that did not live to hear the answer (Unix time).
    """

    index: int
    given: R | dict[str, Any]
    key: str | None = None
    doubtful: bool = False
    digest: str = ""
    sent_before: bool = False
    sent_at: float = 0.0

    @property
    def id(self) -> str | None:
        """The id that was given."""
        found = self.given.get("id") if isinstance(self.given, dict) else self.given.id
        return found if isinstance(found, str) else None

    def record(self, operations: Operations[R]) -> R:
        """The record. Raises `InvalidRecord` where values were given that make none."""
        return operations.made(self.given) if isinstance(self.given, dict) else self.given


class Unit(list[Item[R]]):
    """Items that are written together, and outcomes between them that were known before."""

    def __init__(self, items: Iterable[Item[R]] = (), known: Iterable[RecordOutcome] = ()) -> None:
        super().__init__(items)
        self.known = list(known)

    def whole(self, outcomes: Iterable[RecordOutcome]) -> list[RecordOutcome]:
        """The outcomes of the items, with those known before in their places."""
        return sorted([*outcomes, *self.known], key=_place)


_place = attrgetter("index")


class Intake(Generic[R]):
    """Makes an item of each record, or its outcome at once where nothing is left to be done."""

    def __init__(
        self,
        operation: Operation,
        operations: Operations[R],
        given: Callable[[R], str | None] | None,
        made: Keys | None,
        look: Look,
        past: Mapping[int, Past] | None,
    ) -> None:
        self._creates, self._operations = operation == "create", operations
        self._key_field, self._given, self._look = operations.resource.key_field, given, look
        self._made = made if self._creates else None
        self._reports, self._past = past is not None, past or {}
        self._by_key = {known.key: known for known in self._past.values() if known.key is not None}

    def take(self, index: int, record: Given[R] | AnyErpError) -> Item[R] | RecordOutcome:
        """One record, or in its place why it is none."""
        try:
            given = self._opened(record)
        except AnyErpError as error:
            return failed(index, None, error)
        own = self._own_key(given) if self._creates else None
        key = own or (self._made(index) if self._made is not None else None)
        digest = ""
        if self._reports and own is None:  # one with a key of its own is known by that
            try:
                digest = digest_of(self._operations.made(given) if isinstance(given, dict) else given)
            except AnyErpError as error:
                return failed(index, None, error)
        past = None if not self._past else self._by_key.get(own) if own else self._past.get(index)
        if past is None:
            return Item(index, given, key, own is not None and self._look == "always", digest)
        return self._continued(index, given, key, digest, past, moved=own is None and past.digest != digest)

    def _opened(self, record: Given[R] | AnyErpError) -> R | dict[str, Any]:
        if isinstance(record, Record):
            return record
        if isinstance(record, AnyErpError):
            raise record
        if not isinstance(record, Mapping):
            raise ConfigError(f"a record was expected, not a {type(record).__name__}")
        # A function that gives keys is given a record, and so is an update, which has no quick way.
        late = self._creates and self._given is None
        return dict(record) if late else self._operations.made(record)

    def _own_key(self, given: R | dict[str, Any]) -> str | None:
        value: Any
        if isinstance(given, dict):
            value = given.get(self._key_field)
        else:
            value = self._given(given) if self._given is not None else getattr(given, self._key_field, None)
        return value if isinstance(value, str) and value else None

    def _continued(
        self, index: int, given: R | dict[str, Any], key: str | None, digest: str, past: Past, *, moved: bool
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
        return Item(index, given, key, True, digest, sent_before=was == "unknown", sent_at=at)
