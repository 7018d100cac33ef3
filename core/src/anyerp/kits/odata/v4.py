"""OData V4 in JSON: literals, keys, query options, next links and rows (SAP, Dynamics and Business One speak it)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from anyerp.wire import load_json


class Raw(str):
    """A literal that stands as it is: a qualified enumeration value (`Ns.Kind'Open'`), or a path."""

    __slots__ = ()


def literal(value: Any) -> str:
    """A value as it stands in `$filter` and in keys: V4 writes no type around dates, moments and GUIDs."""
    match value:
        case Raw():
            return str(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case int() | UUID():
            return str(value)
        case _:
            return "'" + str(value).replace("'", "''") + "'"


def key(*single: Any, **parts: Any) -> str:
    """The key of an entity: `key('x')` is `('x')`; `key(Order='1', Line=10)` is `(Order='1',Line=10)`.

    A `UUID` stands bare. One part by name keeps its name, as services with a single named key accept both.
    """
    if single:
        return f"({literal(single[0])})"
    return "(" + ",".join(f"{name}={literal(value)}" for name, value in parts.items()) + ")"


def after(last: Mapping[str, Any]) -> str:
    """A filter for the rows behind a key, in key order: keyset paging never skips or repeats a row."""
    names = list(last)
    alternatives = []
    for index, name in enumerate(names):
        same = [f"{before} eq {literal(last[before])}" for before in names[:index]]
        alternatives.append(" and ".join([*same, f"{name} gt {literal(last[name])}"]))
    return alternatives[0] if len(alternatives) == 1 else " or ".join(f"({a})" for a in alternatives)


def both(*conditions: str) -> str:
    """Conditions that must all hold; empty ones fall away, and one alone stands without parentheses."""
    said = [condition for condition in conditions if condition]
    return said[0] if len(said) == 1 else " and ".join(f"({condition})" for condition in said)


def select(paths: Iterable[str], complex: Iterable[str] = ()) -> dict[str, str]:  # OData's own term
    """`$select` and `$expand` for native paths, navigations with their own `($select=...;$expand=...)` inside.

    Steps of lists (`*`, places, keys) fall away, and so do annotations (`@odata.etag`), which come unasked.
    A first step named in `complex` is a structured property: it is selected as a whole, never expanded.
    """
    tree: dict[str, Any] = {}
    for path in paths:
        names = [s for s in path.split("/") if s != "*" and not s.isdecimal() and "=" not in s]
        if "@" in names[-1]:
            continue
        if names[0] in complex:
            names = names[:1]
        here = tree
        for name in names:
            here = here.setdefault(name, {})
    chosen = _names(tree)
    expanded = _expansions(tree)
    return {option: said for option, said in (("$select", chosen), ("$expand", expanded)) if said}


def _names(tree: Mapping[str, Any]) -> str:
    return ",".join(name for name, below in tree.items() if not below)


def _expansions(tree: Mapping[str, Any]) -> str:
    parts = []
    for name, below in tree.items():
        if below:
            inner = [f"$select={_names(below)}"] if _names(below) else []
            inner += [f"$expand={_expansions(below)}"] if _expansions(below) else []
            parts.append(f"{name}({';'.join(inner)})")
    return ",".join(parts)


_NEXT = re.compile(rb'"@(?:odata\.)?nextLink"\s*:\s*("(?:[^"\\]|\\.)*")')


def next_link(content: bytes) -> str | None:
    """The next page's address, found in the page's bytes without parsing it: it stands before or behind the rows."""
    # Behind the rows, mostly; looking through a page of megabytes costs as much as a tenth of decoding it.
    found = _NEXT.search(content, max(len(content) - 8192, 0))
    if found is None and b"nextLink" in content:
        found = _NEXT.search(content)
    return None if found is None else str(msgspec.json.decode(found[1]))


def rows(content: bytes) -> list[dict[str, Any]]:
    """The rows of a page as plain values. Raises `ValueError` where there are none."""
    try:
        found = load_json(content)["value"]
    except (KeyError, TypeError):
        raise ValueError("no value") from None
    return list(found)
