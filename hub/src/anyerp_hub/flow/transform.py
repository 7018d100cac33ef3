"""Transforming: from a record of one ERP to the JSON of one for another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from anyerp.errors import NotRepresentable, Problem
from anyerp.model.base import Record

from anyerp_hub.clock import crockford
from anyerp_hub.flow.definition import Transform

#: What means something in its own ERP only.
_OWN = ("id", "number", "url", "version", "created_at", "updated_at", "raw", "extra", "status", "native_status")
_LENGTH = 12  # the longest text that S/4HANA's reference field takes


def key_of(flow: str, source_id: str) -> str:
    """The key of a copy: the same for the same original, whenever and however often it is copied."""
    digest = hashlib.sha256(f"{flow}\0{source_id}".encode()).digest()
    return crockford(int.from_bytes(digest[:8]), _LENGTH).upper()


def passes(transform: Transform, record: Record) -> bool:
    """Whether a record is one of those that the flow is about."""
    values = record.model_dump(mode="json")
    return all(_fits(wanted, list(_found(values, path.split(".")))) for path, wanted in transform.only.items())


def _fits(wanted: Any, found: list[Any]) -> bool:
    options = wanted if isinstance(wanted, list) else [wanted]
    texts = [str(one) for one in options if isinstance(one, int) and not isinstance(one, bool)]  # YAML's 10300001
    return any(value in options or (isinstance(value, str) and value in texts) for value in found)


def transformed(transform: Transform, record: Record, *, whole: bool = False) -> dict[str, Any]:
    """The JSON of the copy. Raises `NotRepresentable` where a table knows no translation of a value.

    `whole` keeps the id and, where nothing else is asked for, also what means something at home only.
    """
    values: dict[str, Any] = record.model_dump(mode="json", exclude_none=True, exclude={"raw"})
    if transform.keep:
        values = _kept(values, [path.split(".") for path in (*transform.keep, *(("id",) if whole else ()))])
    elif not whole:
        values = _portable(values)
    missing: list[Problem] = []
    for path, words in transform.translate.items():

        def translated(value: Any, words: Mapping[str, str] = words, path: str = path) -> Any:
            found = words.get(str(value), words.get("*"))
            if found is None:
                pointer = "/" + path.replace(".", "/")
                missing.append(Problem(f"{path}: the table has no translation of {value!r}", pointer, "untranslated"))
            return found

        _changed(values, path.split("."), translated)
    if missing:
        raise NotRepresentable("the flow cannot translate this record", problems=missing, hint="extend its tables")
    for path, value in transform.set.items():
        _put(values, path.split("."), value)
    return values


def _portable(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() <= {"id", "number", "name"}:  # a reference: the number is what people gave it
            return {"number": value["number"]} if "number" in value else {}
        made = {name: _portable(inner) for name, inner in value.items() if name not in _OWN}
        return {name: inner for name, inner in made.items() if inner not in ({}, None)}
    if isinstance(value, list):
        return [_portable(inner) for inner in value]
    return value


def _kept(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_kept(inner, paths) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, inner in value.items():
        rests = [path[1:] for path in paths if path[0] == name]
        if rests:
            found[name] = inner if [] in rests else _kept(inner, rests)
    return found


def _found(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for inner in value:
            yield from _found(inner, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        yield from _found(value.get(path[0]), path[1:])


def _changed(value: Any, path: list[str], change: Callable[[Any], Any]) -> None:
    if isinstance(value, list):
        for inner in value:
            _changed(inner, path, change)
    elif isinstance(value, dict) and path[0] in value:
        if len(path) == 1:
            value[path[0]] = change(value[path[0]])
        else:
            _changed(value[path[0]], path[1:], change)


def _put(value: Any, path: list[str], new: Any) -> None:
    if isinstance(value, list):
        for inner in value:
            _put(inner, path, new)
    elif len(path) == 1:
        value[path[0]] = new
    else:
        _put(value.setdefault(path[0], {}), path[1:], new)
