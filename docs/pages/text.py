"""Docstrings, calls and cells of tables as Markdown."""

from __future__ import annotations

import inspect
import re
import textwrap
from typing import Any


def plain(text: str | None) -> str:
    """A docstring as Markdown: indented samples become fenced ones."""
    lines = inspect.cleandoc(text or "").splitlines()
    told: list[str] = []
    sample: list[str] = []

    def close() -> None:
        if sample:
            body = textwrap.dedent("\n".join(sample)).strip("\n")
            kind = "python" if re.match(r"@|import |from |with |CONNECTOR|report = ", body) else "text"
            told.extend([f"```{kind}", body, "```"])
            sample.clear()

    for line in lines:
        if line.startswith("    ") or (sample and not line.strip()):
            sample.append(line)
        else:
            ended = bool(sample)
            close()
            told.extend(["", line] if ended and line else [line])
    close()
    return "\n".join(told)


def cell(text: str) -> str:
    """Text within a table."""
    return " ".join(text.split()).replace("|", "\\|")


def signature(function: Any) -> str:
    """A call as it is written, annotations as they stand in the source."""
    return f"{function.__name__}{inspect.signature(function)}".replace(" -> Codec", "").replace("'", "")
