"""Rows: what changed, as files and tables take it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from anyerp.connection.changed import Changed
from anyerp.errors import AnyErpError, NotRepresentable, Problem
from anyerp.model.base import Record

from anyerp_hub.flow.definition import Flow
from anyerp_hub.flow.path import Column, flat
from anyerp_hub.flow.transform import passes, transformed

Change = Literal["created", "updated", "deleted"]


class ExportFailed(AnyErpError):
    """A file or table could not be written; the flow's position stays, and the next run writes the same again."""

    code = "export_failed"


@dataclass(frozen=True, slots=True)
class Row:
    """A record that changed. A deleted one has its id only."""

    change: Change
    id: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Rows:
    """What a run found: rows, ids that do not belong (any more), records with a problem."""

    rows: list[Row] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    problems: list[tuple[str, AnyErpError]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """For the run."""
        found = {"written": len(self.rows), "skipped": len(self.problems)}
        return found | {"deleted": sum(row.change == "deleted" for row in self.rows)}


Shape = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def rows_of(flow: Flow, changed: Changed[Record], shape: Shape) -> Rows:
    """What a flow writes; `shape` makes a target's values of a record's JSON. With `stop`, raises the first problem.

    A record that does not pass the filter any more is one that was deleted.
    """
    found = Rows()
    kinds: tuple[tuple[Change, Sequence[Record]], ...] = (("created", changed.created), ("updated", changed.updated))
    for change, records in kinds:
        for record in records:
            id = str(record.id)
            if not passes(flow.transform, record):
                found.outside.append(id)
                if change == "updated":
                    found.rows.append(Row("deleted", id, {"id": id}))
                continue
            try:
                found.rows.append(Row(change, id, shape(transformed(flow.transform, record, whole=True))))
            except AnyErpError as error:
                if flow.on_problem == "stop":
                    raise
                found.problems.append((id, error))
    found.outside.extend(changed.deleted)
    found.rows.extend(Row("deleted", id, {"id": id}) for id in changed.deleted)
    return found


def typed(columns: Sequence[Column], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of columns, as Python has them. Raises `NotRepresentable` for what a column cannot hold."""
    return {column.name: _typed(column, flat(values, column.path)) for column in columns}


def plain(columns: Sequence[Column], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of columns, as JSON has them; lists and objects as JSON text."""
    found = {}
    for column in columns:
        value = flat(values, column.path)
        found[column.name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
    return found


def _typed(column: Column, value: Any) -> Any:
    if value is None:
        return None
    try:
        if column.type is Decimal:
            return Decimal(value)
        if column.type is datetime:
            return datetime.fromisoformat(value).astimezone(UTC)
        if column.type is date:
            return date.fromisoformat(value)
    except (ValueError, TypeError, InvalidOperation):
        raise _unfit(column, value, f"is no {column.type.__name__}") from None
    if column.type in (bool, int):
        if type(value) is not column.type:
            raise _unfit(column, value, f"is no {column.type.__name__}")
        return value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _unfit(column: Column, value: Any, why: str) -> NotRepresentable:
    problem = Problem(f"{column.path}: {value!r} {why}", "/" + column.path.replace(".", "/"), "unfit")
    return NotRepresentable("a column cannot hold a value of this record", problems=[problem], hint="see map")


def fitting(columns: Sequence[Column], values: Mapping[str, Any]) -> dict[str, Any]:
    """`typed`, where decimals have at most 20 digits before the point and 18 behind it, as Parquet's do here."""
    found = typed(columns, values)
    for column in columns:
        value = found[column.name]
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            if not isinstance(exponent, int) or exponent < -18 or value.adjusted() >= 20:
                raise _unfit(column, str(value), "has more than 20 digits before the point or 18 behind it")
    return found
