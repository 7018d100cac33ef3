"""Classes, functions and modules as sections of a page: how each is called, and what its docstring says."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from pages.text import plain

WIDTH = 116


def section(thing: Any, name: str, level: int = 2, *, members: bool = True) -> Iterator[str]:
    """The lines of one class or function, with its public methods below it."""
    yield from ["", f"{'#' * level} {name}", "", *called(thing, name.rpartition(".")[2]), prose(thing.__doc__)]
    if inspect.isclass(thing) and members:
        for own, member in public(thing):
            yield from section(member, f"{name}.{own}", level + 1)


def prose(text: str | None) -> str:
    """A docstring; its samples are for reading, since they lean on names that are not there."""
    return plain(text).replace("```python", "```py")


def public(kind: type) -> Iterator[tuple[str, Any]]:
    """The methods of a class that say what they are, in their order; of a property its function."""
    for name, member in vars(kind).items():
        found = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(found) and (found.__doc__ or "").strip():
            yield name, found


def called(thing: Any, name: str) -> list[str]:
    """The call in a block of code, a parameter a line where it is long; nothing for an error or a plain base."""
    if inspect.isclass(thing) and not (dataclasses.is_dataclass(thing) or _made_by_hand(thing)):
        return []
    signature = inspect.signature(thing)
    own = [one for one in signature.parameters.values() if one.name not in ("self", "cls")]
    told = [_tidy(str(one)) for one in own]
    if (first := next((n for n, one in enumerate(own) if one.kind is one.KEYWORD_ONLY), None)) is not None:
        told.insert(first, "*")
    gives = "" if inspect.isclass(thing) else _tidy(f" -> {_annotation(signature.return_annotation)}")
    short = f"{name}({', '.join(told)}){gives}"
    lines = [short] if len(short) <= WIDTH else [f"{name}(", *(f"    {one}," for one in told), f"){gives}"]
    return ["```py", *lines, "```", ""]


def _made_by_hand(thing: type) -> bool:
    return "__init__" in vars(thing) and not issubclass(thing, BaseModel | BaseException)


def _annotation(given: Any) -> str:
    return given if isinstance(given, str) else inspect.formatannotation(given)


def _tidy(text: str) -> str:
    """Annotations as in the source, without the addresses and quotes of this process."""
    text = re.sub(r"<function (?:\w+\.)*<?(\w+)>?(?: at 0x\w+)?>", r"\1", text)
    text = re.sub(r': "([^"]*)"', r": \1", text)
    text = re.sub(r"(^\w+): '([^']*)'", r"\1: \2", text).replace("<factory>", "...")
    return re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"\1", text)


def module(name: str) -> Iterator[str]:
    """A module: its docstring, and what is defined in it."""
    found = importlib.import_module(name)
    yield from ["", f"## {name}", "", prose(found.__doc__)]
    for own in defined(found):
        yield from section(getattr(found, own), f"{name.rpartition('.')[2]}.{own}", 3)


def defined(found: Any) -> Iterable[str]:
    """The public names that are made in a module, in their order."""
    return [
        name
        for name, thing in vars(found).items()
        if not name.startswith("_")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
        and thing.__module__ == found.__name__
        and (thing.__doc__ or "").strip()
    ]
