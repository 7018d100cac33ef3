"""`anyerp create`, `update`, `cancel`, `close` and `delete`: each gives one outcome for each record."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from anyerp.cli import outcome, records
from anyerp.cli.names import ConnectionName, ResourceName, collection, opened, resource_named
from anyerp.cli.output import Format, FormatOption, Row, chosen, line
from anyerp.connection import Plan
from anyerp.errors import AnyErpError, ConfigError, Conflict, InvalidRecord, MappingError, NotFound, Problem
from anyerp.model import Ref

OnLoss = Annotated[
    Literal["refuse", "report"],
    Parameter(help="What to do with values that this ERP has no place for: refuse the record, or name them in `lost`."),
]
Version = Annotated[str | None, Parameter(help="Only if the record still has this version.")]


DryRun = Annotated[bool, Parameter(help="Show what would be sent and what lost; write nothing.", negative="")]
BatchSize = Annotated[int | None, Parameter(help="Records in one batch, and between two pauses.")]
Pause = Annotated[float, Parameter(help="Seconds to pause after each batch.")]
Parallel = Annotated[int, Parameter(help="Batches, or single records, on their way at once.")]
ReportFile = Annotated[
    str | None,
    Parameter(name="--report", help="Keep the outcomes in this file; run again with it, an interrupted run goes on."),
]


def create(
    connection: ConnectionName,
    resource: ResourceName,
    source: records.Source = "-",
    /,
    *,
    key: Annotated[str | None, Parameter(help="Your own reference: exactly one record is made with it.")] = None,
    batch_size: BatchSize = None,
    pause: Pause = 0.0,
    parallel: Parallel = 1,
    report: ReportFile = None,
    dry_run: DryRun = False,
    on_loss: OnLoss = "refuse",
    format: FormatOption = None,
) -> int:
    """Create records from JSON. A record that carries its own reference is created once, however often you run this.

    With --report every record gets a reference, kept in the file: a run that was killed goes on where it stopped.
    Prints one outcome for each record: applied, not_applied or unknown. Exit code 3: some were applied.
    """
    name = resource_named(resource)
    found = records.read(name, source)
    if key is not None and len(found) != 1:
        raise ConfigError(f"--key names one record, and {len(found)} were given", hint="give each its own reference")
    with opened(connection) as erp:
        target = collection(erp, name)
        if dry_run:
            return _plan(found, lambda record: target.create(record, key=key, dry_run=True), chosen(format))
        outcomes = target.write_each(
            "create",
            found,
            batch_size=batch_size,
            pause=pause,
            parallel=parallel,
            keys=None if key is None else lambda _: key,
            make_keys=report is not None,
            on_loss=on_loss,
            report=report,
        )
        return outcome.many(outcomes, len(found), chosen(format))


def update(
    connection: ConnectionName,
    resource: ResourceName,
    source: records.Source = "-",
    /,
    *,
    batch_size: BatchSize = None,
    pause: Pause = 0.0,
    parallel: Parallel = 1,
    report: ReportFile = None,
    dry_run: DryRun = False,
    on_loss: OnLoss = "refuse",
    format: FormatOption = None,
) -> int:
    """Write the fields that each JSON record names over the record with its id; other fields are left alone.

    A record with a version is refused if somebody else changed it since.
    """
    name = resource_named(resource)
    found = records.read(name, source)
    with opened(connection) as erp:
        target = collection(erp, name)
        if dry_run:
            return _plan(found, lambda record: target.update(record, dry_run=True), chosen(format))
        outcomes = target.write_each(
            "update", found, batch_size=batch_size, pause=pause, parallel=parallel, on_loss=on_loss, report=report
        )
        return outcome.many(outcomes, len(found), chosen(format))


def cancel(
    connection: ConnectionName,
    resource: ResourceName,
    /,
    *ids: str,
    version: Version = None,
    format: FormatOption = None,
) -> int:
    """Cancel documents by id."""
    return _end("cancel", connection, resource, ids, version, format)


def close(
    connection: ConnectionName,
    resource: ResourceName,
    /,
    *ids: str,
    version: Version = None,
    format: FormatOption = None,
) -> int:
    """Close documents by id: nothing more is expected of them."""
    return _end("close", connection, resource, ids, version, format)


def delete(
    connection: ConnectionName,
    resource: ResourceName,
    /,
    *ids: str,
    version: Version = None,
    format: FormatOption = None,
) -> int:
    """Delete records by id, in the way of this ERP."""
    return _end("delete", connection, resource, ids, version, format)


def _end(
    verb: Literal["cancel", "close", "delete"],
    connection: str,
    resource: str,
    ids: tuple[str, ...],
    version: str | None,
    format: Format | None,
) -> int:
    if not ids:
        raise ConfigError(f"{verb} needs an id")
    if version is not None and len(ids) != 1:
        raise ConfigError(f"--version belongs to one record, and {len(ids)} were given")
    with opened(connection) as erp:
        target = collection(erp, resource)

        def act(id: str) -> Row:
            if verb == "delete":
                target.delete(id, version=version)
                return {"id": id}
            done = getattr(target, verb)(id, version=version, outcome=True)
            facts: Row = {"id": id, "number": done.record.number, "settled": done.settled}
            return {**facts, "warnings": [it.to_dict() for it in done.warnings]} if done.warnings else facts

        return outcome.run(ids, act, chosen(format))


def _plan(found: list[Any], plan: Callable[[Any], Plan[Any]], how: Format) -> int:
    """Print what would be sent, one JSON object a record (with line breaks on a terminal)."""
    refused = 0
    for record in found:
        facts = _refusal(record) if isinstance(record, AnyErpError) else _facts(plan, record)
        refused += bool(facts["problems"])
        text = json.dumps(facts, ensure_ascii=False, default=str, indent=2) if how in ("table", "json") else line(facts)
        sys.stdout.write(text + "\n")
    return 1 if refused else 0


def _facts(plan: Callable[[Any], Plan[Any]], record: Any) -> Row:
    try:
        found = plan(record)
    except (InvalidRecord, MappingError, Conflict, NotFound) as error:
        return _refusal(error)
    return {
        "requests": [
            {"method": it.method, "url": it.url, "headers": dict(it.headers), "body": it.body} for it in found.requests
        ],
        "whole": found.whole,
        "native": found.native,
        "changes": dict(found.changes),
        "resolved": [
            {"pointer": it.pointer, "given": _named(it.given), "found": _named(it.found)} for it in found.resolved
        ],
        "problems": [problem.to_dict() for problem in found.problems],
    }


def _named(reference: Ref) -> Row:
    return reference.model_dump(exclude_none=True)


def _refusal(error: AnyErpError) -> Row:
    problems = [problem.to_dict() for problem in error.problems] or [Problem(error.message, code=error.code).to_dict()]
    return {"requests": [], "whole": True, "native": None, "changes": {}, "resolved": [], "problems": problems}
