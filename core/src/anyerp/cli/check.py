"""`anyerp check`: a connector against the laws of the contract kit, or a connection against its ERP."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal, cast

from cyclopts import Parameter

from anyerp.cli.names import opened
from anyerp.cli.output import Format, chosen, show, tell
from anyerp.errors import ConfigError

COLUMNS = ("check", "ok", "detail", "hint")
LAW = ("law", "resource", "outcome", "detail", "seconds", "reproduce", "page")
Form = Annotated[
    Literal["table", "json", "jsonl", "csv", "junit"] | None,
    Parameter(help="How to print; a report on a terminal and JSON lines in a pipe, if not given. junit is XML for CI."),
]


def check(
    name: str | None = None,
    /,
    *,
    live: Annotated[str | None, Parameter(help="Try this connection of anyerp.toml instead; it only reads.")] = None,
    laws: Annotated[bool, Parameter(help="With --live: hold the ERP to the laws, too.", negative="")] = False,
    write: Annotated[
        bool, Parameter(help="With --live: let the laws write. Never do that on a productive ERP.", negative="")
    ] = False,
    record: Annotated[Path | None, Parameter(help="With --live: keep redacted answers in this folder.")] = None,
    law: Annotated[list[str] | None, Parameter(help="Only this law, or group of laws (lens); may be repeated.")] = None,
    resource: Annotated[str | None, Parameter(help="Only on this resource.")] = None,
    explain: Annotated[str | None, Parameter(help="Print what a law says: why, what is checked, what to do.")] = None,
    format: Form = None,
) -> int:
    """Hold a connector to the contract, against its sandbox; or with --live try a connection.

    A broken law ends with the line that reproduces it and its page. Exit code 1: a law is broken.
    """
    if explain is not None:
        sys.stdout.write(_kit_module("report").explained(_laws([explain])[0]))
        return 0
    if live is None:
        if name is None:
            raise ConfigError("check needs the name of a connector, or --live and the name of a connection")
        if laws or write or record is not None:
            raise ConfigError("--laws, --write and --record belong to --live and the name of a connection")
        return _kit(_kit_module("check").subject_of(name), law, resource, format)
    if record is not None:
        with opened(live) as erp:
            kept = _kit_module("record").record(erp, record)
        tell(f"{len(kept)} answers in {record}: read them through before you commit them")
    if laws or write or law:
        return _kit(_kit_module("live").live_subject(live, write=write), law, resource, format)
    return _tried(live, "jsonl" if format == "junit" else chosen(format))


def _tried(live: str, how: Format) -> int:
    with opened(live) as erp:
        found = erp.check()
    rows = [{"check": it.name, "ok": it.ok, "detail": it.detail, "hint": it.hint} for it in found]
    show(rows, how, columns=COLUMNS, title=f"Connection {live}")
    return 0 if all(it.ok for it in found) else 1


def _kit_module(name: str) -> ModuleType:
    try:
        from importlib import import_module  # noqa: PLC0415 - hypothesis and pytest are an extra

        return import_module(f"anyerp.testing.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("anyerp"):
            raise
        raise ConfigError("the contract kit is not installed", hint="pip install 'anyerp[testing]'") from None


def _laws(names: list[str]) -> list[Any]:
    try:
        return cast("list[Any]", _kit_module("report").laws_named(names))
    except KeyError as error:
        known = ", ".join(_kit_module("contract").LAWS)
        raise ConfigError(f"there is no law {error.args[0]!r}", hint=f"there are: {known}") from None


def _kit(subject: Any, law: list[str] | None, resource: str | None, format: Form) -> int:
    kit, told = _kit_module("check"), _kit_module("report")
    wanted = None if law is None else {one.id for one in _laws(law)}
    if resource is not None and resource not in subject.connector.resources:
        known = ", ".join(subject.connector.resources)
        raise ConfigError(f"{subject.connector.name} has no {resource!r}", hint=f"it has {known}")
    try:
        results = tuple(_judged(kit, subject, wanted, resource))
    finally:
        subject.close()
    report = kit.report(subject, results)
    if format == "junit":
        sys.stdout.write(told.junit(report))
    elif chosen(format) == "table":
        sys.stdout.write(report.text() + "\n")
    else:
        show(told.rows(report, subject.live), chosen(format), columns=LAW)
    return 0 if report.ok else 1


def _judged(kit: ModuleType, subject: Any, wanted: set[str] | None, only: str | None) -> Iterator[Any]:
    """Each law's result, with the law that is being tried shown on a terminal."""
    with ExitStack() as stack:
        status = None
        if sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415 - not needed in a pipe

            status = stack.enter_context(Console(stderr=True).status(""))
        for law, resource in kit.cases(subject.connector):
            if (wanted is not None and law.id not in wanted) or (only is not None and resource not in ("", only)):
                continue
            if status is not None:
                status.update(f"{law.id} {resource}")
            yield kit.judged(subject, law, resource)
