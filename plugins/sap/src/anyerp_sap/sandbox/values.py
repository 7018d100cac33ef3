"""Values on the wire in JSON: what a property shows, and what it accepts in a request body (sap sheet §4)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from anyerp_sap.sandbox.codes import decimals, fixed, internal, unit_in, unit_out, without_zeros
from anyerp_sap.sandbox.edm import Entity, Property, Row, Value
from anyerp_sap.sandbox.errors import SapError, bad_request

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TICKS = re.compile(r"/Date\((-?\d{1,15})([+-]\d{1,4})?\)/")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?")
_DURATION = re.compile(r"PT(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})S)?")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


def milliseconds(moment: datetime) -> int:
    """Count milliseconds since 1970, cut off, not rounded: the JSON form has no more."""
    return (moment - EPOCH) // _MILLISECOND


def midnight(day: date) -> datetime:
    """Give the stamp that stands for a calendar date."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def duration(value: timedelta) -> str:
    """Write a time of day as `PT09H30M00S`."""
    minutes, seconds = divmod(value.seconds, 60)
    return f"PT{minutes // 60:02}H{minutes % 60:02}M{seconds:02}S"


def amount_places(prop: Property, entity: Entity, row: Row) -> int:
    """Give the decimals that a value shows: its currency's for amounts, otherwise the scale of the metadata."""
    unit = entity.properties.get(prop.unit)
    if unit is not None and unit.semantics == "currency-code":
        return decimals(str(entity.get(row, prop.unit)))
    return prop.scale or 0


def shown(prop: Property, entity: Entity, row: Row, language: str) -> Any:
    """Give the JSON form of one property of a row."""
    value = row.get(prop.name, prop.initial)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal):
        return fixed(value, amount_places(prop, entity, row))
    if isinstance(value, datetime):
        return f"/Date({milliseconds(value)}+0000)/"
    if isinstance(value, date):
        return f"/Date({milliseconds(midnight(value))})/"
    if isinstance(value, timedelta):
        return duration(value)
    return unit_out(value, language) if prop.external_unit and isinstance(value, str) else value


def accepted(prop: Property, raw: Any, language: str) -> Value:
    """Read one property of a request body. Null clears. Raises a 400 for what does not fit type, length or scale."""
    if raw is None:
        return prop.initial
    value = _READERS[prop.kind](prop, raw)
    if not isinstance(value, str):
        return value
    if prop.length is not None and len(value) > prop.length:
        raise bad_request("/IWFND/CM_MGW/024", prop.name, prop.length, target=prop.name)
    return canonical(prop, value, language)


def canonical(prop: Property, text: str, language: str) -> str:
    """Give a text as it is stored: upper case, without leading zeros, units by their internal code.

    Raises a 400 for a unit that the logon language does not have.
    """
    if prop.upper:
        text = text.upper()
    if prop.digits:
        return without_zeros(text) if text else "0"
    if prop.alpha:
        return without_zeros(text) if text else ""
    if "m" in prop.flags and text:
        unit = internal(text) if not prop.external_unit else None
        unit = unit or unit_in(text, language)
        if unit is None:
            raise bad_request("BM/302", text, language, target=prop.name)
        return unit
    return text


def _invalid(prop: Property, raw: Any) -> SapError:
    return bad_request("/IWFND/CM_MGW/023", prop.name, raw, target=prop.name)


def _text(prop: Property, raw: Any) -> Value:
    if not isinstance(raw, str) or (prop.digits and raw and not (raw.isascii() and raw.isdigit())):
        raise _invalid(prop, raw)
    return raw


def _decimal(prop: Property, raw: Any) -> Value:
    # A JSON number is refused: decimals are strings in V2 JSON, and a client that sends numbers has had floats.
    if not isinstance(raw, str) or not _DECIMAL.fullmatch(raw.strip()):
        raise _invalid(prop, raw)
    value = Decimal(raw.strip())
    places = prop.scale or 0
    try:
        exact = value.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        raise _invalid(prop, raw) from None
    if exact != value or abs(value) >= Decimal(10) ** ((prop.precision or 0) - places):
        raise _invalid(prop, raw)
    return value


def _moment(prop: Property, raw: Any) -> datetime:
    try:
        if isinstance(raw, str) and (ticks := _TICKS.fullmatch(raw)):
            return EPOCH + int(ticks[1]) * _MILLISECOND
        zoned = isinstance(raw, str) and prop.kind == "dto" and raw.endswith("Z")
        if isinstance(raw, str) and _ISO.fullmatch(raw[:-1] if zoned else raw):
            return datetime.fromisoformat(raw.removesuffix("Z")).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise _invalid(prop, raw)


def _day(prop: Property, raw: Any) -> Value:
    return _moment(prop, raw).date()


def _time(prop: Property, raw: Any) -> Value:
    return read_duration(raw) if isinstance(raw, str) and _DURATION.fullmatch(raw) else _refuse(prop, raw)


def read_duration(text: str) -> timedelta:
    """Read `PT09H30M00S`. Raises `ValueError` for another form."""
    parts = _DURATION.fullmatch(text)
    if parts is None:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _refuse(prop: Property, raw: Any) -> Value:
    raise _invalid(prop, raw)


def _flag(prop: Property, raw: Any) -> Value:
    return raw if isinstance(raw, bool) else _refuse(prop, raw)


def _integer(prop: Property, raw: Any) -> Value:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else _refuse(prop, raw)


def _guid(prop: Property, raw: Any) -> Value:
    try:
        return str(UUID(raw))
    except (ValueError, AttributeError, TypeError):
        return _refuse(prop, raw)


_READERS = {
    "S": _text,
    "D": _decimal,
    "date": _day,
    "dto": _moment,
    "time": _time,
    "B": _flag,
    "guid": _guid,
    "i32": _integer,
}
