"""Records as flat rows for CSV: a column for every field that a resource can have, a row for every line."""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from anyerp.cli.output import Row


def columns(model: type[BaseModel], absent: Collection[str] = ()) -> list[str]:
    """The dotted names of a model's fields, those of its lines included, without the absent ones."""
    within = tuple(f"{name}." for name in absent)
    return [name for name, _ in _leaves(model, "") if name not in absent and not name.startswith(within)]


def flattener(model: type[BaseModel]) -> typing.Callable[[Row], Iterable[Row]]:
    """A function that makes flat rows of one record: one for each line of a document, one for a record without."""
    lists = [name for name, field in model.model_fields.items() if _part(field.annotation)[1]]

    def flatten(record: Row) -> Iterable[Row]:
        head = dict(_values({k: v for k, v in record.items() if k not in lists}, "", model))
        inner = [_part(model.model_fields[name].annotation)[0] for name in lists]
        lines = [
            dict(_values(line, f"{name}.", part))
            for name, part in zip(lists, inner, strict=True)
            for line in record.get(name) or ()
        ]
        return [{**head, **line} for line in lines] or [head]

    return flatten


def _leaves(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        part, _ = _part(field.annotation)
        if part is None:
            yield prefix + name, field
        else:
            yield from _leaves(part, f"{prefix}{name}.")


def _values(record: Row, prefix: str, model: type[BaseModel] | None) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        field = model.model_fields.get(name) if model else None
        part = _part(field.annotation)[0] if field else None
        if part is not None and isinstance(value, dict):
            yield from _values(value, f"{prefix}{name}.", part)
        else:
            yield prefix + name, value


def _part(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model inside an annotation, and whether there may be many of it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        for inner in typing.get_args(annotation):
            found = _part(inner)
            if found[0] is not None:
                return found
    if origin in (tuple, list):
        found = _part(typing.get_args(annotation)[0])
        return found[0], found[0] is not None
    return None, False
