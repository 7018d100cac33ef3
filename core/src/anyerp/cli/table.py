"""Tables for people, on a terminal of any width."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from anyerp.cli.output import Row, cell, clean

_NARROW = 18  # characters up to which a column is never broken
_BROKEN = 14  # the least that a broken one needs
_GAP = 2
_AMOUNT = re.compile(r"total|amount|price$|quantity|cost|rate|^tax$")


def table(
    rows: Sequence[Row], columns: Sequence[str], title: str | None = None, console: Console | None = None
) -> None:
    """Print a table: references by number and name, lists by their length. What does not fit is named below it."""
    console = console or Console(file=sys.stdout, highlight=False)
    widths = _fitting(rows, columns, console.width)
    found = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for name, width in widths.items():
        justify: Literal["left", "right"] = "right" if _right(rows, name) else "left"
        found.add_column(name.replace("_", " "), justify=justify, overflow="fold", width=width)
    for row in rows:
        found.add_row(*(Text(_text(row, name)) for name in widths))
    console.print(found)
    if dropped := [name for name in columns if name not in widths]:
        console.print(f"(no room for: {', '.join(dropped)}; a wider terminal or --format jsonl has them)", style="dim")


def _fitting(rows: Sequence[Row], columns: Sequence[str], width: int) -> dict[str, int]:
    """The first columns that fit, with their widths; what is left over goes to those that would have to be broken."""
    widths: dict[str, int] = {}
    left = width - 1  # the table's own edge
    for name in columns:
        heading, widest = max(map(len, name.split("_"))), _widest(rows, name)
        needs = max(heading, widest if widest <= _NARROW else _BROKEN)
        if widths and needs + _GAP > left:
            break
        widths[name] = min(needs, width - _GAP)
        left -= needs + _GAP
    for name, least in widths.items():
        more = max(0, min(left, max(len(name), _widest(rows, name)) - least))
        widths[name] = least + more
        left -= more
    return widths


def _text(row: Row, name: str) -> str:
    return clean(short(row.get(name)))


def _widest(rows: Sequence[Row], name: str) -> int:
    return max((cell_len(part) for row in rows for part in _text(row, name).split("\n")), default=0)


def _right(rows: Sequence[Row], name: str) -> bool:
    values = [row[name] for row in rows if row.get(name) is not None]
    counts = all(isinstance(value, (int, list)) and not isinstance(value, bool) for value in values)
    return bool(values) and (counts or _AMOUNT.search(name) is not None)


def short(value: Any) -> str:
    """A value in a few characters."""
    match value:
        case {"id": _} | {"number": _} | {"name": _}:
            return " ".join(dict.fromkeys(str(value[k]) for k in ("number", "name") if value.get(k))) or str(
                value.get("id", "")
            )
        case list() | tuple():
            return str(len(value))
        case _:
            return cell(value)
