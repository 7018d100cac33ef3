"""The README's table of what works: `python tests/cli/readme.py` writes it anew from the connectors."""

from __future__ import annotations

import re
from pathlib import Path

from anyerp.cli.coverage import markdown_summary, summary

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
TABLE = re.compile(r"(<!-- coverage -->\n).*?(<!-- /coverage -->)", re.DOTALL)


def with_table(text: str) -> str:
    """The README with the table as it is now."""
    return TABLE.sub(lambda found: found[1] + "\n" + markdown_summary(summary()) + "\n" + found[2], text)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
