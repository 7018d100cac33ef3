"""Paths into native payloads: `to_Item/results/0/Material` walks objects by name and lists by number.

A slash parts the steps, because native names contain dots (`@odata.etag`, Tryton's `party.`).
"""

from __future__ import annotations

from typing import Any

Step = str | int


def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path; a step of digits is a place in a list."""
    return tuple(int(step) if step.isdecimal() else step for step in path.split("/"))


def look(native: Any, path: str) -> Any:
    """The value at a path, or None where anything on the way is missing or of another shape."""
    for step in steps(path):
        if isinstance(step, int):
            if not isinstance(native, (list, tuple)) or step >= len(native):
                return None
            native = native[step]
        elif isinstance(native, dict):
            native = native.get(step)
        else:
            return None
    return native


def place(native: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of a payload with a value at a path; what is missing on the way is made, what is shared is copied."""
    return dict(_placed(native, steps(path), value))


def _placed(native: Any, rest: tuple[Step, ...], value: Any) -> Any:
    if not rest:
        return value
    step, *after = rest
    if isinstance(step, int):
        items = list(native) if isinstance(native, (list, tuple)) else []
        while len(items) <= step:
            items.append({})
        items[step] = _placed(items[step], tuple(after), value)
        return items
    fields = dict(native) if isinstance(native, dict) else {}
    fields[step] = _placed(fields.get(step), tuple(after), value)
    return fields
