"""A record made of checked fields is the record that Pydantic makes, and what Pydantic refuses is refused."""

import pickle
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from anyerp.lens import Codec, Lens, Map, absent, text
from anyerp.lens.construct import defaults, form
from anyerp.lens.reading import Unreadable
from anyerp.model import PurchaseOrder
from anyerp.model.purchase_order import PurchaseOrderLine
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError, field_validator

FIELDS = sorted(set(PurchaseOrderLine.model_fields))
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from(["open", "item", "EUR", "C62", Decimal("1E+40"), Decimal("NaN"), Decimal("-Infinity"), 2**31]),
    st.dates(),
    st.just(datetime(2026, 1, 1, tzinfo=UTC)),
    st.just(datetime(2026, 1, 1)),  # noqa: DTZ001 - without a zone, on purpose
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    st.lists(st.text(max_size=2), max_size=2),
    st.just({"id": "1"}),
)


class Line(PurchaseOrderLine):
    """A line as a record of its own, so that a lens may have it as its model."""

    id: str | None = None
    version: str | None = None
    raw: Any = None


def read_both_ways(field: str, value: Any, *, memo: bool) -> tuple[Any, Any]:
    codec = Codec("odd", decode=lambda _: value, memo=memo, domain=None)
    rules = (Map(field, "F", codec, read_only=True), *absent("never: not here", *(f for f in FIELDS if f != field)))
    lens = Lens.__new__(Lens)  # unchecked: no table promises such values
    lens.model, lens.rules, lens._compiled = Line, rules, {}
    compiled = lens.compile("")
    try:
        quick = compiled.records(compiled.rows(b'[{"F":"x"}]'))[0]
    except (ValidationError, ValueError, ArithmeticError, TypeError):
        quick = None
    try:
        slow = lens.get({"F": "x"})
    except (ValidationError, Unreadable):
        slow = None
    return quick, slow


@pytest.mark.parametrize("field", FIELDS)
@given(value=ODD, memo=st.booleans())
def test_a_field_takes_what_pydantic_takes_and_refuses_what_it_refuses(field, value, memo):
    quick, slow = read_both_ways(field, value, memo=memo)
    assert quick == slow
    if slow is not None:
        assert {type(v) for v in vars(quick).values()} == {type(v) for v in vars(slow).values()}
        assert list(vars(quick)) == list(vars(slow))
        assert quick.model_fields_set == {name for name in slow.model_fields_set if getattr(slow, name) is not None}
        assert quick.model_dump_json() == slow.model_dump_json()


def test_a_made_record_copies_dumps_and_compares_like_any_other():
    quick, slow = read_both_ways("requested_date", date(2026, 1, 2), memo=True)
    assert quick.model_copy(update={"id": "1"}) == slow.model_copy(update={"id": "1"})
    assert hash(repr(quick)) == hash(repr(slow))
    with pytest.raises(ValidationError, match="frozen"):
        quick.id = "2"


def test_records_share_the_set_of_their_fields_and_a_copy_has_its_own():
    lens = Lens(
        Line, (Map("description", "F", text(40)), *absent("never: not here", *({*FIELDS, "version"} - {"description"})))
    )
    compiled = lens.compile("")
    one, other = compiled.records(compiled.rows(b'[{"F":"x"},{"F":"y"}]'))
    assert one.model_fields_set is other.model_fields_set
    with pytest.raises(TypeError, match="shared by many"):
        one.model_fields_set.add("quantity")
    for copied in (one.model_copy(update={"quantity": Decimal(1)}), pickle.loads(pickle.dumps(one)), deepcopy(one)):
        copied.model_fields_set.discard("description")
    assert one.model_dump(exclude_unset=True) == {"description": "x"}
    assert one.model_dump_json(exclude_unset=True) == '{"description":"x"}'


def test_a_model_with_validators_or_required_fields_is_left_to_pydantic():
    class Strict(BaseModel):
        name: str | None = None

        @field_validator("name")
        @classmethod
        def never(cls, value: str) -> str:
            raise ValueError

    class Needed(BaseModel):
        name: str

    assert defaults(Strict) is None
    assert defaults(Needed) is None
    assert defaults(PurchaseOrder) == dict.fromkeys(PurchaseOrder.model_fields)


@pytest.mark.parametrize(
    ("field", "expected"),
    [("description", "text"), ("quantity", "decimal"), ("status", "words"), ("unit", "words"), ("item", "other")],
)
def test_the_form_of_a_field_is_known_from_its_annotation(field, expected):
    assert form(PurchaseOrderLine.model_fields[field].annotation) == expected
