"""The published JSON Schemas, those that the Pydantic classes give, and the classes accept the same documents."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
from anyerp.model import RESOURCES, PurchaseOrder
from anyerp.model.schema import FORMATS, name_of, schema, schemas, validator, write_schemas
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

_here = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("documents", _here / "documents.py")
documents = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(documents)

MODELS = list(RESOURCES.values())
VALIDATORS = {model: validator(model) for model in MODELS}
#: By the schema that the class gives, which is what OpenAPI and the schemas of events are made of.
OWN = {model: Draft202012Validator(model.model_json_schema(), format_checker=FORMATS) for model in MODELS}
SCHEMAS = {model: schema(model) for model in MODELS}
VALID = {model: documents.valid(SCHEMAS[model]) for model in MODELS}
DAMAGED = {model: documents.damaged(VALID[model]) for model in MODELS}
PUBLISHED = _here.parents[1] / "schemas" / "v1"
slow_to_make = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60)


def pydantic_accepts(model, text):
    try:
        model.model_validate_json(text)
    except ValidationError:
        return False
    return True


def both(model, document):
    """What the class and the schemas say of a document, as it stands on the wire."""
    text = json.dumps(document, ensure_ascii=False)
    by_schema = VALIDATORS[model].is_valid(json.loads(text))
    assert OWN[model].is_valid(json.loads(text)) == by_schema, f"the class's own schema differs: {text}"
    return pydantic_accepts(model, text), by_schema


@pytest.mark.parametrize("model", MODELS)
def test_each_schema_is_a_valid_schema_with_a_stable_name(model):
    Draft202012Validator.check_schema(SCHEMAS[model])
    assert SCHEMAS[model]["$id"] == f"urn:anyerp:schema:v1:{name_of(model)}"


@pytest.mark.parametrize("model", MODELS)
def test_every_field_has_a_title_and_a_description(model):
    parts = [SCHEMAS[model], *(d for name, d in SCHEMAS[model]["$defs"].items() if name != "Exact")]
    for part in parts:
        for name, field in part["properties"].items():
            assert field.get("description"), (part["title"], name)
            assert field.get("title"), (part["title"], name)


def test_the_published_schemas_are_the_current_ones(tmp_path):
    written = write_schemas(tmp_path)
    assert {path.name for path in written} == {path.name for path in PUBLISHED.iterdir()}
    for path in written:
        assert path.read_text("utf-8") == (PUBLISHED / path.name).read_text("utf-8"), (
            f"{path.name} is out of date: write_schemas('schemas/v1') makes it anew"
        )


def test_a_name_is_lower_case_words_joined_by_underscores():
    names = "company location vendor customer item unit payment_term purchase_order goods_receipt vendor_invoice"
    assert set(schemas()) == {*names.split(), "sales_order", "stock_level"}


@pytest.mark.parametrize("model", MODELS)
@slow_to_make
@given(data=st.data())
def test_what_the_schema_describes_both_accept(model, data):
    document = data.draw(VALID[model])
    assert both(model, document) == (True, True)


@pytest.mark.parametrize("model", MODELS)
@slow_to_make
@given(data=st.data())
def test_of_damaged_documents_both_say_the_same(model, data):
    document = data.draw(DAMAGED[model])
    by_pydantic, by_schema = both(model, document)
    assert by_pydantic == by_schema, document


def _owners(model):
    """The fields of a resource that list parts with custom fields of their own."""
    made = SCHEMAS[model]
    parts = [name for name, part in made["$defs"].items() if "extra" in part.get("properties", {})]
    return [name for name, field in made["properties"].items() if any(f'/{p}"' in json.dumps(field) for p in parts)]


@pytest.mark.parametrize("model", MODELS)
@slow_to_make
@given(data=st.data())
def test_a_custom_field_may_hold_anything_but_a_fraction_at_any_depth(model, data):
    document, spoiled = data.draw(documents.customised(VALID[model], _owners(model)))
    assert both(model, document) == (not spoiled, not spoiled)


def test_lines_have_custom_fields_of_their_own():
    assert _owners(PurchaseOrder) == ["lines"]


def _kinds():
    """One field of every kind that the model has, found in the schemas themselves."""
    found = {}
    for model in MODELS:
        for owner, part in [(None, SCHEMAS[model]), *SCHEMAS[model]["$defs"].items()]:
            for name, field in part.get("properties", {}).items():
                kind = json.dumps({k: v for k, v in field.items() if k not in ("title", "description", "default")})
                found.setdefault(kind, (model, owner, name))
    return list(found.values())


def _wrapped(model, owner, name, value):
    if owner is None:
        return {name: value}
    for outer, field in SCHEMAS[model]["properties"].items():
        if f"#/$defs/{owner}" in json.dumps(field):
            return {outer: [{name: value}] if '"array"' in json.dumps(field) else {name: value}}
    raise AssertionError(owner)


@pytest.mark.parametrize(("model", "owner", "name"), _kinds(), ids=str)
def test_every_odd_value_in_every_kind_of_field_is_judged_alike(model, owner, name):
    verdicts = []
    for value in documents.ODD:
        by_pydantic, by_schema = both(model, _wrapped(model, owner, name, value))
        assert by_pydantic == by_schema, value
        verdicts.append(by_pydantic)
    assert any(verdicts)
    assert not all(verdicts) or name == "raw"


def test_a_plain_python_validator_sees_the_trailing_newline_too():
    plain = Draft202012Validator(SCHEMAS[PurchaseOrder])
    assert plain.is_valid({"currency": "EUR"})
    assert not plain.is_valid({"currency": "EUR\n"})
    assert not plain.is_valid({"total_tax": "1.5\n"})


def test_patterns_are_written_for_every_dialect():
    text = json.dumps(list(SCHEMAS.values()))
    for pattern in set(re.findall(r'"pattern": "([^"]+)"', text)):
        assert not re.search(r"\(\?[=!<]|\\\\d|\\\\w|\\\\Z", pattern), pattern
