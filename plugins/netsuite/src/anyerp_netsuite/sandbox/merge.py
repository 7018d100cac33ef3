"""PATCH semantics: what a body changes in a record, sublists by line key."""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any

from anyerp_netsuite.sandbox.field import Shape, Values
from anyerp_netsuite.sandbox.problem import bad_request
from anyerp_netsuite.sandbox.store import Record

#: On a line, during a save: the names the request set. The rules take it away.
CHANGED = "_changed"
_NUMBERED = ("line", "internalId")


def merged(record: Record, changes: Values, replace: Collection[str] = ()) -> Record:
    """A copy of the record with the changes applied (netsuite sheet §3).

    Absent fields stay, None clears. A line whose key matches is updated and any other is appended; sublists named in
    `replace` lose the lines that no line of the body matches. `{"items": null}` (None here) empties.
    """
    draft = Record(
        record.type, record.id, copy.deepcopy(record.values), record.version, record.locked, record.next_line
    )
    apply(draft, record.type.shape, draft.values, changes, {name.lower() for name in replace})
    return draft


def replaced_lists(shape: Shape, parameter: str) -> list[str]:
    """The sublists named by `?replace=a,b`; an unknown one is refused."""
    names = [name.strip() for name in parameter.split(",") if name.strip()]
    for name in names:
        known = shape.find(name)
        if known is None or known.kind != "sublist":
            raise bad_request(f"Invalid sublist '{name}'.", "INVALID_PARAMETER", query="replace")
    return names


def apply(
    record: Record, shape: Shape, values: Values, changes: Values, replace: Collection[str] = frozenset()
) -> None:
    """Apply changes to the values of a record, or of one of its lines, in place."""
    for name, value in changes.items():
        known = shape.find(name)
        assert known is not None
        if known.kind == "sublist":
            kept = _lines(record, known.nested, values.get(name, []), value, drop=name.lower() in replace)
            values[name] = kept
        elif value is None:
            values.pop(name, None)
        elif known.kind == "subrecord":
            apply(record, known.nested, values.setdefault(name, {}), value)
        else:
            values[name] = value


def _lines(record: Record, shape: Shape, old: list[Values], new: list[Values] | None, *, drop: bool) -> list[Values]:
    if new is None:
        return []
    lines = list(old)
    matched: list[int] = []
    for change in new:
        index = _match(shape, old, change)
        if index is None:
            line: Values = {CHANGED: set(change)}
            key = shape.key[0] if shape.key else ""
            if key in _NUMBERED:
                line[key] = _next(record, key, lines)
            lines.append(line)
            # The account numbers its own lines: a number that no line has is not taken over.
            apply(record, shape, line, {name: value for name, value in change.items() if name not in _NUMBERED})
        else:
            line = lines[index]
            line[CHANGED] = set(change)
            matched.append(index)
            apply(record, shape, line, change)
    if drop:
        return [line for index, line in enumerate(lines) if index >= len(old) or index in matched]
    return lines


def _next(record: Record, key: str, lines: list[Values]) -> int:
    if key == "line":  # never given twice, even after deletions
        record.next_line += 1
        return record.next_line - 1
    return 1 + max((line[key] for line in lines if key in line), default=0)


def _match(shape: Shape, lines: list[Values], change: Values) -> int | None:
    wanted = _key(shape, change)
    if wanted is None:
        return None
    return next((index for index, line in enumerate(lines) if _key(shape, line) == wanted), None)


def _key(shape: Shape, line: Values) -> tuple[Any, ...] | None:
    parts = tuple(line.get(name) for name in shape.key)
    return parts if parts and None not in parts else None
