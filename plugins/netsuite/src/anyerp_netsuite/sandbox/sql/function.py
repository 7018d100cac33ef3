"""The functions of Oracle's dialect that queries may call; any other is refused."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from anyerp_netsuite.sandbox.sql.lexer import SqlError
from anyerp_netsuite.sandbox.sql.row import MARK, moment
from anyerp_netsuite.sandbox.sql.when import DateStyle, to_char, to_date
from anyerp_netsuite.sandbox.store import Store

#: Functions that the engine has by itself and that SuiteQL has too.
NATIVE = frozenset(
    "abs avg coalesce count dense_rank instr length like lower ltrim max min nullif rank replace round row_number "
    "rtrim substr sum trim upper".split()
)
_FORMAT = "%Y-%m-%d %H:%M:%S"


def moment_of(value: Any) -> datetime:
    """The engine's date as a `datetime` of the account's own clock. Raises `SqlError` for what is no date."""
    if not isinstance(value, str) or not value.startswith(MARK):
        raise SqlError("ORA-01722: a date is expected")
    return datetime.strptime(value[1:], _FORMAT)  # noqa: DTZ007 - the account's own clock


def _held(value: datetime) -> str:
    return MARK + value.strftime(_FORMAT)


def plain(value: float) -> str:
    """A number as SuiteQL writes it: no exponent, no trailing zeros."""
    if isinstance(value, int) or value == int(value):
        return str(int(value))
    return f"{value:.10f}".rstrip("0")


class Functions:
    """The dialect's functions over one connection. An error inside one is kept in `failed`: the engine forgets it."""

    def __init__(self, connection: sqlite3.Connection, store: Store, style: DateStyle) -> None:
        self._store, self._style = store, style
        self.failed: str = ""
        self.names: set[str] = set(NATIVE)
        table: dict[str, Callable[..., Any]] = {
            "to_char": self._to_char,
            "to_date": self._to_date,
            "to_timestamp": self._to_date,
            "to_number": lambda value: None if value is None else float(value),
            "display_date": self._display_date,
            "sys_extract_utc": self._utc,
            "sysdate": lambda days: moment(self._store.moment() + timedelta(days=days), self._store.zone),
            "trunc": self._trunc,
            "nvl": lambda value, other: other if value in (None, "") else value,
            "nvl2": lambda value, given, absent: absent if value in (None, "") else given,
            "decode": _decode,
            "greatest": lambda *values: None if None in values else max(values),
            "least": lambda *values: None if None in values else min(values),
            "concat": lambda left, right: f"{_text(left)}{_text(right)}",
            "mod": lambda left, right: None if None in (left, right) else math.fmod(left, right),
            "floor": lambda value: None if value is None else math.floor(value),
            "ceil": lambda value: None if value is None else math.ceil(value),
            "label": lambda value: value,
        }
        for name, function in table.items():
            self.names.add(name)
            connection.create_function(name, -1, self._caught(function))

    def _caught(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            try:
                return function(*values)
            except (SqlError, ValueError, TypeError) as error:
                self.failed = str(error)
                raise

        return call

    def _to_char(self, value: Any, model: str | None = None) -> str | None:
        if value is None:
            return None
        if isinstance(value, int | float):
            return plain(value)
        when = moment_of(value)
        return to_char(when, model) if model else self._style.show(when)

    def _to_date(self, text: str | None, model: str) -> str | None:
        return None if text is None else _held(to_date(str(text), model))

    def _display_date(self, text: str | None) -> str | None:
        if text is None or text.startswith(MARK):
            return text
        day = self._style.read(text)
        if day is None:
            raise SqlError(f"Invalid date value '{text}': the format is {self._style.pattern}")
        return moment(day, self._store.zone)

    def _utc(self, value: str | None) -> str | None:
        if value is None:
            return None
        return _held(moment_of(value).replace(tzinfo=self._store.zone).astimezone(UTC))

    def _trunc(self, value: Any, digits: int = 0) -> Any:
        if isinstance(value, str):
            return _held(moment_of(value).replace(hour=0, minute=0, second=0))
        return None if value is None else math.trunc(value * 10**digits) / 10**digits


def _text(value: Any) -> str:
    return "" if value is None else plain(value) if isinstance(value, int | float) else str(value)


def _decode(value: Any, *pairs: Any) -> Any:
    """`DECODE(x, 1, 'one', 2, 'two', 'other')`; NULL equals NULL here."""
    for wanted, result in zip(pairs[::2], pairs[1::2], strict=False):
        if wanted == value:
            return result
    return pairs[-1] if len(pairs) % 2 else None
