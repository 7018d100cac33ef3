"""The published form of the model: one JSON Schema (2020-12) per resource, made from the Pydantic classes.

Each accepts exactly the JSON documents that the class accepts. Dates are told by `format` as well as by pattern; a
validator must assert formats (`validator` does) to refuse the 30th of February.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from jsonschema import Draft202012Validator, FormatChecker
from pydantic import BaseModel

from anyerp.model import RESOURCES
from anyerp.model.base import Record
from anyerp.model.words import words

VERSION = "v1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def name_of(model: type[Record]) -> str:
    """The name of a resource's schema: of `PurchaseOrder` it is `purchase_order`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def schema(model: type[Record]) -> dict[str, Any]:
    """The JSON Schema of one resource, with `$id` `urn:anyerp:schema:v1:<name>`."""
    made = model.model_json_schema()
    parts = {cls.__name__: cls for cls in _parts(model)}
    for part in (made, *made.get("$defs", {}).values()):
        said = words(parts[part["title"]]) if part.get("title") in parts else {}
        for name, field in part.get("properties", {}).items():
            title = field.pop("title", name.replace("_", " ").title())  # Pydantic names no field that is a reference
            if name in said:
                field["description"] = said[name]
            field["title"] = title
    definitions = made.pop("$defs")
    return {
        "$schema": DIALECT,
        "$id": f"urn:anyerp:schema:{VERSION}:{name_of(model)}",
        "title": made.pop("title"),
        "description": made.pop("description"),
        **made,
        "$defs": dict(sorted(definitions.items())),
    }


def _parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those that its fields hold."""
    yield model
    for field in model.model_fields.values():
        yield from _models_in(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _parts(annotation)
    for inner in get_args(annotation):
        yield from _models_in(inner)


def schemas() -> dict[str, dict[str, Any]]:
    """Every resource's schema by its name."""
    return {name_of(model): schema(model) for model in RESOURCES.values()}


def write_schemas(directory: str | Path) -> list[Path]:
    """Write every schema to `<directory>/<name>.json`; gives the files. Files of other names are left alone."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, made in schemas().items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", "utf-8")
        written.append(path)
    return written


def validator(model: type[Record]) -> Draft202012Validator:
    """A validator that asserts formats too, with no further package: what `jsonschema` alone does not check."""
    return Draft202012Validator(schema(model), format_checker=FORMATS)


def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


#: Checks `date` and `date-time` by the calendar. The patterns beside them have checked the form.
FORMATS = FormatChecker(formats=())
FORMATS.checks("date", raises=ValueError)(_is_day)
FORMATS.checks("date-time", raises=ValueError)(_is_moment)
