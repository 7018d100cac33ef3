"""The lens: one table that reads and writes one kind of record in one ERP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from anyerp.errors import NotRepresentable, Problem
from anyerp.lens.added import completed
from anyerp.lens.changes import Changes
from anyerp.lens.check import LensError, fields_of, native_types, problems
from anyerp.lens.compiled import Compiled, validated
from anyerp.lens.coverage import FieldCoverage, coverage
from anyerp.lens.flat import Flat
from anyerp.lens.fresh import Fresh, Hard, changes
from anyerp.lens.narrow import narrowed
from anyerp.lens.path import keys_of
from anyerp.lens.reading import read
from anyerp.lens.rule import Rule
from anyerp.lens.writing import write
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Written:
    """A native record ready to send, what differs from before, and every value that would be lost."""

    native: dict[str, Any]
    changes: Changes
    problems: tuple[Problem, ...]

    def demand(self, connector: str | None = None) -> Written:
        """Itself, or `NotRepresentable` with all problems if anything would be lost."""
        if self.problems:
            raise NotRepresentable(
                self.problems[0].message if len(self.problems) == 1 else f"{len(self.problems)} values would be lost",
                problems=self.problems,
                connector=connector,
                hint="leave these fields out, or map them by an overlay",
            )
        return self


class Lens(Generic[R]):
    """A model and its rules. Built once, checked when built: raises `LensError` with everything that is wrong.

    `beyond` are the native paths that a tenant's overlay reads and the table itself does not.
    """

    beyond: frozenset[str] = frozenset()

    def __init__(self, model: type[R], rules: Iterable[Rule | tuple[Rule, ...]]) -> None:
        self.model = model
        flat = tuple(inner for rule in rules for inner in (rule if isinstance(rule, tuple) else (rule,)))
        self.rules: tuple[Rule, ...] = completed(model, flat)
        wrong = problems(model, self.rules)
        if wrong:
            raise LensError(model.__name__, wrong)
        self._compiled: dict[tuple[str, Flat | None, tuple[tuple[str, Any], ...]], Compiled[R]] = {}

    def get(self, native: Mapping[str, Any]) -> R:
        """A native record as a unified one, by interpretation. Raises `Unreadable` or `ValidationError`."""
        return validated(self.model, read(self.rules, native))

    def create(self, record: R) -> Written:
        """The native form of a new record. Nothing is raised: see `Written.problems`, or call `demand()`."""
        try:
            native = self.fresh.native(record)
        except Hard:  # something is wrong, or unusual: the careful way says what
            return self.create_carefully(record)
        return Written(native, changes(self.rules, native), ())

    def create_carefully(self, record: R) -> Written:
        """The same by interpretation: the reference that the quick way is held to."""
        done = write(self.rules, _values(record), {}, new=True)
        return Written(done.native, done.changes, tuple(done.problems))

    def put(self, native: dict[str, Any], record: R) -> Written:
        """A native record with a unified one written over it. Fields that were never set are left alone."""
        done = write(self.rules, _values(record), native, new=False)
        return Written(done.native, done.changes, tuple(done.problems))

    @cached_property
    def fresh(self) -> Fresh:
        """The quick way to write new records; made once and kept."""
        return Fresh(self.model, self.rules)

    def compile(self, rows: str, flat: Flat | None = None, given: tuple[tuple[str, Any], ...] = ()) -> Compiled[R]:
        """The fast reader for pages whose rows stand at a path; made once and kept. `given` is part of every row."""
        key = rows, flat, given
        if key not in self._compiled:
            self._compiled[key] = Compiled(self.model, self.rules, *key)
        return self._compiled[key]

    @cached_property
    def native_fields(self) -> tuple[str, ...]:
        """Every native path that the table reads, in its order: what goes into `$select`.

        Of a path with a key (`notes/type=F01/text`) the key's own member is among them, as `notes/*/type`.
        """
        return tuple(dict.fromkeys(name for path, _ in native_types(self.rules) for name in (path, *keys_of(path))))

    def extended(self, *rules: Rule) -> Lens[R]:
        """A lens with more rules, which take the place of those for the same fields (a tenant's overlay)."""
        fields = {field for rule in rules for field in fields_of(rule)}
        kept = [rule for rule in self.rules if not fields.intersection(fields_of(rule))]
        made = Lens(self.model, [*kept, *rules])
        made.beyond = frozenset(made.native_fields) - (frozenset(self.native_fields) - self.beyond)
        return made

    def only(self, fields: Iterable[str]) -> Lens[R]:
        """A lens for reading some fields: fewer native fields to ask for, to decode and to check.

        The key fields `id` and `version` always come along. Raises `ValueError` naming fields that there are not.
        """
        lens = copy(self)
        lens.__dict__.pop("native_fields", None)
        lens.__dict__.pop("coverage", None)
        lens.__dict__.pop("fresh", None)
        lens.rules, lens._compiled = narrowed(self.rules, fields, ("id", "version")), {}  # noqa: SLF001 - a copy of ourselves
        return lens

    @cached_property
    def coverage(self) -> tuple[FieldCoverage, ...]:
        """What each unified field can do here, lines as `lines.quantity`."""
        return coverage(self.rules)


def _values(record: BaseModel) -> dict[str, Any]:
    """What the host set, apart from the native payload that may ride along."""
    return {name: getattr(record, name) for name in record.model_fields_set if name != "raw"}
