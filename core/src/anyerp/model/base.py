"""What every unified record is made of: scalar types, references, and the record itself.

The types accept the same documents in JSON as the published JSON Schema does: amounts are strings of digits, dates
ISO dates, instants UTC with a `Z`. From Python they also take the natural types (`Decimal`, `int`, `date`), never a
float.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

DECIMAL_PATTERN = r"^-?(0|[1-9][0-9]{0,27})(\.[0-9]{1,12})?$"
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
INSTANT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"


def _text_to(pattern: str, target: CoreSchema) -> CoreSchema:
    return core_schema.chain_schema([core_schema.str_schema(strict=True, pattern=pattern), target])


class _DecimalType:
    """A finite decimal: exact, never a float."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = _text_to(DECIMAL_PATTERN, core_schema.decimal_schema(strict=False))
        whole = core_schema.chain_schema(
            [core_schema.int_schema(strict=True), core_schema.decimal_schema(strict=False)]
        )
        python = core_schema.union_schema([core_schema.decimal_schema(strict=True), text, whole], mode="left_to_right")
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=python,
            serialization=core_schema.plain_serializer_function_ser_schema(_plain, when_used="json"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": DECIMAL_PATTERN}


def _plain(value: Decimal) -> str:
    """Digits without an exponent, whatever the decimal's own form."""
    return format(value, "f")


class _DateType:
    """A calendar date."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = _text_to(DATE_PATTERN, core_schema.date_schema(strict=False))
        python = core_schema.union_schema([core_schema.date_schema(strict=True), text], mode="left_to_right")
        return core_schema.json_or_python_schema(json_schema=text, python_schema=python)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": DATE_PATTERN}


class _InstantType:
    """A moment in time: aware, kept in UTC."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        moment = core_schema.datetime_schema(tz_constraint="aware", strict=False)
        strict = core_schema.datetime_schema(tz_constraint="aware", strict=True)
        text = _text_to(INSTANT_PATTERN, moment)
        python = core_schema.union_schema([strict, text], mode="left_to_right")
        return core_schema.no_info_after_validator_function(
            _utc,
            core_schema.json_or_python_schema(json_schema=text, python_schema=python),
            serialization=core_schema.plain_serializer_function_ser_schema(_zulu, when_used="json"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN}


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC) if value.tzinfo is not UTC else value


def _zulu(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


#: An amount of money, in the document's currency. Never a float.
Amount = Annotated[Decimal, _DecimalType()]
#: A quantity, in the unit beside it. Never a float.
Quantity = Annotated[Decimal, _DecimalType()]
#: A ratio, a rate or a percentage. Never a float.
Number = Annotated[Decimal, _DecimalType()]
#: A calendar date without a time or a zone.
Day = Annotated[date, _DateType()]
#: A moment, in UTC.
Instant = Annotated[datetime, _InstantType()]
#: ISO 4217 alphabetic code. Mind currencies with 0 (JPY) and 3 (KWD) decimals.
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
#: ISO 3166-1 alpha-2 code.
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
#: UN/ECE Recommendation 20 common code (`C62` one, `KGM` kilogram, `HUR` hour).
UnitCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,3}$")]
#: A line's number within its document.
LineNumber = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
#: Text that is there: absent text is null, never empty.
Text = Annotated[str, Field(min_length=1)]


class Model(BaseModel):
    """The base of every unified type: immutable, exact about its fields, `None` where the ERP says nothing."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )


class Ref(Model):
    """A reference to another record of the same connection."""

    id: Text | None = None
    """Our id of the record; what is written."""
    number: Text | None = None
    """The number that a person reads. A connector looks it up where only the number is given."""
    name: Text | None = None
    """The name, where the ERP sends it along. Never written."""


class Address(Model):
    """A postal address."""

    name: Text | None = None
    """Who receives there."""
    street: Text | None = None
    """Street and house number, further lines separated by newlines."""
    city: Text | None = None
    """Town."""
    postal_code: Text | None = None
    """Postal code."""
    region: Text | None = None
    """State or province, as the ERP codes it."""
    country: Country | None = None
    """ISO 3166-1 alpha-2."""


class Record(Model):
    """What every resource's record has."""

    id: Text | None = None
    """Ours: stable, opaque, unique within a connection. Null before the record exists."""
    number: Text | None = None
    """What a person reads and says on the telephone."""
    url: Text | None = None
    """A deep link into the ERP, where it has one."""
    version: Text | None = None
    """Etag or revision. Given back on update, it guards against overwriting somebody else's change."""
    created_at: Instant | None = None
    """When the ERP says it was created."""
    updated_at: Instant | None = None
    """When the ERP says it was last changed."""
    extra: Mapping[str, Any] | None = None
    """Custom fields by name, as JSON values."""
    raw: Any = None
    """The native payload, when asked for."""
