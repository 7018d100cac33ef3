"""The demonstration as a person sees it: progress, the program, each ERP's orders, what differed."""

from __future__ import annotations

import inspect
import sys
import textwrap
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.syntax import Syntax

import anyerp
from anyerp.cli.demo import host as program
from anyerp.cli.demo import stage
from anyerp.cli.output import Row
from anyerp.cli.reading import columns, dumped
from anyerp.cli.table import table
from anyerp.model import PurchaseOrder

_FIRST = 8  # orders of a table
_EVERY = 5.0  # seconds between two lines of one step, in a pipe


def demo() -> int:
    """Run the same program on a sandbox of every installed ERP and on a real Tryton, and show all side by side.

    The first run installs Tryton beside anyerp, which takes about a minute and a half.
    """
    began = time.monotonic()
    console = Console(file=sys.stdout, highlight=False)
    key = f"demo-{uuid.uuid4().hex[:6]}"
    with ExitStack() as running:
        with _progress(console) as progress:
            houses = [running.enter_context(stage.tryton(progress))]
            houses = [running.enter_context(stage.sandbox(name, progress)) for name in stage.with_sandboxes()] + houses
        console.rule("The program")
        console.print(_code(five_lines()))
        console.print("\nWhat differs between the ERPs is how one connects:")
        for house in houses:
            console.print(_code(house.line()))
            console.print(f"    settings: {dict(house.settings)}", style="dim")
        ended = [_run(console, house, key) for house in houses]
    same = all(right for right, _ in ended)
    console.rule("Side by side")
    rows = [{"connector": house.connector, **row} for house, (_, row) in zip(houses, ended, strict=True)]
    table(rows, list(rows[0]), f"The order that was created in each, by one call with the key {key}", console)
    console.rule()
    seconds = time.monotonic() - began
    console.print(
        f"{len(houses)} ERPs, one program of five lines; {seconds:.0f} s. All servers are stopped."
        if same
        else "The program did not do the same on all: see above."
    )
    return 0 if same else 1


def five_lines() -> str:
    """The lines of the host that run, as they stand in its source."""
    source = inspect.getsource(program.host)
    inner = source.partition("# [five lines\n")[2].partition("    # five lines]")[0]
    return textwrap.dedent(inner).rstrip()


def _run(console: Console, house: stage.House, key: str) -> tuple[bool, Row]:
    console.rule(house.title)
    with anyerp.connect(house.connector, settings=house.settings, credentials=house.credentials) as erp:
        orders, back, same = program.host(erp, key)
    _table(console, orders[:_FIRST], f"{len(orders)} purchase orders" + _cut(orders))
    _table(console, [back], f"Created with the key {key} and read back")
    right = back.external_reference == key and same.id == back.id
    console.print(
        f"Sent once more with the same key: {'still one order, ' + str(same.number or same.id) if right else 'WRONG'}\n"
    )
    (line,) = back.lines or ()
    row = {
        "number": back.number,
        "vendor": back.vendor and (back.vendor.name or back.vendor.number),
        "item": line.item and line.item.number,
        "quantity": f"{line.quantity} {line.unit or line.native_unit or ''}".strip(),
        "unit_price": line.unit_price,
        "total": back.total_excl_tax,
        "currency": back.currency,
        "status": back.status,
    }
    return right, {name: "" if value is None else str(value) for name, value in row.items()}


def _cut(orders: list[PurchaseOrder]) -> str:
    return f", the first {_FIRST}" if len(orders) > _FIRST else ""


def _table(console: Console, orders: list[PurchaseOrder], title: str) -> None:
    rows: list[Row] = [dumped(order) for order in orders]
    table(rows, columns("purchase_orders", rows), title, console)
    console.file.flush()


def _code(text: str) -> Panel | Syntax:
    return Syntax(text, "python", theme="ansi_dark", background_color="default", word_wrap=True)


@contextmanager
def _progress(console: Console) -> Iterator[stage.Progress]:
    """Bars on a terminal, a line a step in a pipe."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console) as bars:
        tasks: dict[str, int] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                for earlier in tasks.values():
                    bars.update(earlier, total=1, completed=1)  # type: ignore[arg-type]
                tasks[step] = bars.add_task(step, total=None)
            bars.update(tasks[step], completed=done, total=total or None)  # type: ignore[arg-type]

        yield report


class _Lines:
    """Progress for a log: each step once, and again every few seconds while it lasts."""

    def __init__(self, console: Console) -> None:
        self.console, self.began, self.last, self.step = console, time.monotonic(), 0.0, ""

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic() - self.began
        if step != self.step or now - self.last > _EVERY:
            self.step, self.last = step, now
            of = f" {done}/{total}" if total else ""
            self.console.print(f"{now:6.1f} s  {step}{of}")
            self.console.file.flush()
