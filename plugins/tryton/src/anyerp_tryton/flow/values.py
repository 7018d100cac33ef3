"""From native paths to what `create` and `write` take: codes become ids, lists become commands (wire §6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyerp.connector import Context, Flow

from anyerp_tryton.flow.lookup import Problems, existing, ids, one

Flat = dict[str, Any]


def flat(native: Mapping[str, Any], lists: Iterable[str] = ()) -> Flat:
    """A native record as the lens made it, by path; the named lists are left out."""
    found: Flat = {}
    for name, value in native.items():
        if name in lists:
            continue
        if isinstance(value, Mapping) and name.endswith("."):
            found |= {f"{name}/{below}": inner for below, inner in flat(value).items()}
        else:
            found[name] = value
    return found


@dataclass(slots=True)
class Part:
    """A header or one line on its way out: where it stands in the record, its values, and for a change what it was."""

    pointer: str
    values: Flat
    native: Mapping[str, Any] = field(default_factory=dict)


def by_code(
    ctx: Context, parts: Iterable[Part], path: str, model: str, said: str, problems: Problems, *only: Any
) -> Flow[None]:
    """Put the id in the place of a code: `currency./code` becomes `currency`; `only` are conditions beside."""
    target, _, by = path.partition("./")
    concerned = [part for part in parts if path in part.values]
    wanted = (part.values[path] for part in concerned if part.values[path] is not None)
    known = yield from ids(ctx, model, by, wanted, *only)
    for part in concerned:
        value = part.values.pop(path)
        if value is None:
            part.values[target] = None
            continue
        id, why = one(known, value)
        if id is None:
            problems.add(f"{part.pointer}/{said}", said, f"{target}.{by}", why)
        part.values[target] = id


def there(
    ctx: Context,
    parts: Iterable[Part],
    name: str,
    model: str,
    said: str,
    problems: Problems,
    fields: Iterable[str] = ("id",),
) -> Flow[dict[int, dict[str, Any]]]:
    """The records that a many2one is about to point at, by id; what is not there is noted."""
    concerned = [part for part in parts if part.values.get(name) is not None]
    known = yield from existing(ctx, model, (part.values[name] for part in concerned), fields)
    for part in concerned:
        if part.values[name] not in known:
            problems.add(f"{part.pointer}/{said}", said, name, f"no active record has the id {part.values[name]}")
    return known


def commands(added: Iterable[Flat], changed: Iterable[tuple[int, Flat]], removed: Iterable[int]) -> list[list[Any]]:
    """The commands of one list, in the order in which they can do no harm to each other."""
    found: list[list[Any]] = []
    if gone := list(removed):
        found.append(["delete", gone])
    if pairs := [step for id, values in changed if values for step in ([id], values)]:
        found.append(["write", *pairs])
    if new := list(added):
        found.append(["create", new])
    return found


def one_of(value: str | None, present: int | None, field: str, facts: Mapping[str, str]) -> list[list[Any]]:
    """The command that makes one record of a list hold a value: written, made, or deleted where there is none."""
    if value is None:
        return [] if present is None else [["delete", [present]]]
    if present is None:
        return [["create", [{**facts, field: value}]]]
    return [["write", [present], {**facts, field: value}]]
