"""Records: floats and naive moments refused, UTC kept, nothing changed after the fact, every digit survives JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from anyerp.model import (
    RESOURCES,
    GoodsReceipt,
    GoodsReceiptLine,
    Item,
    PaymentTerm,
    PurchaseOrder,
    PurchaseOrderLine,
    Ref,
    SalesOrder,
    SalesOrderLine,
    StockLevel,
    Unit,
    VendorInvoice,
    VendorInvoiceLine,
)
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

DIGITS_28 = Decimal(1234567890123456789012345678)


def refused(model, **fields):
    with pytest.raises(ValidationError) as caught:
        model(**fields)
    return caught.value.errors(include_url=False, include_input=False)


def numbers():
    """Every decimal field of the model."""
    found = []
    lines = (PurchaseOrderLine, GoodsReceiptLine, VendorInvoiceLine, SalesOrderLine)
    for model in (*RESOURCES.values(), *lines):
        found += [(model, name) for name, field in model.model_fields.items() if "Decimal" in str(field.annotation)]
    return found


@pytest.mark.parametrize(("model", "field"), numbers())
@pytest.mark.parametrize("value", [1.0, 0.1, float("nan"), float("inf"), True])
def test_no_decimal_field_takes_a_float_or_a_bool(model, field, value):
    (problem,) = refused(model, **{field: value})
    assert problem["loc"] == (field,)


def test_there_are_decimal_fields_to_test():
    assert len(numbers()) > 15


@pytest.mark.parametrize("value", [Decimal("12.50"), "12.50", Decimal("1250E-2")])
def test_decimals_come_as_decimals_or_as_text(value):
    assert Item(cost=value).cost == Decimal("12.50")


def test_a_whole_number_may_be_an_int():
    assert Item(cost=12).cost == Decimal(12)


@pytest.mark.parametrize(
    "value", [Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN"), 10**28, "1e5", "1,5", "", "\u0663"]
)
def test_no_decimal_is_infinite_or_written_otherwise(value):
    refused(Item, cost=value)


@pytest.mark.parametrize("value", ["1E+28", "1E+999999", "1E-100", "0E+999999"])
def test_no_decimal_is_endless(value):
    refused(Item, cost=Decimal(value))


def test_no_other_field_takes_a_float():
    refused(PurchaseOrderLine, number=1.0)
    refused(PaymentTerm, net_days=30.0)
    refused(PurchaseOrder, order_date=1.0)
    refused(PurchaseOrder, created_at=1.0)
    refused(PurchaseOrder, number=1.0)


@pytest.mark.parametrize("value", [1.5, 2.0, [1.5], {"b": [{"c": 0.1}]}, float("nan")])
def test_custom_fields_take_no_float_however_deep(value):
    (problem,) = refused(PurchaseOrder, extra={"a": value})
    assert "float" in problem["msg"]


@pytest.mark.parametrize("value", [object(), {1}, b"x", Decimal("NaN"), Decimal("1E+999999"), datetime(2025, 1, 1)])  # noqa: DTZ001
def test_custom_fields_take_only_what_json_can_say(value):
    refused(PurchaseOrder, extra={"a": value})


def test_custom_fields_that_hold_themselves_are_refused():
    endless = []
    endless.append(endless)
    refused(PurchaseOrder, extra={"a": endless})


def test_custom_fields_keep_exact_values_and_write_them_plainly():
    moment = datetime(2025, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    given = {"a": Decimal("1E+3"), "b": date(2025, 1, 1), "c": moment, "d": [Decimal("0.10"), None, True], "e": 2**60}
    record = PurchaseOrder(extra=given)
    assert record.extra["a"] == Decimal(1000)
    assert json.loads(record.model_dump_json(exclude_unset=True)) == {
        "extra": {"a": "1000", "b": "2025-01-01", "c": "2025-01-01T00:00:00Z", "d": ["0.10", None, True], "e": 2**60}
    }


def test_a_moment_without_a_zone_is_refused():
    (problem,) = refused(PurchaseOrder, updated_at=datetime(2025, 1, 1))  # noqa: DTZ001
    assert "time zone" in problem["msg"]
    refused(PurchaseOrder, updated_at="2025-01-01T00:00:00")


def test_moments_are_kept_in_utc_whatever_zone_they_come_in():
    tokyo = timezone(timedelta(hours=9))
    record = PurchaseOrder(updated_at=datetime(2025, 1, 1, 8, 30, tzinfo=tokyo))
    assert record.updated_at == datetime(2024, 12, 31, 23, 30, tzinfo=UTC)
    assert record.updated_at.tzinfo is UTC
    assert json.loads(record.model_dump_json())["updated_at"] == "2024-12-31T23:30:00Z"


def test_a_moment_that_leaves_the_calendar_in_utc_is_refused_and_not_a_crash():
    refused(PurchaseOrder, updated_at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))))
    refused(PurchaseOrder, updated_at=datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-9))))


def test_a_date_is_no_moment():
    refused(PurchaseOrder, order_date=datetime(2025, 1, 1, tzinfo=UTC))
    refused(PurchaseOrder, updated_at=date(2025, 1, 1))


def test_a_record_does_not_change():
    record = PurchaseOrder(number="1", vendor=Ref(id="2"))
    with pytest.raises(ValidationError, match="frozen"):
        record.number = "2"
    with pytest.raises(ValidationError, match="frozen"):
        record.vendor.id = "3"


def test_unknown_fields_and_coerced_texts_are_refused():
    refused(PurchaseOrder, colour="red")
    refused(PurchaseOrder, number=1)
    refused(PurchaseOrder, number=b"1")


def test_an_error_does_not_repeat_what_was_given():
    with pytest.raises(ValidationError) as caught:
        PurchaseOrder(currency="hunter2")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("value", [DIGITS_28, -DIGITS_28, Decimal("0." + "1" * 28), Decimal("-0.00"), Decimal("1E+5"),
                                   Decimal("0E-20"), Decimal("1E-99")])  # fmt: skip
def test_every_digit_survives_json(value):
    line = PurchaseOrderLine(unit_price=value)
    back = PurchaseOrderLine.model_validate_json(line.model_dump_json())
    assert back.unit_price == value
    assert back.unit_price.is_signed() == value.is_signed()
    assert max(-back.unit_price.as_tuple().exponent, 0) == max(-value.as_tuple().exponent, 0)


decimals = st.decimals(-(10**27), 10**27, places=10) | st.decimals(0, 1, places=40)


moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.timezones())  # noqa: DTZ001
lines = st.builds(PurchaseOrderLine, quantity=decimals, number=st.integers(0, 9))
orders = st.builds(
    PurchaseOrder,
    number=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5),
    order_date=st.none() | st.dates(),
    updated_at=st.none() | moments,
    total_tax=st.none() | decimals,
    lines=st.none() | st.lists(lines, max_size=2),
)


@given(orders)
def test_a_record_is_the_same_after_json_and_back(record):
    assert PurchaseOrder.model_validate_json(record.model_dump_json()) == record
    assert PurchaseOrder.model_validate(record.model_dump()) == record


def test_a_unit_factor_is_never_rounded():
    assert Unit(factor="0.3048").model_dump_json(exclude_unset=True) == '{"factor":"0.3048"}'


@pytest.mark.parametrize("line", [GoodsReceiptLine, VendorInvoiceLine])
def test_a_receipt_and_an_invoice_say_which_line_of_which_order_they_belong_to(line):
    found = line(purchase_order=Ref(number="4500000001"), purchase_order_line=10, quantity="2")
    assert (found.purchase_order.number, found.purchase_order_line, found.quantity) == ("4500000001", 10, 2)
    refused(line, purchase_order_line="10")
    refused(line, purchase_order="4500000001")


@pytest.mark.parametrize("model", [GoodsReceipt, VendorInvoice, SalesOrder, PurchaseOrder])
def test_a_status_of_no_known_kind_is_other_with_the_erps_own_word(model):
    assert model(status="other", native_status="07").native_status == "07"
    refused(model, status="07")


def test_every_document_keeps_the_callers_own_key():
    documents = [model for model in RESOURCES.values() if "lines" in model.model_fields]
    assert len(documents) == 4
    for model in documents:
        assert model(external_reference="req-42").external_reference == "req-42"


def test_a_stock_level_counts_all_in_one_unit():
    level = StockLevel(item=Ref(id="TG11"), unit="C62", quantity_on_hand=7, quantity_reserved=2, quantity_available=5)
    assert level.quantity_on_hand - level.quantity_reserved == level.quantity_available
    refused(level.__class__, quantity_on_hand=7.0)
