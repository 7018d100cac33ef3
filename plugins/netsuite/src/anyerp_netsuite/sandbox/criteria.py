"""The `q` filter of record lists: body fields, operators by name (netsuite sheet §3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from anyerp_netsuite.sandbox.derive import present
from anyerp_netsuite.sandbox.field import Field, RecordType, Ref
from anyerp_netsuite.sandbox.problem import Problem, bad_request
from anyerp_netsuite.sandbox.sql.when import DateStyle
from anyerp_netsuite.sandbox.store import Record, Store

Test = Callable[[Record], bool]
_TOKEN = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|([()\[\],])|([^\s()\[\],"]+))""")

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": lambda a, b: a == b,
    "GREATER": lambda a, b: a > b,
    "GREATER_OR_EQUAL": lambda a, b: a >= b,
    "LESS": lambda a, b: a < b,
    "LESS_OR_EQUAL": lambda a, b: a <= b,
}
_DAYS = {
    "ON": "EQUAL",
    "AFTER": "GREATER",
    "ON_OR_AFTER": "GREATER_OR_EQUAL",
    "BEFORE": "LESS",
    "ON_OR_BEFORE": "LESS_OR_EQUAL",
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "IS": lambda a, b: a == b,
    "CONTAIN": lambda a, b: b in a,
    "START_WITH": lambda a, b: a.startswith(b),
    "END_WITH": lambda a, b: a.endswith(b),
}


def _wrong(text: str) -> Problem:
    return bad_request(f"Invalid filter: {text}", "INVALID_PARAMETER", query="q")


def parse(text: str, kind: RecordType, store: Store, style: DateStyle) -> Test:
    """A filter as a test of records. Raises `Problem` for what the syntax or a field's type does not allow."""
    return _Parser(text, kind, store, style).whole()


class _Parser:
    def __init__(self, text: str, kind: RecordType, store: Store, style: DateStyle) -> None:
        self._tokens = list(_tokens(text))
        self._kind, self._store, self._style = kind, store, style

    def whole(self) -> Test:
        test = self._any()
        if self._tokens:
            raise _wrong(f"unexpected '{self._tokens[0]}'.")
        return test

    def _peek(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _next(self) -> str:
        if not self._tokens:
            raise _wrong("it ends too early.")
        return self._tokens.pop(0)

    def _any(self) -> Test:
        tests = [self._all()]
        while self._peek().upper() == "OR":
            self._next()
            tests.append(self._all())
        return lambda record: any(test(record) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._peek().upper() == "AND":
            self._next()
            tests.append(self._one())
        return lambda record: all(test(record) for test in tests)

    def _one(self) -> Test:
        if self._peek() == "(":
            self._next()
            test = self._any()
            if self._next() != ")":
                raise _wrong("a bracket is not closed.")
            return test
        name, operator = self._next(), self._next().upper()
        if name.lower() in ("id", "internalid"):
            known = Field("id", "text")
        else:
            found = self._kind.shape.find(name)
            if found is None or found.kind in ("sublist", "subrecord"):
                raise _wrong(f"'{name}' is not a body field of {self._kind.name}.")
            known = found
        positive = operator.removesuffix("_NOT")
        test = self._condition(known, positive)
        return (lambda record: not test(record)) if operator != positive else test

    def _condition(self, known: Field, operator: str) -> Test:
        def value(record: Record) -> Any:
            if known.name == "id":
                return record.id
            # Most filters ask for what is stored; the rest has to be worked out, record by record.
            if known.name in record.values or known.name == "externalId":
                return record.values.get(known.name)
            return present(self._store, record).get(known.name)

        if operator == "EMPTY":
            return lambda record: value(record) in (None, "", [])
        if operator == "ANY_OF":
            wanted = set(self._list())
            return lambda record: bool(_ids(value(record)) & wanted)
        if operator == "BETWEEN":
            low, high = (self._read(known, one) for one in self._list())
            return lambda record: _given(value(record)) and low <= self._comparable(value(record)) <= high
        text = self._next()
        if known.kind == "text" and known.name != "id" and operator in _TEXTS:
            compare = _TEXTS[operator]
            return lambda record: compare(str(value(record) or "").lower(), text.lower())
        if known.kind in ("reference", "multiselect", "enum") or known.name == "id":
            if operator not in ("EQUAL", "IS"):
                raise _wrong(f"operator {operator} does not go with {known.name}.")
            return lambda record: text in _ids(value(record))
        if known.kind == "boolean" and operator == "IS":
            return lambda record: bool(value(record)) == (text.lower() == "true")
        if known.kind in ("date", "datetime"):
            operator = _DAYS.get(operator, "")
        if known.kind not in ("date", "datetime", "number", "integer") or operator not in _ORDER:
            raise _wrong(f"operator {operator or 'used'} does not go with {known.name}.")
        wanted_value, test = self._read(known, text), _ORDER[operator]
        return lambda record: _given(value(record)) and test(self._comparable(value(record)), wanted_value)

    def _list(self) -> list[str]:
        if self._next() != "[":
            raise _wrong("a list in [ ] is expected.")
        found = []
        while (word := self._next()) != "]":
            if word != ",":
                found.append(word)
        return found

    def _read(self, known: Field, text: str) -> date | Decimal:
        if known.kind in ("date", "datetime"):
            day = self._style.read(text)
            if day is None:  # datetimes and ISO dates alike: the account's display format or nothing
                raise _wrong(f"'{text}' is not a date in the format {self._style.pattern}.")
            return day
        try:
            return Decimal(text)
        except InvalidOperation:
            raise _wrong(f"'{text}' is not a number.") from None

    def _comparable(self, value: Any) -> Any:
        return local_day(value, self._store.zone) if isinstance(value, datetime) else value


def local_day(value: datetime, zone: tzinfo) -> date:
    """The day of an instant in the account's time zone."""
    return value.astimezone(zone).date()


def _given(value: Any) -> bool:
    return value is not None


def _ids(value: Any) -> set[str]:
    if isinstance(value, Ref):
        return {value.id}
    if isinstance(value, list):
        return {one.id for one in value}
    return set() if value is None else {str(value)}


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _wrong("a quote is not closed.")
        at = match.end()
        quoted, mark, word = match.groups()
        yield quoted.replace('\\"', '"') if quoted is not None else (mark or word)
