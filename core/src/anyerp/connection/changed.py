"""What changed since last time: by the ERP's own change stamp where it has one, else by comparing with a snapshot."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from anyerp.errors import InvalidCursor
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)
OnRead = Callable[[int], None]

#: A stamp is set before its transaction ends, and clocks differ: so much is read again, and what was seen is left out.
OVERLAP = timedelta(minutes=10)
#: After how many records `progress` is told again.
STEP = 100
_FORMAT = 1
_AT_MOST = 1 << 28


class Changed(NamedTuple, Generic[R]):
    """What `changes` found: `created, updated, deleted, state = erp.purchase_orders.changes(state)`.

    `deleted` holds ids. `state` is the text to give next time; keep it where you keep what you made of the records,
    in one transaction if you can. It grows with the number of records, about ten bytes for each.
    """

    created: list[R]
    updated: list[R]
    deleted: list[str]
    state: str


@dataclass(slots=True)
class Known:
    """What a state holds: the mark of every record by its id, and the moment of the latest change."""

    of: str
    fields: list[str] | None
    since: datetime | None = None
    marks: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """As text that survives any store."""
        body = {
            "format": _FORMAT,
            "of": self.of,
            "fields": self.fields,
            "since": self.since and self.since.isoformat(),
            "marks": self.marks,
        }
        return base64.b85encode(zlib.compress(json.dumps(body, separators=(",", ":")).encode(), 6)).decode()

    @classmethod
    def read(cls, text: str, of: str, fields: Sequence[str] | None) -> Known:
        """The state of a text. Raises `InvalidCursor` for a damaged one, or one of another resource or field list."""
        try:
            unzip = zlib.decompressobj()
            body = json.loads(unzip.decompress(base64.b85decode(text), _AT_MOST))
            since = body["since"] and datetime.fromisoformat(body["since"])
            found = cls(body["of"], body["fields"], since, dict(body["marks"]))
            sound = body["format"] == _FORMAT and unzip.eof
        except (ValueError, KeyError, TypeError, zlib.error, RecursionError):
            raise InvalidCursor("this is no state of changes", hint="begin anew with None") from None
        wanted = None if fields is None else sorted(fields)
        if not sound or found.of != of or found.fields != wanted:
            made = f"{found.of}, fields {', '.join(found.fields or ['all'])}"
            raise InvalidCursor(
                f"the state was made for other changes ({made})", hint="give it to the same call, or begin anew"
            )
        return found


class Comparison(Generic[R]):
    """Compares records with what was known of them. `since` is where to read from, None for everything."""

    def __init__(
        self,
        state: str | None,
        of: str,
        fields: Sequence[str] | None,
        *,
        stamped: bool,
        now: Callable[[], datetime],
        progress: OnRead | None = None,
    ) -> None:
        wanted = None if fields is None else sorted(fields)
        #: What to read: the stamp comes along.
        self.fields = None if fields is None else [*fields, "updated_at"]
        self._known = Known(of, wanted) if state is None else Known.read(state, of, fields)
        self._stamped, self._began = stamped, now()
        self.since = self._known.since - OVERLAP if stamped and self._known.since is not None else None
        #: Whether every record is read, so that one that is missing has been deleted.
        self.whole = self.since is None
        self._latest = self._known.since
        self._seen: set[str] = set()
        self._progress, self._read = progress, 0
        self.created: list[R] = []
        self.updated: list[R] = []

    def take(self, record: R) -> None:
        """Look at one record."""
        assert record.id is not None
        self._count(record.id)
        if record.updated_at is not None:
            self._latest = max(self._latest or record.updated_at, record.updated_at)
        mark = _mark(record)
        before = self._known.marks.get(record.id)
        if before != mark:
            (self.created if before is None else self.updated).append(record)
            self._known.marks[record.id] = mark

    def present(self, record: R) -> None:
        """Look at a record only to see that it is still there."""
        assert record.id is not None
        self._count(record.id)
        self.whole = True

    def done(self) -> Changed[R]:
        """What changed."""
        known = self._known
        if self._progress is not None:
            self._progress(self._read)
        deleted = [id for id in known.marks if id not in self._seen] if self.whole else []
        for id in deleted:
            del known.marks[id]
        known.since = (self._latest or self._began) if self._stamped else None
        return Changed(self.created, self.updated, deleted, known.text())

    def _count(self, id: str) -> None:
        self._seen.add(id)
        self._read += 1
        if self._progress is not None and self._read % STEP == 0:
            self._progress(self._read)


def _mark(record: Any) -> str:
    content = record.model_dump_json(exclude={"raw"}, exclude_none=True, warnings=False)
    return base64.b85encode(hashlib.blake2b(content.encode(), digest_size=8).digest()).decode()
