"""A page of the docs as a test follows it: its blocks in order, files written, commands run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_FENCE = re.compile(r"^( *)```(\w*)([^\n]*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, what stands behind it (`title="path"`, `fails`), its text."""

    kind: str
    notes: str
    text: str

    @property
    def title(self) -> str | None:
        found = re.search(r'title="([^"]+)"', self.notes)
        return found[1] if found else None

    @property
    def commands(self) -> list[str]:
        return [
            line.removeprefix("$ ").split("  #")[0].strip()
            for line in self.text.splitlines()
            if self.kind == "console" and line.startswith("$ ")
        ]


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page."""
    for indent, kind, notes, text in _FENCE.findall((DOCS / page).read_text("utf-8")):
        lines = [line.removeprefix(indent) for line in text.splitlines(keepends=True)]
        yield Block(kind, notes.strip(), "".join(lines))
