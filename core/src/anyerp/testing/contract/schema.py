"""Schema laws: the published JSON Schema and the model take exactly the same documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from anyerp.testing.law import Broken, law, shown
from anyerp.testing.subject import Subject
from anyerp.testing.values import places

#: What may stand at any place of a document, right or wrong.
ODD: tuple[Any, ...] = (
    None, "", "x", " ", 0, 1, -1, 1.5, 2**31, 10**20, True, [], {}, ["x"], {"x": 1}, "1", "1.50", "01", "1e3", "-0.5",
    "NaN", "2025-06-30", "2025-6-30", "30.06.2025", "2025-06-30T10:00:00Z", "2025-06-30T10:00:00",
    "2025-06-30T10:00:00+02:00", "EUR", "eur", "EURO", "DE", "C62", "open", "other", "x" * 2000,
)  # fmt: skip


@law("schema.same_documents")
def same_documents(subject: Subject, resource: str) -> None:
    """A document that the JSON Schema takes, the model takes, and the other way round.

    Why: hosts in other languages know only the schema.
    Checked: documents of every writable value, each field with every kind of odd value, and an unknown field.
    If it fails: a validator that the schema does not show; say it in the type, so that both know.
    Exempt: an `Exemption`.
    """
    model = subject.resource(resource).lens.model
    validator = Draft202012Validator(model.model_json_schema(), format_checker=FormatChecker(["date"]))
    for document in _documents(subject, resource):
        by_schema = validator.is_valid(document)
        try:
            model.model_validate_json(json.dumps(document))
        except ValidationError as error:
            by_model, why = False, error.errors(include_input=False, include_url=False)[0]["msg"]
        else:
            by_model, why = True, ""
        if by_schema != by_model:
            verdict = (
                f"the schema takes it, the model does not ({why})"
                if by_schema
                else "the model takes it, the schema does not"
            )
            raise Broken(f"{model.__name__}: {verdict}: {shown(document)}")


def _documents(subject: Subject, resource: str) -> Iterator[dict[str, Any]]:
    lens = subject.resource(resource).lens
    yield {}
    yield {"no_such_field": 1}
    for place in places(lens):
        for edge in place.edges():
            record = place.record(edge.value)
            yield json.loads(record.model_dump_json(exclude_unset=True))
    for field in lens.model.model_fields:
        if field != "raw":
            yield from ({field: value} for value in ODD)
    for place in places(lens):
        if place.trail:
            document = json.loads(json.dumps(place.nested(None), default=str))
            yield from (_with(document, place.rule.field, value) for value in ODD)


def _with(document: Any, field: str, value: Any) -> Any:
    """The document with one value at the innermost place of that name."""
    if isinstance(document, list):
        return [_with(item, field, value) for item in document]
    if not isinstance(document, dict):
        return document
    head = field.partition(".")[0]
    return {name: value if name == head else _with(inner, field, value) for name, inner in document.items()}
