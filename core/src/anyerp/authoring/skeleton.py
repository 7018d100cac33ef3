"""What a lens says before anything is mapped: every field of a model, one `Absent` a line."""

from __future__ import annotations

from collections.abc import Container

from pydantic import BaseModel

from anyerp.authoring.emit import call, literal
from anyerp.lens.check import UNRULED

TODO = "todo: not mapped yet"


def absences(model: type[BaseModel], spoken: Container[str], because: str = TODO, indent: int = 4) -> list[str]:
    """A line of source for each field that has no rule yet, in the model's order."""
    return [
        call("Absent", literal(field), literal(because), indent=indent)
        for field in model.model_fields
        if field not in UNRULED and field not in spoken
    ]
