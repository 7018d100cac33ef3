"""The codecs that most connectors need: text, numbers, dates, tables, references."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, DecimalException
from inspect import signature
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from anyerp.lens.codec import Codec, Refused
from anyerp.lens.domain import (
    ChoiceDomain,
    DayDomain,
    DecimalDomain,
    InstantDomain,
    IntegerDomain,
    RefDomain,
    TextDomain,
)
from anyerp.model.base import Ref


def _fits(value: str, max_length: int) -> str:
    if "\x00" in value:
        raise Refused("a NUL character cannot be stored")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused("half a character (a lone surrogate) cannot be sent")
    if len(value) > max_length:
        raise Refused(f"{len(value)} characters, this ERP stores {max_length}")
    return value


def _simple_text(max_length: int, *, upper: bool) -> str:
    # Not all letters have capitals of their own length; those of ASCII have.
    letters = r"\x01-`{-\x7f" if upper else r"^\x00\ud800-\udfff"
    return f"[{letters}]{{1,{max_length}}}"


def text(max_length: int = 1000, *, upper: bool = False, empty: str | None = None) -> Codec:
    """Text. An empty native text is nothing; `upper` where the ERP stores capitals; `empty` is what clears it."""

    def encode(value: str) -> str:
        # A letter may have no single capital ("ß" becomes "SS"): measured as it will be stored.
        return _fits(value.upper() if upper else value, max_length)

    return Codec(
        "text",
        decode=lambda value: value or None,
        encode=encode,
        settle=str.upper if upper else str,
        empty=empty,
        inline="({v} or None)",
        simple=_simple_text(max_length, upper=upper),
        domain=TextDomain(max_length, upper=upper),
        data={"codec": "text", "max_length": max_length, "upper": upper, "empty": empty},
    )


_NOT_PADDED = r"(?!0[0-9]+\Z)"


def trimmed(max_length: int, *, upper: bool = False, empty: str | None = None) -> Codec:
    """A business key of text whose leading zeros mean nothing if it is all digits (`0000100000` is `100000`)."""

    def settle(value: str) -> str:
        value = value.upper() if upper else value
        return (value.lstrip("0") or "0") if value.isdecimal() else value

    return Codec(
        "trimmed",
        decode=lambda value: settle(value) if value else None,
        encode=lambda value: _fits(settle(value), max_length),
        settle=settle,
        empty=empty,
        memo=True,
        simple=_NOT_PADDED + _simple_text(max_length, upper=upper),
        domain=TextDomain(max_length, upper=upper),
        data={"codec": "trimmed", "max_length": max_length, "upper": upper, "empty": empty},
    )


def whole_digits(value: Decimal, digits: int, places: int) -> Decimal:
    """The value if it has at most `digits` digits with `places` behind the point; trailing zeros do not count.

    Zeros behind the point that there is no place for are left out.
    """
    value = Decimal(value)  # a custom field may hold an int
    if not value.is_finite():
        raise Refused("not a finite number")
    # Not `normalize`, which rounds to the context's precision first.
    sign, figures, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    significant = "".join(map(str, figures)).rstrip("0")
    if not significant:
        return Decimal((sign, (0,), min(max(exponent, -places), 0)))
    behind = len(significant) - len(figures) - exponent
    if behind > places:
        raise Refused(f"{behind} decimal places, this ERP stores {places}")
    before = max(len(figures) + exponent, 0)
    if before > digits - places:
        raise Refused(f"{before} digits before the point, this ERP stores {digits - places}")
    spare = -exponent - places
    return value if spare <= 0 else Decimal((sign, figures[:-spare], -places))


def simple_digits(digits: int, places: int) -> str:
    """A regular expression for numbers that `whole_digits` takes and leaves as they are, without an exponent."""
    behind = rf"(?:\.[0-9]{{1,{places}}})?" if places else ""
    return rf"-?(?:0|[1-9][0-9]{{0,{digits - places - 1}}}){behind}" if digits > places else f"-?0{behind}"


def decimal(digits: int = 15, places: int = 3, *, as_text: bool = False, empty: Any = None) -> Codec:
    """An exact number, native as a JSON number or (`as_text`) as text. Refuses digits that would be cut off."""

    def encode(value: Decimal) -> Any:
        value = whole_digits(value, digits, places)
        return format(value, "f") if as_text else value

    return Codec(
        "decimal",
        encode=encode,
        native=Decimal,
        empty=empty,
        inline="{v}",
        simple=simple_digits(digits, places),
        domain=DecimalDomain(digits, places),
        data={"codec": "decimal", "digits": digits, "places": places, "as_text": as_text, "empty": empty},
    )


def number_text(digits: int = 15, places: int = 3, *, empty: str | None = None) -> Codec:
    """A number that the ERP keeps as free text; text that is no number is nothing."""

    def decode(value: str) -> Decimal | None:
        try:
            found = Decimal(value.strip())
        except DecimalException:
            return None
        return found if found.is_finite() else None

    return Codec(
        "number_text",
        decode=decode,
        encode=lambda value: format(whole_digits(value, digits, places), "f"),
        memo=True,
        empty=empty,
        simple=simple_digits(digits, places),
        domain=DecimalDomain(digits, places),
        data={"codec": "number_text", "digits": digits, "places": places, "empty": empty},
    )


def integer(minimum: int = 0, maximum: int = 2**31 - 1) -> Codec:
    """A whole number."""

    def encode(value: int) -> int:
        if not minimum <= value <= maximum:
            raise Refused(f"this ERP takes {minimum} to {maximum}")
        return value

    return Codec(
        "integer",
        encode=encode,
        native=int,
        inline="{v}",
        domain=IntegerDomain(minimum, maximum),
        data={"codec": "integer", "minimum": minimum, "maximum": maximum},
    )


def integer_text(max_length: int, *, zero_is_nothing: bool = False) -> Codec:
    """A whole number kept as digits, padded or not (`00010` is 10); written without padding."""

    def decode(value: str) -> int | None:
        if not value.strip():
            return None
        if not value.isascii() or "_" in value:
            raise ValueError("not a whole number")
        found = int(value)
        return None if zero_is_nothing and not found else found

    def encode(value: int) -> str:
        if value < 0 or (zero_is_nothing and not value):
            raise Refused("this ERP takes positive whole numbers")
        digits = str(value)
        if len(digits) > max_length:
            raise Refused(f"{len(digits)} digits, this ERP stores {max_length}")
        return digits

    return Codec(
        "integer_text",
        decode=decode,
        encode=encode,
        memo=True,
        domain=IntegerDomain(1 if zero_is_nothing else 0, min(10**max_length - 1, 2**31 - 1)),
        data={"codec": "integer_text", "max_length": max_length, "zero_is_nothing": zero_is_nothing},
    )


def boolean() -> Codec:
    """True or false, native the same."""
    return Codec("boolean", native=bool, inline="{v}", domain=ChoiceDomain((True, False)), data={"codec": "boolean"})


def iso_day() -> Codec:
    """A date as `2025-01-31`; a time behind it is not looked at. 0001-01-01 means nothing."""

    def decode(value: str) -> date | None:
        return None if not value or value.startswith("0001-01-01") else date.fromisoformat(value[:10])

    return Codec(
        "iso_day",
        decode=decode,
        encode=date.isoformat,
        memo=True,
        domain=DayDomain(),
        data={"codec": "iso_day"},
    )


def iso_instant(microseconds: int = 1) -> Codec:
    """A moment as ISO text with a zone; digits finer than `microseconds` are cut, as the ERP does."""

    def decode(value: str) -> datetime | None:
        if not value or value.startswith("0001-01-01"):
            return None
        return truncate(datetime.fromisoformat(value).astimezone(UTC), microseconds)

    return Codec(
        "iso_instant",
        decode=decode,
        encode=lambda value: truncate(value, microseconds).astimezone(UTC).isoformat().replace("+00:00", "Z"),
        settle=lambda value: truncate(value, microseconds),
        domain=InstantDomain(microseconds),
        data={"codec": "iso_instant", "microseconds": microseconds},
    )


def truncate(value: datetime, microseconds: int) -> datetime:
    """A moment cut down to a number of microseconds."""
    return value if microseconds == 1 else value.replace(microsecond=value.microsecond // microseconds * microseconds)


def choice(
    table: Mapping[Any, Any], *, also: Mapping[Any, Any] | None = None, otherwise: Any = None, native: type = str
) -> Codec:
    """A table of native and unified values, one to one; `also` are further native spellings, for reading only.

    A native value that the table does not know reads as `otherwise` (with `Map(native=...)` its text is kept beside
    it); a unified value that the table does not know is refused.
    """
    reading = {**table, **(also or {})}
    writing = {unified: key for key, unified in table.items()}

    def encode(value: Any) -> Any:
        if value not in writing:
            known = ", ".join(str(v) for v in writing)
            raise Refused(f"this ERP knows {known}")
        return writing[value]

    return Codec(
        "choice",
        decode=lambda value: None if value == "" and "" not in reading else reading.get(value, otherwise),
        encode=encode,
        native=native,
        memo=True,
        domain=ChoiceDomain(tuple(writing)),
        data={"codec": "choice", "table": dict(table), "also": dict(also or {}), "otherwise": otherwise}
        | ({} if native is str else {"native": native.__name__}),
    )


def reference(max_length: int, *, upper: bool = False, trim: bool = False, empty: str | None = None) -> Codec:
    """A reference by one native key, which is its id and its number alike. A name is for people and is not written."""
    key = (trimmed if trim else text)(max_length, upper=upper, empty=empty)
    settled = key.settle if trim else str

    def decode(value: str) -> Ref | None:
        found = key.decode(value)
        return None if found is None else Ref(id=found, number=found)

    def settle(value: Ref) -> Ref:
        return _named(value, key.settle)

    return Codec(
        "reference",
        decode=decode,
        encode=lambda value: key.encode(_same(value)),
        settle=settle,
        empty=empty,
        one_key=settled,
        simple=key.as_it_stands(),
        domain=RefDomain(TextDomain(max_length, upper=upper)),
        data={"codec": "reference", "max_length": max_length, "upper": upper, "trim": trim, "empty": empty},
    )


def _same(value: Ref) -> str:
    if value.id is not None and value.number is not None and value.id != value.number:
        raise Refused(f"id {value.id!r} and number {value.number!r} differ, and here they are one")
    key = value.id or value.number
    if key is None:
        raise Refused("neither id nor number is given")
    return key


def _named(value: Ref, settle: Callable[[str], str]) -> Ref:
    if value.id is not None and value.number is not None and value.id != value.number:
        return value
    key = value.id or value.number
    return value if key is None else Ref(id=settle(key), number=settle(key))


def choice_from_data(
    table: Mapping[str, Any], *, also: Mapping[str, Any] | None = None, otherwise: Any = None, native: str = "str"
) -> Codec:
    """A `choice` whose native values are keys of a JSON object, where numbers and truths are text."""
    keys: dict[str, tuple[type, Callable[[str], Any]]] = {
        "str": (str, str),
        "int": (int, int),
        "bool": (bool, {"true": True, "false": False}.__getitem__),
    }
    if native not in keys:
        raise ValueError(f"native is one of {', '.join(keys)}, not {native!r}")
    kind, read = keys[native]
    try:
        tables = [{read(key): value for key, value in given.items()} for given in (table, also or {})]
    except (KeyError, ValueError):
        raise ValueError(f"the table's keys are no {native}s") from None
    return choice(tables[0], also=tables[1], otherwise=otherwise, native=kind)


#: The codecs that data may name (an overlay, a stored tenant's mapping); kits and connectors add theirs.
BY_NAME: dict[str, Callable[..., Codec]] = {
    "text": text,
    "trimmed": trimmed,
    "decimal": decimal,
    "number_text": number_text,
    "integer": integer,
    "integer_text": integer_text,
    "boolean": boolean,
    "iso_day": iso_day,
    "iso_instant": iso_instant,
    "choice": choice_from_data,
    "reference": reference,
}


def name_codec(name: str, make: Callable[..., Codec]) -> None:
    """Let data name a codec of a kit or a connector. Raises `ValueError` for a name that means another one already."""
    if BY_NAME.setdefault(name, make) is not make:
        raise ValueError(f"a codec is called {name!r} already")


def codec_from_data(data: Mapping[str, Any]) -> Codec:
    """The codec that `Codec.data` describes. Raises `ValueError` for a name or option that does not fit."""
    options = dict(data)
    name = options.pop("codec", None)
    make = BY_NAME.get(name) if isinstance(name, str) else None
    if make is None:
        raise ValueError(f"no codec is called {name!r}; known are {', '.join(BY_NAME)}")
    kinds = get_type_hints(make)
    kinds.pop("return", None)
    for option, value in options.items():
        if option not in kinds:
            raise ValueError(f"codec {name}: there is no option {option!r}; known are {', '.join(kinds) or 'none'}")
        try:
            TypeAdapter(kinds[option]).validate_python(value, strict=True)
        except ValidationError as error:
            raise ValueError(f"codec {name}: {option}: {error.errors(include_url=False)[0]['msg']}") from None
    try:
        return make(**options)
    except TypeError:
        needed = [p.name for p in signature(make).parameters.values() if p.default is p.empty and p.name not in options]
        raise ValueError(f"codec {name}: needs {', '.join(needed)}") from None
