"""`anyerp coverage`: what each field of each resource can do in an ERP, from the same table that reads and writes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from anyerp.cli.output import Row, chosen, show
from anyerp.connector import Connector, Resource
from anyerp.connector.registry import registry
from anyerp.errors import NotSupported

CARD = ("field", "mode", "paths", "because")
SUMMARY = ("connector", "resource", "operations", "rw", "create", "read", "absent")
Form = Annotated[
    Literal["table", "json", "jsonl", "csv", "markdown"] | None,
    Parameter(help="How to print; markdown is for a README."),
]


def coverage(connector: str | None = None, resource: str | None = None, /, *, format: Form = None) -> int:
    """Show what works: of one resource every field, of a connector every resource, without a name all in short."""
    how = "markdown" if format == "markdown" else chosen(format)
    if connector is None:
        rows = summary()
        if how == "markdown":
            sys.stdout.write(markdown_summary(rows))
        else:
            show(rows, how, columns=SUMMARY, title="What works (fields by what they can do)")
        return 0
    found = registry().connector(connector)
    names = [_name(found, resource)] if resource is not None else list(found.resources)
    if how == "markdown":
        sys.stdout.write("\n".join(markdown_card(name, found.resources[name]) for name in names))
    elif how == "table":
        for name in names:
            title = f"{found.title}: {name} ({', '.join(operations(found.resources[name])) or 'nothing'})"
            rows = [{**row, "paths": ", ".join(row["paths"])} for row in card(found.resources[name])]
            show(rows, how, columns=CARD, title=title)
    else:
        every = ({"resource": name, **row} for name in names for row in card(found.resources[name]))
        show(every, how, columns=("resource", *CARD))
    return 0


def _name(connector: Connector, typed: str) -> str:
    from anyerp.cli.names import resource_named  # noqa: PLC0415 - loads the connection, which the summary can do without

    name = resource_named(typed)
    if name not in connector.resources:
        raise NotSupported(
            f"{name} is not offered here", connector=connector.name, hint=f"it has {', '.join(connector.resources)}"
        )
    return name


def operations(resource: Resource[Any]) -> list[str]:
    """The operations that work."""
    return ["list" if name == "page" else name for name in resource.OPERATIONS if getattr(resource, name) is not None]


def card(resource: Resource[Any]) -> list[Row]:
    """One row a field."""
    return [
        {"field": it.field, "mode": it.mode, "paths": list(it.paths), "because": it.because}
        for it in resource.coverage()
    ]


def summary() -> list[Row]:
    """One row for each resource of each connector that loads: its operations, and its fields by what they can do."""
    from anyerp.cli.connectors import survey  # noqa: PLC0415

    rows = []
    for offer in survey(registry())[0]:
        for name, resource in registry().connector(offer["connector"]).resources.items():
            modes = Counter(it.mode for it in resource.coverage())
            rows.append(
                {
                    "connector": offer["connector"],
                    "resource": name,
                    "operations": ", ".join(operations(resource)),
                    **{mode: modes[mode] for mode in ("rw", "create", "read", "absent")},
                }
            )
    return rows


def markdown_summary(rows: Sequence[Row]) -> str:
    """The table of a README."""
    heads = (
        "Connector",
        "Resource",
        "Operations",
        "Fields read and written",
        "on creation only",
        "read only",
        "absent",
    )
    return _markdown(heads, ([row[name] for name in SUMMARY] for row in rows))


def markdown_card(name: str, resource: Resource[Any]) -> str:
    """A resource's section of a connector's README."""
    missing = [
        f"{'list' if it == 'page' else it} ({resource.because[it]})"
        for it in resource.OPERATIONS
        if it in resource.because
    ]
    lines = [f"### {name}", "", f"Operations: {', '.join(operations(resource))}."]
    if missing:
        lines.append(f"Not here: {'; '.join(missing)}.")
    rows = (
        [f"`{row['field']}`", row["mode"], ", ".join(f"`{path}`" for path in row["paths"]), row["because"] or ""]
        for row in card(resource)
    )
    return "\n".join([*lines, "", _markdown(("Field", "Mode", "In the ERP", "Remark"), rows)])


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    lines += ["| " + " | ".join(str(value).replace("|", r"\|") for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
