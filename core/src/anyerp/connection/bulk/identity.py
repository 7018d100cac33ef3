"""Who a written record is, as far as the ERP's answer says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from anyerp.connection.operation import Operations
from anyerp.errors import AnyErpError
from anyerp.lens import Lens, Map, Unreadable
from anyerp.lens.path import steps
from anyerp.lens.reading import read
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)
Read = Callable[[Any], Any]

_FIELDS = ("id", "number")
_readers: WeakKeyDictionary[Lens[Any], tuple[Read, ...]] = WeakKeyDictionary()


def identity(operations: Operations[R], native: Any) -> tuple[str | None, str | None]:
    """Id and number of a native record, which need not be whole; None where they cannot be read."""
    lens = operations.only(_FIELDS).lens
    readers = _readers.get(lens)
    if readers is None:
        readers = _readers[lens] = tuple(_reader(lens, field) for field in _FIELDS)
    try:
        id, number = (one(native) for one in readers)
    except (Unreadable, ValueError, AnyErpError):
        return None, None
    return _text(id), _text(number)


def _reader(lens: Lens[Any], field: str) -> Read:
    rules = tuple(rule for rule in lens.rules if rule.field == field)
    rule = rules[0] if len(rules) == 1 else None
    if isinstance(rule, Map) and rule.codec.native is str and steps(rule.path) == (rule.path,):
        path, decode = rule.path, rule.codec.decode

        def quickly(native: Any) -> Any:
            value = native.get(path) if native.__class__ is dict else None
            if value.__class__ is str:
                try:
                    return decode(value)
                except Exception:  # noqa: BLE001, S110 - said below, as of any field
                    pass
            return read(rules, native).get(field)

        return quickly
    return lambda native: read(lens.rules, native).get(field)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
