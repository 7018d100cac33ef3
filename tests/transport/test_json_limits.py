"""JSON at its limits: handled exactly, or refused by a clear `ValueError`; never a crash, never an infinity."""

from decimal import Decimal

import pytest
from anyerp.jsonlimits import MAX_DIGITS, MAX_EXPONENT
from anyerp.wire import InvalidJson, Response, dump_json, load_json

EXACT = {
    "28 digits": (b"1234567890123456789012345.678", Decimal("1234567890123456789012345.678")),
    "beyond a double": (b"1e400", Decimal("1E+400")),
    "beneath a double": (b"[1e-400]", [Decimal("1E-400")]),
    "trailing zeros": (b"1.10", Decimal("1.10")),
    "the longest fraction": (b"0." + b"1" * MAX_DIGITS, Decimal("0." + "1" * MAX_DIGITS)),
    "a long integer": (b"9" * 4300, None),
    "an integer of 23 digits": (b"12345678901234567890123", 12345678901234567890123),
    "a surrogate pair": (rb'"\ud83d\ude00"', "\U0001f600"),
    "a byte-order mark": (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    "a name that stands twice": (b'{"a": 1, "b": 0, "a": 2}', {"a": 2, "b": 0}),
    "fifty levels": (b"[" * 50 + b"]" * 50, None),
}

REFUSED = {
    "NaN": b'{"amount": NaN}',
    "Infinity": b"[Infinity]",
    "minus Infinity": b"-Infinity",
    "an exponent beyond the bound": b"1e%d" % (MAX_EXPONENT + 1),
    "an exponent that no Decimal holds": b"1e99999999999999999999",
    "a vanishing exponent": b"1e-99999999",
    "more digits than we keep": b"0." + b"1" * (MAX_DIGITS + 1),
    "an integer of 10,000 digits": b"1" * 10_000,
    "a negative integer of 10,000 digits": b"-" + b"9" * 10_000,
    "100,000 arrays in each other": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects in each other": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a lone high surrogate": rb'"\ud800"',
    "a lone high surrogate and text": rb'"\ud800 and then some"',
    "a lone low surrogate": rb'"\udc00x"',
    "a surrogate in raw bytes": b'"\xed\xa0\x80"',
    "Latin-1": b'{"name": "M\xfcller"}',
    "a cut-off document": b'{"value": [1, 2',
    "two documents": b"{} {}",
    "nothing": b"",
    "a page of HTML": b"<html>Sign in</html>",
}


@pytest.mark.parametrize("case", EXACT)
def test_a_value_at_the_limit_is_read_exactly(case):
    content, expected = EXACT[case]
    value = load_json(content)
    if expected is not None:
        assert value == expected
        assert repr(value) == repr(expected)


@pytest.mark.parametrize("case", REFUSED)
def test_a_document_beyond_the_limit_is_refused_by_name(case):
    with pytest.raises(InvalidJson) as caught:
        load_json(REFUSED[case])
    assert isinstance(caught.value, ValueError)
    assert 10 < len(str(caught.value)) < 120


def test_a_string_with_a_lone_surrogate_is_refused_too():
    with pytest.raises(InvalidJson):
        load_json('"\ud800"')


def test_the_refusal_quotes_nothing_of_the_document():
    with pytest.raises(InvalidJson) as caught:
        Response(200, content=b'{"token": "s3cret\xff"}').json()
    assert "s3cret" not in str(caught.value)
    assert caught.value.__context__ is None


def test_an_exact_number_goes_out_as_it_came_in():
    assert dump_json(load_json(b"[1234567890123456789012345.678,0.10,1E+400]")) == (
        b"[1234567890123456789012345.678,0.10,1E+400]"
    )
