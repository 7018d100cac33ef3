"""Rows on stdout: a table for people, JSON, JSON lines or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Literal, cast

from cyclopts import Parameter

Row = dict[str, Any]
Format = Literal["table", "json", "jsonl", "csv"]
FormatOption = Annotated[
    Format | None, Parameter(help="How to print; a table on a terminal and JSON lines in a pipe, if not given.")
]


def chosen(format: Format | None) -> Format:
    """What was asked for, or what fits where stdout leads."""
    return format or ("table" if sys.stdout.isatty() else "jsonl")


def tell(text: str) -> None:
    """A line on stderr."""
    sys.stderr.write(text + "\n")


def clean(text: str) -> str:
    """Text for a terminal: an ERP's control characters must not steer it."""
    return "".join(
        character if character.isprintable() or character == "\n" else "\N{REPLACEMENT CHARACTER}" for character in text
    )


def show(
    rows: Iterable[Row],
    format: Format,
    *,
    columns: Sequence[str] | Callable[[Sequence[Row]], Sequence[str]],
    title: str | None = None,
    flat: tuple[Sequence[str], Callable[[Row], Iterable[Row]]] | None = None,
    each: bool = False,
) -> None:
    """Print rows as they come (a table when all are there).

    `columns` are those of a table; `flat` gives the columns of CSV and makes flat rows of one row. `each` hands every
    row to the reader at once.
    """
    match format:
        case "table":
            from anyerp.cli.table import table  # noqa: PLC0415 - not needed in a pipe

            every: list[Row] = []
            try:
                for row in rows:
                    every.append(row)  # noqa: PERF402 - what came before a failure is shown
            except BaseException:
                if every:
                    table(every, columns(every) if callable(columns) else columns, title)
                raise
            table(every, columns(every) if callable(columns) else columns, title)
        case "csv":
            _csv(rows, flat or (cast("Sequence[str]", columns), lambda row: [row]), flush=each)
        case "json":
            _json(rows)
        case "jsonl":
            for row in rows:
                sys.stdout.write(line(row) + "\n")
                if each:
                    sys.stdout.flush()


def line(value: Any) -> str:
    """JSON on one line."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _json(rows: Iterable[Row]) -> None:
    before = "[\n"
    for row in rows:
        sys.stdout.write(before + line(row))
        before = ",\n"
    sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")


def _csv(rows: Iterable[Row], flat: tuple[Sequence[str], Callable[[Row], Iterable[Row]]], *, flush: bool) -> None:
    names, flatten = flat
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerows([[cell(part.get(name)) for name in names] for part in flatten(row)])
        if flush:
            sys.stdout.flush()


def cell(value: Any) -> str:
    """One value as text: nothing for null, JSON for what has parts."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict() | list() | tuple():
            return line(value)
        case _:
            return str(value)
