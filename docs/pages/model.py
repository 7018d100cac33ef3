# ruff: noqa: E501 - prose
"""The page of the unified model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from anyerp.lens.fields import members
from anyerp.model import RESOURCES, Model
from anyerp.model.words import words as meanings
from pydantic import BaseModel

from pages.text import cell, plain


def model() -> str:
    """The unified model, class by class."""
    told = ["# The unified model", "", "One class a resource; a connection offers it under the name beside it. Each field may be null: the ERP says",
            'nothing. Amounts and quantities are `Decimal` in Python and text in JSON (`"10.50"`), never floats. The same',
            "classes are published as JSON Schema: `anyerp schemas` prints it.", "", "| Resource | Record |", "| --- | --- |"]  # fmt: skip
    told += [f"| `{name}` | [{cls.__name__}](#{cls.__name__.lower()}) |" for name, cls in RESOURCES.items()]
    classes: dict[str, type[BaseModel]] = {cls.__name__: cls for cls in RESOURCES.values()}
    for cls in list(classes.values()):
        for name in cls.model_fields:
            for part in members(cls.model_fields[name].annotation):
                if isinstance(part, type) and issubclass(part, Model):
                    classes.setdefault(part.__name__, part)
    for name, cls in classes.items():
        told += ["", f"## {name}", "", plain(cls.__doc__), "", "| Field | Holds | Means |", "| --- | --- | --- |"]
        told += [
            f"| `{field}` | {type_name(get_type_hints(cls, include_extras=True)[field])} | {cell(meanings(cls).get(field, ''))} |"
            for field in cls.model_fields
        ]
    return "\n".join(told)


def type_name(annotation: Any) -> str:
    """A field's type in the words of the domain."""
    names = {"str": "text", "Decimal": "decimal", "int": "whole number", "date": "date", "datetime": "instant (UTC)",
             "bool": "true or false", "Ref": "[reference](#ref)"}  # fmt: skip
    parts = members(annotation)
    literals = [value for part in parts if get_origin(part) is Literal for value in get_args(part)]
    if literals:
        return ", ".join(f"`{value}`" for value in dict.fromkeys(literals))
    listed = "list of " if any(get_origin(part) is tuple for part in parts) else ""
    for part in parts:
        if isinstance(part, type) and issubclass(part, BaseModel):
            return listed + names.get(part.__name__, f"[{part.__name__}](#{part.__name__.lower()})")
    if any(get_origin(part) is Mapping for part in parts):
        return "named values"
    for part in parts:
        if isinstance(part, type) and part.__name__ in names:
            return listed + names[part.__name__]
    return "any JSON value"
