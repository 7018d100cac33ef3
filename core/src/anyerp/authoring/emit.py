"""Writing Python source as the formatter would: calls on one line, or an argument a line where that is too long."""

from __future__ import annotations

from collections.abc import Iterable

WIDTH = 120


def call(name: str, *arguments: str, indent: int = 4) -> str:
    """A call and its comma, indented."""
    space = " " * indent
    line = f"{space}{name}({', '.join(arguments)}),"
    if len(line) <= WIDTH:
        return line
    inner = "".join(f"{space}    {argument},\n" for argument in arguments)
    return f"{space}{name}(\n{inner}{space}),"


def literal(value: object) -> str:
    """A literal, text in double quotes (as the formatter prefers them, escapes being fewer)."""
    if not isinstance(value, str):
        return repr(value)
    quoted = repr(value)
    if quoted.startswith("'") and '"' not in value:
        return '"' + quoted[1:-1].replace("\\'", "'") + '"'
    return quoted


def imported(module: str, names: Iterable[str]) -> str:
    """An import of names from a module, in the linter's order."""
    ordered = sorted(set(names), key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in ordered) + ")"
