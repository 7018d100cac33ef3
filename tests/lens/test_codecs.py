"""Every codec at its edges: what reads as nothing, what is refused, what is settled, and that data makes it again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from anyerp.kits.odata import v2
from anyerp.lens import (
    Refused,
    boolean,
    choice,
    decimal,
    integer,
    integer_text,
    iso_day,
    iso_instant,
    number_text,
    reference,
    text,
    trimmed,
)
from anyerp.lens.codecs import codec_from_data, whole_digits
from anyerp.model.base import Ref

MOMENT = datetime(2025, 1, 31, 9, 30, 0, 123456, tzinfo=UTC)

READS = [
    (text(5), "", None),
    (text(5), " a ", " a "),
    (text(2), "longer than it may be", "longer than it may be"),
    (trimmed(10), "0000100000", "100000"),
    (trimmed(10), "0000", "0"),
    (trimmed(10), "00A1", "00A1"),
    (trimmed(10), "", None),
    (trimmed(10, upper=True), "ab", "AB"),
    (number_text(), " 1.50 ", Decimal("1.50")),
    (number_text(), "", None),
    (number_text(), "n/a", None),
    (number_text(), "NaN", None),
    (number_text(), "Infinity", None),
    (integer_text(5), "00010", 10),
    (integer_text(5), " ", None),
    (integer_text(5), "00000", 0),
    (integer_text(5, zero_is_nothing=True), "00000", None),
    (iso_day(), "2025-01-31", date(2025, 1, 31)),
    (iso_day(), "2025-01-31T23:59:59Z", date(2025, 1, 31)),
    (iso_day(), "", None),
    (iso_day(), "0001-01-01", None),
    (iso_day(), "0001-01-01T00:00:00Z", None),
    (iso_instant(), "2025-01-31T10:30:00.123456+01:00", MOMENT),
    (iso_instant(), "0001-01-01T00:00:00Z", None),
    (iso_instant(), "", None),
    (choice({"A": "a"}), "A", "a"),
    (choice({"A": "a"}), "B", None),
    (choice({"A": "a"}, otherwise="other"), "B", "other"),
    (choice({"A": "a"}, otherwise="other"), "", None),
    (choice({"A": "a"}, also={"": "a"}), "", "a"),
    (choice({1: "a"}, native=int), 1, "a"),
    (reference(5), "K", Ref(id="K", number="K")),
    (reference(5), "", None),
    (reference(5, trim=True), "00007", Ref(id="7", number="7")),
    (v2.day(), "/Date(1748736000000)/", date(2025, 6, 1)),
    (v2.day(), "/Date(-86400000)/", date(1969, 12, 31)),
    (v2.day(), "", None),
    (v2.instant(), "/Date(1663289112000+0000)/", datetime(2022, 9, 16, 0, 45, 12, tzinfo=UTC)),
    (v2.instant(), "", None),
    (boolean(), False, False),
]


@pytest.mark.parametrize(("codec", "native", "value"), READS)
def test_reading(codec, native, value):
    assert codec.decode(native) == value


@pytest.mark.parametrize(("codec", "native", "value"), READS)
def test_an_inline_expression_does_what_the_function_does(codec, native, value):
    if codec.inline is not None:
        assert eval(codec.inline.format(v="native"), {"native": native}) == value
        assert eval(codec.inline.format(v="native"), {"native": None}) is None


@pytest.mark.parametrize(
    ("codec", "native"),
    [
        (integer_text(5), "1_0"),
        (integer_text(5), "x"),
        (integer_text(5), "\u0663"),
        (iso_day(), "2025-02-30"),
        (iso_day(), "31.01.2025"),
        (iso_instant(), "yesterday"),
        (v2.day(), "2025-01-01"),
        (v2.day(), "/Date(99999999999999999999)/"),
        (v2.instant(), "/Date(x)/"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_not_a_guess(codec, native):
    with pytest.raises((ValueError, ArithmeticError)):
        codec.decode(native)


WRITES = [
    (text(5), "abcde", "abcde"),
    (text(5, upper=True), "abc", "ABC"),
    (text(2, upper=True), "\u00df", "SS"),
    (trimmed(3), "000100", "100"),
    (decimal(5, 2), Decimal("123.45"), Decimal("123.45")),
    (decimal(5, 2), Decimal("1.5000"), Decimal("1.50")),
    (decimal(5, 2, as_text=True), Decimal("1E+2"), "100"),
    (decimal(5, 2, as_text=True), Decimal("-0.05"), "-0.05"),
    (decimal(5, 2), 7, Decimal(7)),
    (number_text(5, 2), Decimal("1.5"), "1.5"),
    (integer(1, 5), 5, 5),
    (integer_text(2), 99, "99"),
    (integer_text(2), 0, "0"),
    (boolean(), False, False),
    (iso_day(), date(2025, 1, 31), "2025-01-31"),
    (iso_instant(), MOMENT.astimezone(timezone(timedelta(hours=9))), "2025-01-31T09:30:00.123456Z"),
    (choice({"A": "a"}, also={"B": "a"}), "a", "A"),
    (reference(5), Ref(id="K"), "K"),
    (reference(5), Ref(number="K", name="Kurt"), "K"),
    (reference(2, trim=True), Ref(id="0007"), "7"),
    (v2.day(), date(1969, 12, 31), "/Date(-86400000)/"),
    (v2.instant(), MOMENT, "/Date(1738315800123+0000)/"),
]


@pytest.mark.parametrize(("codec", "value", "native"), WRITES)
def test_writing(codec, value, native):
    written = codec.encode(value)
    assert (written, str(written)) == (native, str(native))


@pytest.mark.parametrize(
    ("codec", "value", "why"),
    [
        (text(5), "abcdef", "6 characters, this ERP stores 5"),
        (text(5), "a\x00", "NUL"),
        (trimmed(5), "a\x00", "NUL"),
        (text(5), "\ud800", "surrogate"),
        (text(1, upper=True), "\u00df", "2 characters, this ERP stores 1"),
        (trimmed(2), "0100", "3 characters, this ERP stores 2"),
        (decimal(5, 2), Decimal("1.005"), "3 decimal places, this ERP stores 2"),
        (decimal(5, 2), Decimal(1000), "4 digits before the point, this ERP stores 3"),
        (decimal(5, 2), Decimal("1E+27"), "28 digits"),
        (decimal(5, 2), Decimal("NaN"), "finite"),
        (number_text(5, 2), Decimal("0.001"), "3 decimal places"),
        (integer(1, 5), 0, "1 to 5"),
        (integer(1, 5), 6, "1 to 5"),
        (integer_text(2), 100, "3 digits, this ERP stores 2"),
        (integer_text(2), -1, "positive"),
        (integer_text(2, zero_is_nothing=True), 0, "positive"),
        (choice({"A": "a", "B": "b"}), "c", "this ERP knows a, b"),
        (reference(5), Ref(), "neither id nor number"),
        (reference(5), Ref(id="1", number="2"), "differ"),
        (reference(2), Ref(id="123"), "3 characters"),
    ],
)
def test_refusing(codec, value, why):
    with pytest.raises(Refused, match=why):
        codec.encode(value)


@pytest.mark.parametrize(("codec", "value", "native"), WRITES)
def test_what_was_written_reads_as_the_settled_value_and_settling_is_done_once(codec, value, native):
    settled = codec.settle(value)
    assert codec.settle(settled) == settled
    if isinstance(settled, Ref):  # a reference here is one key
        settled = Ref(id=settled.id or settled.number, number=settled.id or settled.number)
    # The wire carries what the JSON reader gives: decimals as they are.
    assert codec.decode(Decimal(native) if codec.native is Decimal else native) == settled


def test_digits_are_counted_exactly_however_many_there_are():
    long = Decimal("12345678901234567890.123456789")  # 29 digits: one more than the context keeps
    with pytest.raises(Refused, match="9 decimal places, this ERP stores 8"):
        whole_digits(long, 38, 8)
    assert whole_digits(long, 38, 9) == long


@pytest.mark.parametrize("value", ["0", "0.000", "0E+5", "0E-9"])
def test_nothing_has_no_digits(value):
    assert whole_digits(Decimal(value), 3, 2) == 0


CODECS = [
    text(5, upper=True, empty=""),
    trimmed(4),
    decimal(9, 2, as_text=True),
    number_text(9, 2, empty="0"),
    integer(1, 9),
    integer_text(4, zero_is_nothing=True),
    boolean(),
    iso_day(),
    iso_instant(1000),
    choice({"A": "a", "B": "b"}, also={"C": "a"}, otherwise="other"),
    reference(7, trim=True, empty=""),
]


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
def test_a_codec_is_made_again_from_its_data(codec):
    data = json.loads(json.dumps(dict(codec.data)))
    again = codec_from_data(data)
    assert dict(again.data) == dict(codec.data)
    assert (again.name, again.native, again.domain, again.empty) == (
        codec.name,
        codec.native,
        codec.domain,
        codec.empty,
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"codec": "txt"}, "no codec is called 'txt'; known are text, "),
        ({}, "no codec is called None"),
        ({"codec": "text", "colour": 1}, "codec text: "),
        ({"codec": ["text"]}, "no codec is called"),
    ],
)
def test_data_that_describes_no_codec_is_refused_in_words(data, why):
    with pytest.raises(ValueError, match=why):
        codec_from_data(data)


def test_a_codec_shows_what_it_is():
    assert repr(text(5)) == "text(max_length=5, upper=False, empty=None)"
