"""What operations give back: pages, finished writes, plans, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from anyerp.errors import Problem
from anyerp.lens import Rejected
from anyerp.model.base import Record, Ref

R = TypeVar("R", bound=Record)

Outcome = Literal["applied", "not_applied", "unknown"]


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of a list. `cursor` continues it, and is None at the end; `rejected` could not be read."""

    records: tuple[R, ...]
    rejected: tuple[Rejected, ...] = ()
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """A write that the ERP has applied.

    `settled` says how we know: by its `answer`, or by a `look` after the answer was lost, or `before` (a record with
    this key was there already). `lost` are values that were left out because this ERP has no place for them;
    `warnings` are what the ERP remarked although it accepted the write.
    """

    record: R
    outcome: Outcome = "applied"
    settled: Literal["answer", "look", "before"] = "answer"
    key: str | None = None
    lost: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class NativeRequest:
    """A request that would be sent: method, URL, body, header fields with credentials masked."""

    method: str
    url: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A reference that was completed: where it stands (a JSON pointer), as it was given, as it would be sent."""

    pointer: str
    given: Ref
    found: Ref


@dataclass(frozen=True, slots=True)
class Plan(Generic[R]):
    """What a write would do; nothing was written.

    `requests` are the native requests as far as they are known before the ERP answers one; `whole` says that these
    are all. `native` is the record in the ERP's form, `changes` what an update would change of it, by native path;
    `problems` name every value that would be lost, `resolved` the references that were looked up.
    """

    requests: tuple[NativeRequest, ...]
    native: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    resolved: tuple[Resolved, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked of a connection: its address, this machine's clock, or a resource by its name.

    `facts` are those of the error (`AnyErpError.to_dict`) where it is not well.
    """

    name: str
    ok: bool
    detail: str = ""
    hint: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    kind: Literal["address", "clock", "resource"] = "resource"
