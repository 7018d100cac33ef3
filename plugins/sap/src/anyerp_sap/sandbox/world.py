"""The system behind the services: rows, clock, number ranges, locks; and one unit of work on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from anyerp_sap.sandbox.edm import Entity, Row, Value
from anyerp_sap.sandbox.errors import Message, SapError, business, say
from anyerp_sap.sandbox.schema import SERVICES
from anyerp_sap.sandbox.store import Store

ENTITIES: dict[str, Entity] = {name: e for service in SERVICES.values() for name, e in service.entities.items()}
_TICK = timedelta(microseconds=1)


@dataclass
class World:
    """Everything that outlives a request."""

    now: Callable[[], datetime]
    store: Store = field(default_factory=lambda: Store(ENTITIES))
    #: The next number of each range.
    numbers: dict[str, int] = field(default_factory=dict)
    #: Document ("A_PurchaseOrder 4500000001") → user that has it open.
    locks: dict[str, str] = field(default_factory=dict)

    def next_number(self, name: str) -> str:
        """Draw a number; a number drawn by a write that fails is lost, as in the real system."""
        number = self.numbers[name]
        self.numbers[name] = number + 1
        return str(number)

    def after(self, last: Value) -> datetime:
        """Give the stamp of a change: now, and later than the last one even when the clock stands still."""
        now = self.now()
        return max(now, last + _TICK) if isinstance(last, datetime) else now


@dataclass
class Work:
    """One unit of work: a single write or a change set. Rules collect what is wrong in it and what is odd."""

    world: World
    language: str
    user: str
    problems: list[Message] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    documents: dict[str, None] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The rows."""
        return self.world.store

    def enter(self, name: str, number: str, label: str) -> None:
        """Work on a document. Raises a 400 when another user has it open, or for a second one in a change set."""
        document = f"{name} {number}"
        holder = self.world.locks.get(document)
        if holder is not None and holder != self.user:
            raise SapError(400, [say("ME/006", holder, label, number)])
        self.documents[document] = None
        if len(self.documents) > 1:
            raise SapError(400, [say("/IWBEP/CM_MGW_RT/053", *self.documents)])

    def problem(self, code: str, *args: object, target: str = "") -> None:
        """Note a failed check; the write is refused with all of them together."""
        self.problems.append(say(code, *args, target=target))

    def warn(self, code: str, *args: object, target: str = "") -> None:
        """Note a warning; the write goes on and the answer carries it in `sap-message`."""
        self.warnings.append(say(code, *args, severity="warning", target=target))

    def settle(self) -> None:
        """Refuse the write when a check failed."""
        if self.problems:
            raise business([*self.problems, *self.warnings])

    def insert(self, name: str, row: Row, label: str) -> Row:
        """Put a new row. Raises a 400 when its key is taken."""
        key = self.store.entities[name].key_of(row)
        if self.store.get(name, key) is not None:
            raise SapError(400, [say("06/028", label, "/".join(str(part) for part in key))])
        return self.store.put(name, row)

    def change(self, name: str, row: Row, changes: Mapping[str, Value]) -> Row:
        """Put a row with some values changed."""
        return self.store.put(name, {**row, **changes})

    def exists(self, what: str, name: str, value: Value) -> bool:
        """Check that master data of a one-part key exists; a problem when it does not."""
        found = self.store.find(name, value) is not None
        if not found:
            self.problem("ME/013", what, value)
        return found
