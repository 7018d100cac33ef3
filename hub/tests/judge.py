"""A check of our own for schemathesis: what fits OpenAPI's shapes is refused for its meaning, never for its shape."""

from __future__ import annotations

import json
from typing import Any

import schemathesis

#: What a shape cannot say: rules between fields; and that Python's calendar begins with the year 1.
MEANING = ("Value error, ", "must be a date that exists", "must be a moment")


@schemathesis.check
def refused_for_its_meaning_only(ctx: Any, response: Any, case: Any) -> None:
    """Look into each 422 that answers a request that fits."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    problem = json.loads(response.content)
    shape = problem["code"] == "invalid_request" or problem["detail"] == "the record does not fit the model"
    wrong = [each for each in problem["errors"] if shape and not each["message"].startswith(MEANING)]
    assert not wrong, f"it fits the schema and was refused for its shape: {wrong}"
