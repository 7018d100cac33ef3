"""The scalar types of the model: what each takes from JSON, what from Python, and how the JSON Schema says it.

From JSON and by the schema exactly the same documents are accepted. Patterns are written so that they mean the same
in Python, ECMAScript, Java, Go and Rust: `$` matches before a final newline in some of them, so a value that holds
white space is excluded beside the pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

#: At most 28 digits before the point and 99 behind it.
DECIMAL_PATTERN = r"^-?(0|[1-9][0-9]{0,27})(\.[0-9]{1,99})?$"
DAY_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
INSTANT_PATTERN = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,6})?Z$"
)
NO_SPACE = {"pattern": r"\s"}


def _text_to(pattern: str, target: CoreSchema) -> CoreSchema:
    return core_schema.chain_schema([core_schema.str_schema(strict=True, pattern=pattern), target])


def _either(choices: list[CoreSchema], code: str, message: str) -> CoreSchema:
    """The first that fits; otherwise one error in our words, not one for each choice."""
    if len(choices) == 1:
        return core_schema.custom_error_schema(choices[0], code, custom_error_message=message)
    return core_schema.union_schema(
        [*choices], mode="left_to_right", custom_error_type=code, custom_error_message=message
    )


class DecimalType:
    """A finite decimal: exact, never a float."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """From JSON text of digits; from Python `Decimal`, `int` or such text."""
        exact = core_schema.no_info_after_validator_function(_bounded, core_schema.decimal_schema(strict=True))
        text = _text_to(DECIMAL_PATTERN, core_schema.decimal_schema(strict=False))
        whole = core_schema.chain_schema(
            [core_schema.int_schema(strict=True), core_schema.decimal_schema(strict=False)]
        )
        return core_schema.json_or_python_schema(
            json_schema=_either([text], "decimal", "must be a decimal number written as text, like '12.50'"),
            python_schema=_either(
                [exact, text, core_schema.no_info_after_validator_function(_bounded, whole)],
                "decimal",
                "must be a Decimal, an int or text of digits (never a float), with at most 28 digits before the point",
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(plain, when_used="json"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """As in JSON."""
        return {"type": "string", "pattern": DECIMAL_PATTERN, "not": NO_SPACE}


def _bounded(value: Decimal) -> Decimal:
    # "1E+999999" is twelve bytes on the wire and a megabyte of digits in the next document.
    if -100 < value.adjusted() < 28:
        return value
    raise ValueError("beyond 28 digits before the point or 99 behind it")


def plain(value: Decimal) -> str:
    """Digits without an exponent, whatever the decimal's own form."""
    return format(value, "f")


class DayType:
    """A calendar date."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """From JSON `2025-01-31`; from Python `date` (no `datetime`) or such text."""
        text = _text_to(DAY_PATTERN, core_schema.date_schema(strict=False))
        message = "must be a date that exists, like 2025-01-31"
        return core_schema.json_or_python_schema(
            json_schema=_either([text], "day", message),
            python_schema=_either([core_schema.date_schema(strict=True), text], "day", message),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """As in JSON."""
        return {"type": "string", "format": "date", "pattern": DAY_PATTERN, "not": NO_SPACE}


class InstantType:
    """A moment in time: aware, kept in UTC."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """From JSON `2025-01-31T09:30:00.5Z`; from Python an aware `datetime` of any zone, or such text."""
        moment = core_schema.datetime_schema(tz_constraint="aware", strict=False)
        strict = core_schema.datetime_schema(tz_constraint="aware", strict=True)
        text = _text_to(INSTANT_PATTERN, moment)
        message = "must be a moment with a time zone, like 2025-01-31T09:30:00Z"
        return core_schema.no_info_after_validator_function(
            _utc,
            core_schema.json_or_python_schema(
                json_schema=_either([text], "instant", message),
                python_schema=_either([strict, text], "instant", message),
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(_zulu, when_used="json"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """As in JSON."""
        return {"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN, "not": NO_SPACE}


def _utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the calendar in UTC") from None


def _zulu(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class WholeType:
    """A whole number within bounds. JSON knows no difference between 1 and 1.0, so from JSON both are taken."""

    minimum: int
    maximum: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """From JSON an integer however written; from Python an `int`, never a float or a bool."""
        whole = core_schema.int_schema(strict=True, ge=self.minimum, le=self.maximum)
        written = core_schema.chain_schema(
            [core_schema.float_schema(strict=True), core_schema.no_info_plain_validator_function(_whole), whole]
        )
        message = f"must be a whole number from {self.minimum} to {self.maximum}"
        return core_schema.json_or_python_schema(
            json_schema=_either([whole, written], "whole", message), python_schema=_either([whole], "whole", message)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """As in JSON."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


