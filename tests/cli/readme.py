"""The README's table of what works: `python tests/cli/readme.py` writes it anew from the connectors."""

from __future__ import annotations

import re
from pathlib import Path

from anyerp.connector.registry import registry
from anyerp.model import RESOURCES

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
TABLE = re.compile(r"(<!-- coverage -->\n).*?(<!-- /coverage -->)", re.DOTALL)


#: What a letter of the table stands for.
LETTERS = {"page": "R", "create": "C", "update": "U", "delete": "D", "cancel": "X", "close": "X"}


def table() -> str:
    """What each connector does with each resource, a letter an operation."""
    connectors = [registry().connector(name) for name in sorted(registry().connectors)]
    rows = [["", *(f"`{connector.name}`" for connector in connectors)], ["---"] * (len(connectors) + 1)]
    for name in RESOURCES:
        cells = []
        for connector in connectors:
            resource = connector.resources.get(name)
            has = [] if resource is None else [letter for o, letter in LETTERS.items() if getattr(resource, o)]
            cells.append("".join(dict.fromkeys(has)) or "-")
        rows.append([name, *cells])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def with_table(text: str) -> str:
    """The README with the table as it is now."""
    return TABLE.sub(lambda found: found[1] + "\n" + table() + "\n" + found[2], text)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
