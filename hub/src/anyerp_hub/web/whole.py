"""Whole numbers as JSON has them: 5 and 5.0 are the same number there, and 5.5 and "5" are none."""

from __future__ import annotations

from pydantic import BeforeValidator


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: For `Annotated[int, Field(ge=1), WHOLE]`.
WHOLE = BeforeValidator(_whole)
