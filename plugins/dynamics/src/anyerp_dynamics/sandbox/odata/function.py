"""The functions of OData expressions: what each takes, what it gives, and how it is worked out."""

from __future__ import annotations

import math
import operator as op
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .schema import NUMBERS

_TEXT = "Edm.String"
DAYS = ("Edm.Date", "Edm.DateTimeOffset")
#: The Edm types that each kind of argument accepts.
ACCEPTS = {"text": (_TEXT,), "number": tuple(NUMBERS), "day": DAYS, "moment": ("Edm.DateTimeOffset",)}
_NUMBER, _MOMENT = ("number",), ("moment",)


def _rounded(value: Any) -> Any:
    return Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)


FUNCTIONS: dict[str, tuple[tuple[str, ...], str, Callable[..., Any]]] = {
    "contains": (("text", "text"), "Edm.Boolean", lambda text, part: part in text),
    "startswith": (("text", "text"), "Edm.Boolean", str.startswith),
    "endswith": (("text", "text"), "Edm.Boolean", str.endswith),
    "length": (("text",), "Edm.Int32", len),
    "indexof": (("text", "text"), "Edm.Int32", str.find),
    "substring": (("text", "number", "?"), _TEXT, lambda text, at, size=None: text[at:][:size]),
    "tolower": (("text",), _TEXT, str.lower),
    "toupper": (("text",), _TEXT, str.upper),
    "trim": (("text",), _TEXT, str.strip),
    "concat": (("text", "text"), _TEXT, op.add),
    "year": (("day",), "Edm.Int32", op.attrgetter("year")),
    "month": (("day",), "Edm.Int32", op.attrgetter("month")),
    "day": (("day",), "Edm.Int32", op.attrgetter("day")),
    "hour": (_MOMENT, "Edm.Int32", op.attrgetter("hour")),
    "minute": (_MOMENT, "Edm.Int32", op.attrgetter("minute")),
    "second": (_MOMENT, "Edm.Int32", op.attrgetter("second")),
    "date": (_MOMENT, "Edm.Date", lambda moment: date(moment.year, moment.month, moment.day)),
    "round": (_NUMBER, "Edm.Decimal", _rounded),
    "floor": (_NUMBER, "Edm.Decimal", lambda value: Decimal(math.floor(value))),
    "ceiling": (_NUMBER, "Edm.Decimal", lambda value: Decimal(math.ceil(value))),
}
