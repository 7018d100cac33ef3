"""Native records for the laws: foreign fields laid on, damage done, leaves compared, pages made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anyerp.lens.path import Keyed, Step, steps
from anyerp.wire import dump_json, load_json

Trail = tuple[str | int, ...]

#: What may stand where a mapped value should: nothing, emptiness, excess, every other type.
DAMAGE: tuple[Any, ...] = (None, "", "x" * 3000, 0, -1, 10**30, True, [], {}, ["x"], {"x": 1}, "2025-13-45", "1e400")


def wired(native: Mapping[str, Any]) -> Any:
    """A native record as it comes out of JSON again."""
    return load_json(dump_json(dict(native)))


def overlaid(native: Mapping[str, Any], mark: str = "Kit") -> dict[str, Any]:
    """A native record with foreign fields laid on at every depth: what a customer's own fields look like."""
    count = 0

    def walk(value: Any) -> Any:
        nonlocal count
        if isinstance(value, dict):
            grown = {name: walk(inner) for name, inner in value.items()}
            count += 1
            return {**grown, f"Z{mark}Field": f"kept {count}", f"Z{mark}Nest": {"a": [1, {"b": None}]}}
        if isinstance(value, list):
            return [walk(inner) if isinstance(inner, dict) else inner for inner in value]
        return value

    found: dict[str, Any] = walk(dict(native))
    return found


def leaves(native: Any, trail: Trail = ()) -> dict[Trail, Any]:
    """Every value that is neither object nor list, by the way that leads to it."""
    if isinstance(native, dict):
        return {path: leaf for name, value in native.items() for path, leaf in leaves(value, (*trail, name)).items()}
    if isinstance(native, list):
        return {path: leaf for i, value in enumerate(native) for path, leaf in leaves(value, (*trail, i)).items()}
    return {trail: native}


def without(native: dict[str, Any], paths: str) -> dict[str, Any]:
    """A native record without the values at some paths (comma separated, `*` for any line; chosen items go whole)."""
    found = native
    for path in paths.split(", "):
        found = _without(found, steps(path))
    return found


def _without(native: Any, rest: tuple[Step, ...]) -> Any:
    step, after = rest[0], rest[1:]
    if isinstance(native, list):
        if isinstance(step, Keyed):
            return [item for item in native if not _is(item, step)]
        return [_without(item, after) if after and step in ("*", i) else item for i, item in enumerate(native)]
    if not isinstance(native, dict) or step not in native:
        return native
    if not after:
        return {name: value for name, value in native.items() if name != step}
    return {name: _without(value, after) if name == step else value for name, value in native.items()}


def _is(item: Any, step: Keyed) -> bool:
    return isinstance(item, dict) and item.get(step.member) == step.value


def pruned(native: Any) -> Any:
    """A native record without nulls: an ERP that says nothing and one that says null say the same."""
    if isinstance(native, dict):
        return {name: pruned(value) for name, value in native.items() if value is not None}
    return [pruned(item) for item in native] if isinstance(native, list) else native


def damaged(native: dict[str, Any], paths: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The record with one mapped value missing or spoilt, for each path and each kind of damage."""
    for path in paths:
        yield _without(native, steps(path.replace("/*/", "/0/")))
        for value in DAMAGE:
            yield _spoilt(native, steps(path.replace("/*/", "/0/")), value)


def _spoilt(native: Any, rest: tuple[Step, ...], value: Any) -> Any:
    if not rest:
        return value
    step, after = rest[0], rest[1:]
    if isinstance(native, list):
        hit = [i == step or (isinstance(step, Keyed) and _is(item, step)) for i, item in enumerate(native)]
        return [_spoilt(item, after, value) if struck else item for item, struck in zip(native, hit, strict=True)]
    if isinstance(native, dict) and isinstance(step, str):
        return {**native, step: _spoilt(native.get(step), after, value)}
    return native


def page_of(rows: list[dict[str, Any]], path: str) -> bytes:
    """A page's bytes with the rows where they belong."""
    page: Any = rows
    for step in reversed([part for part in path.split("/") if part]):
        page = {step: page}
    return dump_json(page)
