"""What the model says of a field's type: the nested model behind it, if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel


def members(annotation: Any) -> list[Any]:
    """All types that an annotation mentions, itself included."""
    found = [annotation]
    for argument in get_args(annotation):
        found += members(argument)
    return found


def model_of(model: type[BaseModel], field: str) -> type[BaseModel] | None:
    """The nested model of a field: of `ship_to` Address, of `lines` its line; None for scalars."""
    for part in members(model.model_fields[field].annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def is_list(model: type[BaseModel], field: str) -> bool:
    """Whether a field holds a list."""
    return any(get_origin(part) in (tuple, list) for part in members(model.model_fields[field].annotation))


def is_mapping(model: type[BaseModel], field: str) -> bool:
    """Whether a field holds named values (`extra`, `dimensions`)."""
    return any(get_origin(part) in (dict, Mapping) for part in members(model.model_fields[field].annotation))
