"""Paths of fields: whether a resource has them, and which columns it makes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from anyerp.errors import ConfigError
from anyerp.model import RESOURCES
from pydantic import BaseModel

from anyerp_hub.flow.definition import End, Flow


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its path (`address.city`) and the type of its values; `list` and `dict` are written as JSON text."""

    path: str
    type: type

    @property
    def name(self) -> str:
        """The name for databases."""
        return self.path.replace(".", "_")


def columns(flow: Flow) -> list[Column]:
    """The columns of a flow's file or table: `id`, those of the resource that are kept, those that are set."""
    every = list(_columns(RESOURCES[flow.read.resource], ""))
    if keep := flow.transform.keep:
        every = [one for one in every if one.path == "id" or any(_touches(one.path, path) for path in keep)]
    known = [one.path for one in every]
    for path, value in flow.transform.set.items():
        if not any(_touches(one, path) for one in known):
            every.append(Column(path, type(value)))
    return every


def verify(flow: Flow) -> None:
    """Raise `ConfigError` for a flow that names what its resource does not have."""
    model = RESOURCES.get(flow.read.resource)
    if model is None:
        near = difflib.get_close_matches(flow.read.resource, RESOURCES, 1)
        hint = f"did you mean {near[0]}?" if near else "known: " + ", ".join(RESOURCES)
        raise ConfigError(f"read.resource: there is no resource {flow.read.resource}", hint=hint)
    parts = flow.transform
    for part, paths in (("filter", parts.only), ("keep", parts.keep), ("translate", parts.translate)):
        for path in paths:
            _follow(model, path, f"{part} names {path}", flow.read.resource)
    for path in parts.set:
        if isinstance(flow.write, End):
            if (target := RESOURCES.get(flow.write.resource)) is not None:
                _follow(target, path, f"set names {path}", flow.write.resource)
        elif path.split(".")[0] in ("id", "change"):
            raise ConfigError(f"set names {path}, which files and tables know a record by", hint="set another field")
        elif path.split(".")[0] in model.model_fields:
            _follow(model, path, f"set names {path}", flow.read.resource)
        if any(other.startswith(path + ".") for other in parts.set):
            raise ConfigError(f"set names {path} and a part of it", hint="set one of them")


def flat(values: Mapping[str, Any], path: str) -> Any:
    """The value at a path of a record; None where it has none."""
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _touches(one: str, other: str) -> bool:
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


def _columns(model: type[BaseModel], prefix: str) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        kind = _plain(field.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _columns(kind, f"{prefix}{name}.")
        elif prefix or name != "raw":
            yield Column(prefix + name, kind if isinstance(kind, type) else str)


def _plain(annotation: Any) -> Any:
    """The type behind `X | None`, `Annotated`, `Literal`, `tuple[X, ...]`."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(one for one in get_args(annotation) if one is not type(None))
    if hasattr(annotation, "__metadata__"):
        return _plain(get_args(annotation)[0])
    origin = get_origin(annotation)
    if origin is Literal:
        return str
    if origin is not None:
        return dict if isinstance(origin, type) and issubclass(origin, Mapping) else list
    return annotation if annotation in (str, int, bool, Decimal, date, datetime) or _is_model(annotation) else list


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model within a field: nested, or of its list."""
    if _is_model(annotation):
        model: type[BaseModel] = annotation
        return model
    return next((found for one in get_args(annotation) if (found := _inner(one)) is not None), None)


def _follow(model: type[BaseModel], path: str, said: str, resource: str) -> None:
    inner: type[BaseModel] | None = model
    for name in path.split("."):
        if name in ("extra", "raw"):
            return
        if inner is None or name not in inner.model_fields:
            names = list(inner.model_fields) if inner is not None else []
            near = difflib.get_close_matches(name, names, 1)
            hint = f"did you mean {near[0]}?" if near else "fields there: " + (", ".join(names) or "none")
            raise ConfigError(f"{said}: {resource} has no field {name} there", hint=hint)
        inner = _inner(inner.model_fields[name].annotation)
