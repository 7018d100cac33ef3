"""Dry runs: what a write would send, which references it resolves, what would be lost. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from anyerp.connection.operation import Operations
from anyerp.connection.result import Plan, Resolved
from anyerp.connection.runner import Dry, shown
from anyerp.connector import Flow
from anyerp.errors import AnyErpError
from anyerp.lens import Written
from anyerp.model.base import Model, Record, Ref

R = TypeVar("R", bound=Record)


class Draft:
    """What is known before anything is sent, and the flow that would send it (None: there is nothing to send)."""

    def __init__(self, written: Written, resolved: tuple[Resolved, ...], flow: Flow[Any] | None) -> None:
        self.written, self.resolved, self.flow = written, resolved, flow

    def plan(self, dry: Dry, *, whole: bool) -> Plan[Any]:
        """The plan, once the flow has run dry."""
        requests = tuple(shown(outgoing) for outgoing in dry)
        written = self.written
        changes = dict(written.changes.fields) | {
            path: _changed(lists) for path, lists in written.changes.lists.items()
        }
        return Plan(requests, written.native, written.problems, self.resolved, changes, whole)


def _changed(lists: Any) -> dict[str, Any]:
    return {
        "added": lists.added,
        "changed": [{"of": before, "fields": dict(what.fields)} for before, what in lists.changed],
        "removed": lists.removed,
    }


def creation(operations: Operations[R], record: R, key: str | None) -> Flow[Draft]:
    """The draft of a new record. Reads only."""
    send = operations.supported("create")
    given = operations.keyed(record, key)
    found = yield from operations.resolved(given)
    written = operations.lens.create(found)
    context = replace(operations.context, warnings=[])
    return Draft(written, tuple(resolved(given, found)), send(context, written.native))


def change(operations: Operations[R], record: R) -> Flow[Draft]:
    """The draft of an update. Reads only; raises `Conflict` as the update itself would."""
    send = operations.supported("update")
    given, found, native = yield from operations.before_update(record)
    written = operations.written_over(native, found)
    context = replace(operations.context, warnings=[])
    flow = send(context, str(found.id), native, written.changes) if written.changes else None
    return Draft(written, tuple(resolved(given, found)), flow)


def resolved(given: Any, found: Any, pointer: str = "") -> Iterator[Resolved]:
    """The references that differ between a record and what was made of it."""
    match given, found:
        case Ref(), Ref():
            if given != found:
                yield Resolved(pointer, given, found)
        case Model(), Model():
            for name in given.model_fields_set:
                yield from resolved(getattr(given, name), getattr(found, name, None), f"{pointer}/{name}")
        case list() | tuple(), list() | tuple():
            for index, (one, other) in enumerate(zip(given, found, strict=False)):
                yield from resolved(one, other, f"{pointer}/{index}")
        case _:
            pass


#: What a flow raises when it is answered by an empty success: it wants to know more, and only the ERP could tell.
WANTS_MORE: tuple[type[Exception], ...] = (
    AnyErpError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
