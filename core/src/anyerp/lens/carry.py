"""Carriers: one field's value into its native form, read back and compared at once, remembered where values repeat.

What is refused, would be lost, is not what the model takes, or is only unusual is `Hard`: the careful way
(`anyerp.lens.writing`) says what and why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from anyerp.lens.codec import Codec, unchanged
from anyerp.lens.writing import natural
from anyerp.model.base import Ref

_REMEMBERED = 4096
_STILL = frozenset({str, int, bool, Decimal, float})


class Hard(Exception):
    """Not for the quick way."""


#: Under what a value is remembered; None where it is not.
Name = Callable[[Any], Any]


def by_text(value: Any) -> Any:
    """Text and days by themselves."""
    kind = value.__class__
    return value if kind is str or kind is date else None


def by_digits(value: Any) -> Any:
    """A number by its digits as they are written: equal ones may be written differently."""
    kind = value.__class__
    return value if kind is str else str(value) if kind is Decimal else None


def by_whole(value: Any) -> Any:
    """A whole number by itself, a truth not among them."""
    return value if value.__class__ is int else None


def by_keys(value: Any) -> Any:
    """A reference by what is in it."""
    if value.__class__ is Ref:
        found = value.__dict__
        return (found["id"], found["number"], found["name"]) if len(found) == 3 else None
    return (value["id"], None, None) if value.__class__ is dict and len(value) == 1 and "id" in value else None


def one_key(value: Any) -> str:
    """The key of a reference that is one key and nothing else that would have to be looked at; "" for any other."""
    if value.__class__ is Ref:
        found = value.__dict__
        key, number, name = found["id"], found["number"], found["name"]
        if (name is not None and (name.__class__ is not str or not name)) or len(found) != 3:
            return ""
        key = number if key is None else key
        return key if key.__class__ is str and (number is None or number == key) else ""
    if value.__class__ is dict and len(value) == 1:
        key = value.get("id")
        return key if key.__class__ is str else ""
    return ""


def never(value: Any) -> Any:
    """Nothing is remembered."""
    return None


class Carrier:
    """Makes the native value of a value that the model takes. `check` gives what the model makes of it, or raises."""

    __slots__ = ("check", "codec", "memo", "name")

    def __init__(self, codec: Codec, check: Callable[[Any], Any], name: Name) -> None:
        self.codec, self.check, self.name = codec, check, name
        self.memo: dict[Any, Any] = {}

    def __call__(self, value: Any) -> Any:
        """The native value, never None. Raises `Hard`."""
        try:
            there = self._carried(self.check(value))
            name = self.name(value)
        except Exception:  # noqa: BLE001 - the careful way says what is wrong
            raise Hard from None
        if there is None:
            raise Hard
        if name is not None and there.__class__ in _STILL:
            remember(self.memo, name, there)
        return there

    def _carried(self, value: Any) -> Any:
        codec = self.codec
        there = codec.encode(value)
        if there is None:
            return None
        back = codec.decode(msgspec.convert(there, codec.native, strict=True))
        return there if arrived(codec, value, back) else None


class Parts(Carrier):
    """The same for a codec that joins: gives as many native values as there are paths, of which some may be None."""

    __slots__ = ("kinds",)

    def __init__(self, codec: Codec, check: Callable[[Any], Any], name: Name, count: int) -> None:
        super().__init__(codec, check, name)
        self.kinds = codec.native if isinstance(codec.native, tuple) else (codec.native,) * count

    def __call__(self, value: Any) -> Any:
        """The native values. Raises `Hard`."""
        try:
            good, name = self.check(value), self.name(value)
            parts = tuple(self.codec.encode(good))
            back = tuple(
                None if part is None else msgspec.convert(part, kind, strict=True)
                for part, kind in zip(parts, self.kinds, strict=True)
            )
            found = None if all(part is None for part in back) else self.codec.decode(back)
            whole = found is not None and arrived(self.codec, good, found)
        except Exception:  # noqa: BLE001 - as above
            raise Hard from None
        if not whole:
            raise Hard
        if name is not None and all(part is None or part.__class__ in _STILL for part in parts):
            remember(self.memo, name, parts)
        return parts


class Kept:
    """A native text that is kept beside a value: it is what is written, where it means that value."""

    __slots__ = ("check", "codec", "companion", "field", "memo")

    def __init__(self, codec: Codec, check: Callable[[Any], Any], field: str, companion: str) -> None:
        self.codec, self.check, self.field, self.companion = codec, check, field, companion
        self.memo: dict[Any, Any] = {}

    def __call__(self, value: Any, kept: Any) -> Any:
        """The text. Raises `Hard`, also where it says something else than the value."""
        if kept.__class__ is not str or not (value is None or value.__class__ is str):
            raise Hard
        try:
            self.check({self.companion: kept} if value is None else {self.companion: kept, self.field: value})
            means = self.codec.decode(msgspec.convert(kept, self.codec.native, strict=True))
        except Exception:  # noqa: BLE001 - as above
            raise Hard from None
        if value is not None and means != value:
            raise Hard
        remember(self.memo, (value, kept), kept)
        return kept


def custom(field: str, codec: Codec) -> Carrier:
    """A carrier for a custom field, whose value may be of any plain type."""
    return Carrier(codec, lambda value: natural(field, codec, plain(value)), by_text)


def plain(value: Any) -> Any:
    """A custom field's value, if it is of a type that needs no second look."""
    kind = value.__class__
    if kind in (str, int, bool, date) or (kind is Decimal and value.is_finite() and -100 < value.adjusted() < 28):
        return value
    raise Hard


def only(known: frozenset[str], *, text: bool) -> Callable[[Any], None]:
    """Refuse a mapping of custom fields that holds a name without a rule. `text`: its values are text, never null."""

    def check(found: Any) -> None:
        if found.__class__ is not dict:
            raise Hard
        for name, value in found.items():
            if name.__class__ is not str or (name not in known and value is not None):
                raise Hard
            if text and value.__class__ is not str:
                raise Hard

    return check


def arrived(codec: Codec, value: Any, back: Any) -> bool:
    """Whether a value reads back as it was given, or settled."""
    return bool(back == value or (codec.settle is not unchanged and back == codec.settle(value)))


def remember(memo: dict[Any, Any], name: Any, value: Any) -> None:
    """Keep a value, a few thousand at most."""
    if len(memo) >= _REMEMBERED:
        memo.clear()
    memo[name] = value
