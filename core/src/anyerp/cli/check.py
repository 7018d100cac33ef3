"""`anyerp check`: a connector against the laws of the contract kit, or a connection against its ERP."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from types import ModuleType
from typing import Annotated, Any

from cyclopts import Parameter

from anyerp.cli.names import opened
from anyerp.cli.output import Format, FormatOption, chosen, show
from anyerp.errors import ConfigError

COLUMNS = ("check", "ok", "detail", "hint")
LAW = ("law", "resource", "outcome", "detail", "seconds")


def check(
    name: str | None = None,
    /,
    *,
    live: Annotated[str | None, Parameter(help="Try this connection of anyerp.toml instead; it only reads.")] = None,
    format: FormatOption = None,
) -> int:
    """Hold a connector to the contract, against its sandbox; or with --live try a connection."""
    if live is not None:
        with opened(live) as erp:
            found = erp.check()
        rows = [{"check": it.name, "ok": it.ok, "detail": it.detail, "hint": it.hint} for it in found]
        show(rows, chosen(format), columns=COLUMNS, title=f"Connection {live}")
        return 0 if all(it.ok for it in found) else 1
    if name is None:
        raise ConfigError("check needs the name of a connector, or --live and the name of a connection")
    return _kit(name, chosen(format))


def _kit(name: str, how: Format) -> int:
    try:
        from anyerp.testing import check as kit  # noqa: PLC0415 - hypothesis and pytest are an extra
    except ImportError:
        raise ConfigError("the contract kit is not installed", hint="pip install 'anyerp[testing]'") from None
    subject = kit.subject_of(name)
    try:
        results = tuple(_judged(kit, subject))
    finally:
        subject.close()
    report = kit.report(subject, results)
    if how == "table":
        sys.stdout.write(report.text() + "\n")
    else:
        rows = [{field: getattr(result, field) for field in LAW} for result in results]
        show(rows, how, columns=LAW)
    return 0 if report.ok else 1


def _judged(kit: ModuleType, subject: Any) -> Iterator[Any]:
    """Each law's result, with the law that is being tried shown on a terminal."""
    with ExitStack() as stack:
        status = None
        if sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415 - not needed in a pipe

            status = stack.enter_context(Console(stderr=True).status(""))
        for law, resource in kit.cases(subject.connector):
            if status is not None:
                status.update(f"{law.id} {resource}")
            yield kit.judged(subject, law, resource)
