"""`anyerp connectors`: what is installed, and what is wrong with what is installed."""

from __future__ import annotations

import sys

from anyerp.cli.output import FormatOption, Row, chosen, show
from anyerp.cli.table import table
from anyerp.connector.registry import Registry, registry
from anyerp.errors import ConfigError

COLUMNS = ("connector", "title", "plugin", "version", "resources")
TROUBLE = ("plugin", "trouble", "hint")


def connectors(*, format: FormatOption = None) -> int:
    """Show the installed connectors, and by name each plugin that cannot be used, with the reason.

    Every connector is loaded, so that one that would fail later is named now.
    """
    how = chosen(format)
    found, troubles = survey(registry())
    if how != "table":
        everything = [*found, *({"connector": None, **trouble} for trouble in troubles)]
        show(everything, how, columns=(*COLUMNS, "trouble", "hint"))
        return 0
    if found:
        table([{**row, "resources": ", ".join(row["resources"])} for row in found], COLUMNS, "Connectors")
    elif not troubles:
        sys.stdout.write("No connector is installed. Try: pip install anyerp-sap\n")
    if troubles:
        table(troubles, TROUBLE, "Plugins in trouble")
    return 0


def survey(installed: Registry) -> tuple[list[Row], list[Row]]:
    """The connectors that load, and every trouble."""
    found: list[Row] = []
    troubles: list[Row] = [
        {"plugin": it.plugin, "trouble": it.message, "hint": it.hint} for it in list(installed.troubles)
    ]
    for name, offer in installed.connectors.items():
        try:
            resources = list(installed.connector(name).resources)
        except ConfigError as error:
            troubles.append({"plugin": offer.plugin, "trouble": error.message, "hint": error.hint})
            continue
        found.append(
            {
                "connector": name,
                "title": offer.info.title,
                "plugin": offer.plugin,
                "version": offer.version,
                "resources": resources,
            }
        )
    return found, troubles
