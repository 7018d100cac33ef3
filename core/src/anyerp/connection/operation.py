"""The unified operations as flows: what `Collection` and `AsyncCollection` both run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from pydantic import ValidationError

from anyerp.connection.changed import Comparison, OnRead
from anyerp.connection.progress import Progress, unread
from anyerp.connection.result import Done
from anyerp.connector import Context, Flow, Query, Resource, Wait
from anyerp.errors import (
    AnyErpError,
    ConfigError,
    Conflict,
    InvalidRecord,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    Problem,
    UnexpectedPayload,
)
from anyerp.lens import FieldCoverage, Lens, Unreadable, Written
from anyerp.lens.compiled import Compiled, explained
from anyerp.lens.coverage import left_out
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)
OnLoss = Literal["refuse", "report"]

#: Seconds between looks for a record whose answer was lost: an ERP may still be busy with it.
LOOKS = (0.0, 1.0, 4.0)


#: The status of a document after an operation.
_ENDS = {"cancel": "cancelled", "close": "closed"}


class Operations(Generic[R]):
    """The operations of one resource on one connection."""

    def __init__(
        self, name: str, resource: Resource[R], context: Context, lens: Lens[R], looks: tuple[float, ...]
    ) -> None:
        self.name, self.resource, self.lens = name, resource, lens
        self.context = replace(context, lens=lens)
        self.looks = looks
        self._narrow: dict[tuple[str, ...], Operations[R]] = {}

    def only(self, fields: Sequence[str] | None) -> Operations[R]:
        """The same operations, reading some fields only. Raises `ConfigError` for a field that there is not."""
        if fields is None:
            return self
        wanted = tuple(fields)
        if wanted not in self._narrow:
            try:
                lens = self.lens.only(wanted)
            except ValueError as error:
                raise ConfigError(f"{self.name}: {error}", hint="see the collection's .coverage") from None
            if missing := left_out(self.coverage, wanted):
                raise ConfigError(f"{self.name}: lists leave out {', '.join(missing)}", hint="get(id) gives it")
            self._narrow[wanted] = Operations(self.name, self.resource, self.context, lens, self.looks)
        return self._narrow[wanted]

    @cached_property
    def reader(self) -> Compiled[R]:
        """What turns pages into records."""
        return self.lens.compile(self.resource.rows, self.resource.flat, tuple(self._given.items()))

    @cached_property
    def _given(self) -> Mapping[str, Any]:
        """What the connection knows of every record, and no answer says."""
        return {} if self.resource.given is None else self.resource.given(self.context)

    @cached_property
    def coverage(self) -> tuple[FieldCoverage, ...]:
        """What each field can do here, in single records and in lists."""
        return self.resource.coverage(self.lens)

    def supported(self, operation: str) -> Any:
        """The connector's own function, or `NotSupported` with the declared reason."""
        function = getattr(self.resource, operation)
        if function is None:
            because = self.resource.because[operation]
            raise NotSupported(f"{self.name}.{'list' if operation == 'page' else operation}: {because}")
        return function

    def query(self, since: datetime | None, filters: Mapping[str, str] | None, page_size: int) -> Query:
        """What to list, checked: the moment is aware and this ERP can filter by it, the page has a size."""
        if since is not None and since.tzinfo is None:
            raise ConfigError("updated_since has no time zone", hint="give an aware datetime: datetime.now(UTC)")
        if since is not None and self.resource.updated_since != "native":
            raise NotSupported(
                f"{self.name}: this ERP keeps no change stamp", hint="ask for changes(state), which compares"
            )
        if page_size < 1:
            raise ConfigError(f"page_size must be at least 1, not {page_size}")
        return Query(page_size, since, filters or {})

    def comparison(
        self, owner: str, state: str | None, fields: Sequence[str] | None, progress: OnRead | None = None
    ) -> Comparison[R]:
        """What `changes` compares the records with."""
        stamped, of = self.resource.updated_since == "native", f"{self.name} of {owner[:12]}"
        return Comparison(state, of, fields, stamped=stamped, now=self.context.now, progress=progress)

    def read(self, native: dict[str, Any], *, raw: bool = False) -> R:
        """A native record as ours. Raises `UnexpectedPayload` with the reasons."""
        try:
            record = self.lens.get({**self._given, **native})
        except Unreadable as error:
            raise UnexpectedPayload(str(error), problems=(Problem(str(error), code="unreadable"),)) from None
        except ValidationError as error:
            raise UnexpectedPayload("the record does not fit the model", problems=explained(error)) from None
        return record.model_copy(update={"raw": native}) if raw else record

    def written_over(self, native: dict[str, Any], record: R) -> Written:
        """The record written over a native one, as the lens does it."""
        return self.lens.put({**self._given, **native}, record)

    def checked(self, record: R) -> R:
        """The record, validated anew: `model_copy(update=...)` does not."""
        if not isinstance(record, self.lens.model):
            raise ConfigError(f"{self.name} takes a {self.lens.model.__name__}, not a {type(record).__name__}")
        with _as_invalid_record():
            # It may hold what `model_copy` did not look at: no warning, the validation says it properly.
            values = record.model_dump(exclude_unset=True, exclude={"raw"}, warnings=False)
            return self.lens.model.model_validate(values)

    def made(self, values: Mapping[str, Any]) -> R:
        """A record of values by name. Raises `InvalidRecord`."""
        with _as_invalid_record():
            return self.lens.model.model_validate(dict(values))

    def get(self, id: str, *, raw: bool = False) -> Flow[R]:
        """One record by its id."""
        native = yield from self.supported("get")(self.context, id)
        return self.read(native, raw=raw)

    def keyed(self, record: R, key: str | None) -> R:
        """A new record, validated, the key in its place."""
        record = self.checked(record)
        return record if key is None else record.model_copy(update={self.resource.key_field: key})

    def resolved(self, record: R) -> Flow[R]:
        """A record with its references completed."""
        if self.resource.resolve is None:
            return record
        found: R = yield from self.resource.resolve(self.context, record)
        return found

    def planned(self, record: R, key: str | None) -> Flow[Written]:
        """The native form of a new record: validated, references resolved, the key in its place."""
        record = yield from self.resolved(self.keyed(record, key))
        return self.lens.create(record)

    def create(self, record: R, *, key: str | None, on_loss: OnLoss, look: bool = True) -> Flow[Done[R]]:
        """Create a record; with a key, exactly one of it. `look` is false for a key that nobody can have used."""
        send = self.supported("create")
        if key is not None and look:
            found = yield from self.look(key)
            if found is not None:
                return Done(self.read(found), settled="before", key=key)
        written = yield from self.planned(record, key)
        if on_loss == "refuse":
            written.demand()
        settled: Literal["answer", "look"] = "answer"
        context, progress = replace(self.context, warnings=[]), Progress()
        try:
            native = yield from progress.watch(send(context, written.native))
        except AnyErpError as error:
            if not progress.lost(error):
                raise
            lost = error if isinstance(error, OutcomeUnknown) else unread(self.name, error)
            native = yield from self._settled(key or self._own_key(record), lost)
            settled = "look"
        warnings = tuple(context.warnings)
        return Done(self.read(native), settled=settled, key=key, lost=written.problems, warnings=warnings)

    def _back(self, id: str) -> Flow[dict[str, Any]]:
        """The record after a write that the ERP has accepted; a failure to read it is no failure to write."""
        try:
            native: dict[str, Any] = yield from self.supported("get")(self.context, id)
        except AnyErpError as error:
            raise unread(self.name, error) from error
        return native

    def _own_key(self, record: R) -> str | None:
        value = getattr(record, self.resource.key_field, None)
        return value if isinstance(value, str) else None

    def look(self, key: str) -> Flow[dict[str, Any] | None]:
        """The native record that carries a key. Raises `NotSupported` where this ERP cannot look."""
        found: dict[str, Any] | None = yield from self.supported("find")(self.context, key)
        return found

    def _settled(self, key: str | None, error: OutcomeUnknown) -> Flow[dict[str, Any]]:
        if key is None or self.resource.find is None:
            error.hint = "give key=, so that a lost answer can be settled by looking"
            raise error
        for pause in self.looks:
            if pause:
                yield Wait(pause)
            try:
                found = yield from self.look(key)
            except AnyErpError:
                continue  # a look that fails says nothing of the write: the next one may
            if found is not None:
                return found
        error.hint = f"no record carries the key {key!r} yet; look again before sending it again"
        raise error

    def update(self, record: R, *, on_loss: OnLoss, again: bool = False) -> Flow[Done[R]]:
        """Write the fields that were set over the record as it is now, unless somebody else changed it.

        `again`: an earlier attempt may have done it; if every field reads as given, it has.
        """
        send = self.supported("update")
        _, record, native = yield from self.before_update(record, again=again)
        assert record.id is not None
        if again and self._reads_as_given(native, record):
            return Done(self.read(native), settled="look")
        written = self.written_over(native, record)
        if on_loss == "refuse":
            written.demand()
        context, progress = replace(self.context, warnings=[]), Progress()
        settled: Literal["answer", "look"] = "answer"
        if written.changes:
            try:
                yield from progress.watch(send(context, record.id, native, written.changes))
            except OutcomeUnknown as error:
                native = yield from self._there(record.id, record, error)
                settled = "look"
            else:
                native = yield from self._back(record.id)
        return Done(self.read(native), settled=settled, lost=written.problems, warnings=tuple(context.warnings))

    def before_update(self, record: R, *, again: bool = False) -> Flow[tuple[R, R, dict[str, Any]]]:
        """The record as given, with its references completed, and the native one. Raises `Conflict` (see `update`)."""
        if record.id is None:
            raise ConfigError(f"{self.name}.update needs a record with an id", hint="read it first, or create it")
        given = self.checked(record)
        found = yield from self.resolved(given)
        native = yield from self.supported("get")(self.context, str(found.id))
        if not (again and self._reads_as_given(native, found)):
            self._guard_version(found.version, self.read(native))
        return given, found, native

    def _there(self, id: str, record: R, error: OutcomeUnknown) -> Flow[dict[str, Any]]:
        """The record after a change whose answer was lost, if every field reads as given; else the error."""
        for pause in self.looks:
            if pause:
                yield Wait(pause)
            try:
                native = yield from self._back(id)
            except AnyErpError:
                continue
            if self._reads_as_given(native, record):
                return native
        error.hint = "the record does not read as given yet; read it again before you change it again"
        raise error

    def _reads_as_given(self, native: dict[str, Any], record: R) -> bool:
        """Whether writing the record over this one would change nothing, its version apart."""
        record = record.model_copy()
        record.model_fields_set.discard("version")
        return not self.written_over(native, record).changes

    def end(
        self, operation: Literal["delete", "cancel", "close"], id: str, version: str | None
    ) -> Flow[Done[R] | None]:
        """Delete, cancel or close; gives the record as it is afterwards, None where it is gone."""
        send = self.supported(operation)
        native = yield from self.supported("get")(self.context, id)
        self._guard_version(version, self.read(native))
        context, progress = replace(self.context, warnings=[]), Progress()
        settled: Literal["answer", "look"] = "answer"
        try:
            yield from progress.watch(send(context, id, native))
        except OutcomeUnknown as error:
            yield from self._has_ended(operation, id, error)
            settled = "look"
        if operation == "delete":
            return None
        native = yield from self._back(id)
        return Done(self.read(native), settled=settled, warnings=tuple(context.warnings))

    def _has_ended(self, operation: str, id: str, error: OutcomeUnknown) -> Flow[None]:
        """Look whether a deletion, cancellation or closing was done whose answer was lost; else raise the error."""
        for pause in self.looks:
            if pause:
                yield Wait(pause)
            try:
                native = yield from self.supported("get")(self.context, id)
            except NotFound:
                if operation == "delete":
                    return
                break
            except AnyErpError:
                continue
            if getattr(self.read(native), "status", None) == _ENDS.get(operation):
                return
        error.hint = "read the record again before you send this again"
        raise error

    def _guard_version(self, version: str | None, current: R) -> None:
        if version is not None and current.version is not None and version != current.version:
            raise Conflict(
                f"{self.name} {current.number or current.id} was changed since it was read",
                current=current,
                hint="compare with .current, then update the record that you read anew",
            )


@contextmanager
def _as_invalid_record() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise InvalidRecord("the record does not fit the model", problems=explained(error)) from None
