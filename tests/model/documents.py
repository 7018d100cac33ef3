"""Random documents: valid ones made from a JSON Schema, and the same with damage somewhere inside."""

# ruff: noqa: E501, RUF001 - a table; full-width digits are its point

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
WHOLE = st.integers(-(10**20), 10**20)
EXACT = st.recursive(
    st.none() | st.booleans() | WHOLE | WHOLE.map(float) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
#: Floats that are no whole numbers, among them those that JSON has no word for.
FRACTIONS = st.floats(-1e6, 1e6).filter(lambda value: not value.is_integer()) | st.sampled_from(
    [0.1, -1.5, 5e-324, math.nan, math.inf, -math.inf]
)


def valid(schema: dict[str, Any], whole: dict[str, Any] | None = None) -> st.SearchStrategy[Any]:
    """Documents that a schema accepts."""
    whole = whole or schema
    match schema:
        case {"$ref": "#/$defs/Exact"}:
            return EXACT
        case {"$ref": reference}:
            return valid(whole["$defs"][reference.rpartition("/")[2]], whole)
        case {"anyOf": choices}:
            return st.one_of([valid(choice, whole) for choice in reversed(choices)])
        case {"enum": values}:
            return st.sampled_from(values)
        case {"type": "null"}:
            return st.none()
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "integer", "minimum": low, "maximum": high}:
            whole_numbers = st.integers(low, high) | st.sampled_from([low, high])
            return whole_numbers | whole_numbers.map(float)
        case {"type": "string", "format": "date"}:
            return st.dates().map(lambda day: day.isoformat())
        case {"type": "string", "format": "date-time"}:
            return st.datetimes().map(lambda moment: moment.isoformat() + "Z")
        case {"type": "string", "pattern": pattern}:
            return st.from_regex(pattern, fullmatch=True).filter(lambda text: not text.endswith("\n"))
        case {"type": "string"}:
            return TEXT
        case {"type": "array", "items": items}:
            return st.lists(valid(items, whole), max_size=2)
        case {"type": "object", "properties": properties}:
            fields = {name: valid(inner, whole) for name, inner in properties.items()}
            # A handful of fields is enough: forty at once only make the examples slow.
            return st.sets(st.sampled_from(sorted(fields)), max_size=6).flatmap(
                lambda names: st.fixed_dictionaries({name: fields[name] for name in sorted(names)})
            )
        case {"type": "object", "additionalProperties": inner}:
            return st.dictionaries(TEXT, valid(inner, whole), max_size=2)
        case _:
            return EXACT  # no constraint at all: `raw`


ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, -0.0, 1.5, 1e300, 2**31, 2**31 - 1, 2.0**31, 10**40, 36500, 36501,
    "", " ", "\n", "x", "0", "-0", "-0.0", "00", "01", "+1", "1.", ".5", "1e5", "1E+999999", "NaN", "Infinity", "-",
    "1\n", "1.5\n", "1 ", " 1", "1_000", "1,5", "١٢", "1٢", "9" * 28, "9" * 29, "-" + "9" * 28, "0." + "1" * 99,
    "0." + "1" * 100, "9" * 5000, "2025-02-28", "2025-02-30", "2024-02-29", "2025-02-29", "2025-13-01", "2025-00-10",
    "2025-1-1", "0000-01-01", "0001-01-01", "9999-12-31", "2025-01-01\n", "20250101", "2025-W01-1", "２０２５-01-01",
    "2025-01-01T00:00:00Z", "2025-02-30T00:00:00Z", "2025-01-01T24:00:00Z", "2025-01-01T23:59:60Z",
    "2025-01-01T00:00:00", "2025-01-01T00:00:00+00:00", "2025-01-01T00:00:00z", "2025-01-01t00:00:00Z",
    "2025-01-01 00:00:00Z", "2025-01-01T00:00Z", "2025-01-01T00:00:00.123456Z", "2025-01-01T00:00:00.1234567Z",
    "2025-01-01T00:00:00.Z", "2025-01-01T00:00:00Z\n", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
    "EUR", "EUR\n", "eur", "EURO", "ＥＵＲ", "DE", "DE\n", "C62", "C62\n", "C6", "É2", "open", "Open", "open\n", "other",
    "\x00", "\u2028", "EUR\u2028", "\ufeffEUR", "😀",
    [], [None], [[]], [{}], {}, {"": ""}, {"id": ""}, {"id": "1"}, {"number": 1}, {"a": 1.5}, {"a": [1.5]}, {"a": "b"},
    math.nan, math.inf, -math.inf, {"a": math.nan}, {"a": math.inf}, {"a": 2.0}, {"a": -0.0}, {"a": 1e300}, {"a": 5e-324},
    {"a": 10**40}, {"a": True}, {"a": None}, {"a": [[1.5]]}, {"a": [{"b": 1.5}]}, {"a": {"b": {"c": [None, 0.1]}}}, {"a": [2.0]},
]  # fmt: skip


def spots(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in a document."""
    found = [path]
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for step, inner in items:
        found += spots(inner, (*path, step))
    return found


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return value
    step, *rest = path
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[step] = changed(copy[step], tuple(rest), value)
    return copy


@st.composite
def customised(draw: st.DrawFn, sound: st.SearchStrategy[Any], owners: list[str]) -> tuple[Any, bool]:
    """A document with custom fields of any depth, and whether a fraction stands somewhere in them.

    `owners` are the document's fields that list parts with custom fields of their own; the record is one as well.
    """
    extra = draw(st.dictionaries(TEXT, EXACT, min_size=1, max_size=2))
    spoiled = draw(st.booleans())
    if spoiled:
        extra = changed(extra, draw(st.sampled_from(spots(extra)[1:])), draw(FRACTIONS))
    owner = draw(st.sampled_from([None, *owners]))
    return {**draw(sound), **({"extra": extra} if owner is None else {owner: [{"extra": extra}]})}, spoiled


@st.composite
def damaged(draw: st.DrawFn, sound: st.SearchStrategy[Any]) -> Any:
    """A document with one to three odd values in it, or with a field that nobody knows. It may still be valid."""
    document = draw(sound)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(spots(document)))
        here = document
        for step in path:
            here = here[step]
        if isinstance(here, dict) and draw(st.booleans()):
            name = draw(st.sampled_from(["unheard_of", "Number", "number", "lines", "extra", "id", "currency"]))
            document = changed(document, path, {**here, name: draw(st.sampled_from(ODD))})
        elif isinstance(here, str) and here and draw(st.booleans()):
            end = draw(st.sampled_from(["\n", " ", "\u0660", "0", "\r", "\u2028", "Z"]))
            document = changed(document, path, draw(st.sampled_from([here + end, end + here, here[:-1]])))
        else:
            document = changed(document, path, draw(st.sampled_from(ODD)))
    return document