def _whole(value: float) -> int:
    if not value.is_integer():
        raise ValueError("not a whole number")
    return int(value)


#: What JSON calls an object of values without fractions: text, whole numbers, flags, null, and lists and objects of
#: them. A definition, since it holds itself.
_NAMED_EXACT = core_schema.definitions_schema(
    core_schema.dict_schema(core_schema.str_schema(), core_schema.definition_reference_schema("Exact")),
    [
        core_schema.union_schema(
            [
                core_schema.str_schema(),
                core_schema.int_schema(),
                core_schema.bool_schema(),
                core_schema.none_schema(),
                core_schema.list_schema(core_schema.definition_reference_schema("Exact")),
                core_schema.dict_schema(core_schema.str_schema(), core_schema.definition_reference_schema("Exact")),
            ],
            ref="Exact",
        )
    ],
)


class ExtraType:
    """Named JSON values without fractions at any depth. `2.0` is a whole number, as JSON Schema has it; NaN is none."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """From JSON an object without fractions; from Python also `Decimal`, dates, moments, models."""
        return core_schema.with_info_plain_validator_function(
            _extra, serialization=core_schema.plain_serializer_function_ser_schema(_extra_plain, when_used="json")
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """As in JSON: an object whose values are `Exact`, which is defined beside it."""
        made = handler(_NAMED_EXACT)
        exact = handler.resolve_ref_schema(made["additionalProperties"])
        exact["title"] = "Exact"
        exact["description"] = "A value without fractions; a fraction is written as text, so that every digit survives."
        return made


def _extra(value: Any, info: ValidationInfo) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise PydanticCustomError("extra", "must be named values")
    if type(value) is dict and _PLAIN.issuperset(map(type, value.values())) and _TEXT.issuperset(map(type, value)):
        return value
    try:
        return _named(value, from_json=info.mode == "json")
    except RecursionError:
        raise PydanticCustomError("extra", "is nested too deeply") from None


_TEXT = frozenset({str})
_PLAIN = frozenset({str, int, bool, type(None), date})


def _named(value: Mapping[Any, Any], *, from_json: bool) -> dict[str, Any]:
    if not all(isinstance(name, str) for name in value):
        raise PydanticCustomError("extra", "holds a name that is not text")
    return {name: _exact(item, from_json=from_json) for name, item in value.items()}


def _exact(value: Any, *, from_json: bool) -> Any:
    match value:
        case float():
            if from_json and value.is_integer():
                return int(value)
            raise PydanticCustomError("extra", "holds a float, which is not exact; give a Decimal, or text in JSON")
        case Decimal():
            if not value.is_finite():
                raise PydanticCustomError("extra", "holds a number that is not finite")
            return _bounded(value)
        case Mapping():
            return _named(value, from_json=from_json)
        case list() | tuple():
            return [_exact(item, from_json=from_json) for item in value]
        case datetime():
            if value.tzinfo is None:
                raise PydanticCustomError("extra", "holds a moment without a time zone")
            return _utc(value)
        case None | str() | int() | date() | BaseModel():
            return value
        case _:
            raise PydanticCustomError("extra", "holds a value that JSON does not have")


def _extra_plain(value: Any) -> Any:
    match value:
        case Decimal():
            return plain(value)
        case datetime():
            return _zulu(value)
        case Mapping():
            return {name: _extra_plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_extra_plain(item) for item in value]
        case _:
            return value
