"""Paths into native payloads: `to_Item/results/0/Material` walks objects by name and lists by number or by key.

A slash parts the steps, because native names contain dots (`@odata.etag`, Tryton's `party.`). A step of digits is a
place in a list. A step `TextObjectType=F01` is the first object of a list whose member has that text; writing makes
one where there is none.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple


class Keyed(NamedTuple):
    """A step to the first object of a list whose `member` is the text `value`."""

    member: str
    value: str


Step = str | int | Keyed


@cache  # paths are the tables' own: there are a few thousand, each walked for every record
def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path."""
    return tuple(_step(part) for part in path.split("/"))


def _step(part: str) -> Step:
    if part.isascii() and part.isdecimal():
        return int(part)
    member, equals, value = part.partition("=")
    return Keyed(member, value) if equals else part


@cache
def general(path: str) -> str:
    """A path with a star in place of every number and key: what all items of a list have in common."""
    return "/".join(
        part if isinstance(step, str) else "*" for part, step in zip(path.split("/"), steps(path), strict=True)
    )


def keys_of(path: str) -> list[str]:
    """The paths of the members by which a path's keyed steps choose: of `notes/type=F01/text` it is `notes/*/type`."""
    found = []
    for index, step in enumerate(steps(path)):
        if isinstance(step, Keyed):
            found.append("/".join([*path.split("/")[:index], "*", step.member]))
    return found


def look(native: Any, path: str) -> Any:
    """The value at a path, or None where anything on the way is missing or of another shape."""
    for step in steps(path):
        if isinstance(step, str):
            if not isinstance(native, dict):
                return None
            native = native.get(step)
        elif not isinstance(native, (list, tuple)):
            return None
        elif isinstance(step, int):
            if step >= len(native):
                return None
            native = native[step]
        else:
            native = next((item for item in native if _is(item, step)), None)
    return native


def _is(item: Any, step: Keyed) -> bool:
    return isinstance(item, dict) and item.get(step.member) == step.value


def place(native: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of a payload with a value at a path; what is missing on the way is made, what is shared is copied."""
    return dict(_placed(native, steps(path), value))


def _placed(native: Any, rest: tuple[Step, ...], value: Any) -> Any:
    if not rest:
        return value
    step, *after = rest
    if isinstance(step, str):
        fields = dict(native) if isinstance(native, dict) else {}
        fields[step] = _placed(fields.get(step), tuple(after), value)
        return fields
    items = list(native) if isinstance(native, (list, tuple)) else []
    if isinstance(step, Keyed):
        at = next((index for index, item in enumerate(items) if _is(item, step)), len(items))
        if at == len(items):
            items.append({step.member: step.value})
    else:
        at = step
        while len(items) <= at:
            items.append({})
    items[at] = _placed(items[at], tuple(after), value)
    return items
