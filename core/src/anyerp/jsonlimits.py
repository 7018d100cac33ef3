"""The gate through which JSON enters: exact where it can be, refused by a clear error where it cannot.

What is refused (`InvalidJson`, a `ValueError`): what is not JSON (`NaN`, `Infinity`, trailing bytes, lone
surrogates, bytes that are not UTF-8), nesting that would exhaust the stack, integers of more than 4,300 digits,
fractions whose exponent passes `MAX_EXPONENT` or that have more than `MAX_DIGITS` digits. A fraction is an exact
`Decimal`, never a float, so `1e400` is 1E+400 and not infinity. Of a name that stands twice in one object the last
value counts, as in every other JSON reader of this field. A UTF-8 byte-order mark, which .NET servers send, is skipped.
"""

from __future__ import annotations

import decimal
from typing import Any

import msgspec

MAX_DIGITS = 1000
MAX_EXPONENT = 999

_BOM = b"\xef\xbb\xbf"

#: Turns the text of a number into an exact `Decimal`; one that would have to be rounded or is beyond the bounds
#: raises `ArithmeticError`. A method of the C implementation, and as fast as `Decimal` itself.
exact_decimal = decimal.Context(
    prec=MAX_DIGITS,
    Emax=MAX_EXPONENT,
    Emin=-MAX_EXPONENT,
    traps=[decimal.Inexact, decimal.Overflow, decimal.Underflow, decimal.InvalidOperation],
).create_decimal

_decoder = msgspec.json.Decoder(float_hook=exact_decimal)


class InvalidJson(ValueError):
    """The bytes are not JSON, or hold a value beyond the limits. The message names the reason, never the content."""


def load_json(content: bytes | str) -> Any:
    """Bytes to plain values; fractions become `Decimal`. Raises `InvalidJson`."""
    try:
        return _decoder.decode(content)
    except (ValueError, ArithmeticError, RecursionError) as error:
        reason = _reason(error)
    if isinstance(content, bytes) and content.startswith(_BOM):
        return load_json(content[len(_BOM) :])
    raise InvalidJson(reason)


def _reason(error: Exception) -> str:
    """Say in one sentence what is wrong, quoting nothing of the content (msgspec's own words quote nothing)."""
    if isinstance(error, RecursionError):
        return "JSON is nested too deeply"
    if isinstance(error, ArithmeticError):
        return f"JSON holds a number of more than {MAX_DIGITS} digits or with an exponent beyond {MAX_EXPONENT}"
    if isinstance(error, UnicodeError):
        return "JSON is not valid UTF-8"
    return str(error)
