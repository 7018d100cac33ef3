"""The pages for hosts: Python, errors, the command line, and what the kits offer to authors."""

from __future__ import annotations

import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from typing import Any, get_type_hints

from anyerp import connection, errors
from anyerp.cli.app import app
from anyerp.lens.fields import members

from pages.api import module, section
from pages.text import cell, plain


def python() -> str:
    """What a host holds."""
    told = [
        "# Python API of hosts",
        "",
        "All of it can be imported from `anyerp.connection`; `anyerp` itself has the most used.",
        "",
    ]
    found = (getattr(connection, name) for name in connection.__all__)
    for one in found:
        told += section(one, one.__name__)
    return "\n".join([*told, *module("anyerp.connection.consent")])


def every_error() -> str:
    """The tree of errors, and one section each."""
    tree = inspect.cleandoc(errors.__doc__ or "").split("\n\n")
    told = ["# Errors", "", tree[0], "", "```text", textwrap.dedent(tree[1]), "```", "", *tree[2:]]
    every = [*vars(errors).values(), *(getattr(connection, name) for name in connection.__all__)]
    for cls in every:
        if isinstance(cls, type) and issubclass(cls, errors.AnyErpError):
            told += ["", f"## {cls.__name__}", "", plain(cls.__doc__), "",
                     f"`code` is `{cls.code}`, `retry` is `{cls.retry}`."]  # fmt: skip
    return "\n".join(told)


def command_line() -> str:
    """Each command with its help."""
    from anyerp import cli  # noqa: PLC0415 - for its docstring alone

    told = ["# Command line", "", *inspect.cleandoc(cli.__doc__ or "").split("\n\n", 1)]
    for name in (name for name in app if not name.startswith("-")):
        function = app[name].default_command
        told += ["", f"## anyerp {name}", "", plain(function.__doc__), "", "| Argument | |", "| --- | --- |"]
        told += [f"| `{shown}` | {cell(text)} |" for shown, text in arguments(function)]
    return "\n".join(told)


def arguments(function: Any) -> Iterator[tuple[str, str]]:
    """Each argument as it is typed, with its help."""
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        notes = [extra.help for part in members(hints[name]) for extra in getattr(part, "__metadata__", ())]
        positional = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL)
        shown = name.upper() if positional else "--" + name.replace("_", "-")
        yield (
            (f"[{shown}]" if positional and parameter.default is not parameter.empty else shown),
            next((note for note in notes if note), ""),
        )


def kits() -> str:
    """The protocol kits, module by module."""
    import anyerp.kits as package  # noqa: PLC0415 - for its path alone

    names = sorted(
        found.name for found in pkgutil.walk_packages(package.__path__, "anyerp.kits.")
        if not found.name.rpartition(".")[2].startswith("_")
    )  # fmt: skip
    told = ["# Protocol kits", "", "What several ERPs share, so that a connector is short.", ""]
    return "\n".join([*told, *(line for name in names for line in module(name))])
