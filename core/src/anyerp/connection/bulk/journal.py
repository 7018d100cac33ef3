"""The report file: JSON lines, on the disk before anything is sent and as soon as anything is known.

    {"anyerp_report": 1, "operation": "create", "resource": "purchase_orders", "connector": ..., "run": ...}
    {"sending": [[0, "K7Q2M0PC0000", "<digest>"], ...], "at": 1764000000.5}
    {"record": 0, "outcome": "applied", "id": "4500000014", "number": "4500000014", "key": "K7Q2M0PC0000", ...}

A record that is `sending` and has no outcome may or may not have been written: whoever continues looks for its key
first. The last line that speaks of a record counts. A line that a crash cut off is taken away.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from anyerp.connection.bulk.outcome import Earlier, RecordOutcome
from anyerp.errors import ConfigError
from anyerp.model.base import Record

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier runs said of one record: its key, its content, when it was sent (Unix time), and the outcome.

    An outcome of None: it was being sent.
    """

    key: str | None
    digest: str
    outcome: RecordOutcome | None = None
    at: float = 0.0


def digest_of(record: Record) -> str:
    """A fingerprint of what a host set in a record."""
    text = record.model_dump_json(exclude_unset=True, exclude={"raw"}, warnings=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


class Journal:
    """One report file, open for one run. Raises `ConfigError` where it is another's, or no report."""

    def __init__(self, path: str | os.PathLike[str], head: Mapping[str, str], run: str) -> None:
        self.past: dict[int, Past] = {}
        self.run = run
        self._path = Path(path)
        try:
            self._file: IO[bytes] = self._path.open("a+b")
        except OSError as error:
            raise ConfigError(f"the report {path} cannot be written: {error.strerror}") from None
        try:
            _lock(self._file, self._path)
            self._begin(dict(head))
        except BaseException:
            self._file.close()
            raise

    def sending(self, items: Iterable[tuple[int, str | None, str]]) -> None:
        """Note what is about to be sent; it is on the disk when this returns."""
        self._write([{"sending": [list(item) for item in items], "at": round(time.time(), 1)}])

    def done(self, outcomes: Sequence[RecordOutcome]) -> None:
        """Note outcomes; they are on the disk when this returns."""
        self._write([outcome.to_dict() for outcome in outcomes])

    def close(self) -> None:
        """Let go of the file, and of its lock."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, head: dict[str, str]) -> None:
        self._file.seek(0)
        content = self._file.read()
        whole, _, torn = content.rpartition(b"\n")
        if torn:
            self._file.truncate(len(content) - len(torn))
        lines = whole.split(b"\n") if whole else []
        if not lines:
            self._write([{"anyerp_report": _VERSION, **head, "run": self.run}])
            _sync_folder(self._path)
            return
        said = self._parsed(1, lines[0])
        self._compare(said, head)
        self.run = str(said.get("run"))
        for number, line in enumerate(lines[1:], 2):
            self._learn(self._parsed(number, line))

    def _parsed(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ConfigError(f"{self._path}, line {number}, is no line of a report", hint="give another file")
        return found

    def _compare(self, said: Mapping[str, Any], head: Mapping[str, str]) -> None:
        if said.get("anyerp_report") != _VERSION:
            raise ConfigError(f"{self._path} is no report of this version of anyerp", hint="give another file")
        for name, value in head.items():
            if said.get(name) != value:
                raise ConfigError(
                    f"{self._path} is the report of another run: its {name} is {said.get(name)!r}, not {value!r}",
                    hint="give another file",
                )

    def _learn(self, said: dict[str, Any]) -> None:
        try:
            for index, key, digest in said.get("sending", ()):
                self.past[index] = Past(key, digest, at=float(said.get("at", 0.0)))
            if "record" in said:
                before = self.past.get(said["record"], Past(said.get("key"), ""))
                self.past[said["record"]] = replace(before, outcome=_outcome(said))
        except (KeyError, TypeError, ValueError):
            raise ConfigError(f"{self._path} holds a line that is no report's", hint="give another file") from None

    def _write(self, facts: Iterable[Mapping[str, Any]]) -> None:
        lines = [_line(fact) for fact in facts]
        self._file.write(b"".join(lines))
        self._file.flush()
        os.fsync(self._file.fileno())


def _line(fact: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(fact) + b"\n"
    except UnicodeEncodeError:  # half a character, in what an ERP or a record says
        return json.dumps(fact, separators=(",", ":")).encode() + b"\n"


def _outcome(said: Mapping[str, Any]) -> RecordOutcome:
    error = said.get("error")
    return RecordOutcome(
        said["record"],
        said["outcome"],
        said.get("key"),
        said.get("id"),
        said.get("number"),
        said.get("settled"),
        Earlier(str(error.get("code")), str(error.get("message"))) if error else None,
        resumed=True,
    )


def _lock(file: IO[bytes], path: Path) -> None:
    """Keep other processes out: two that continue one report would each send what is left."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - Windows does not let two processes write one file so easily
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ConfigError(
            f"the report {path} is being written by another run", hint="wait until it has ended"
        ) from None


def _sync_folder(path: Path) -> None:
    """Make a new file's name survive a power cut as well."""
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError:  # not a thing that every system opens
        return
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
