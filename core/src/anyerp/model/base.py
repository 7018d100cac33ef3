"""What every unified record is made of: scalar types, references, and the record itself.

The types accept the same documents in JSON as the published JSON Schema does: amounts are strings of digits, dates
ISO dates, instants UTC with a `Z`. From Python they also take the natural types (`Decimal`, `int`, `date`), never a
float.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from anyerp.model.scalar import DayType, DecimalType, ExtraType, InstantType, WholeType

#: An amount of money, in the document's currency. Never a float.
Amount = Annotated[Decimal, DecimalType()]
#: A quantity, in the unit beside it. Never a float.
Quantity = Annotated[Decimal, DecimalType()]
#: A ratio, a rate or a percentage. Never a float.
Number = Annotated[Decimal, DecimalType()]
#: A calendar date without a time or a zone.
Day = Annotated[date, DayType()]
#: A moment, in UTC.
Instant = Annotated[datetime, InstantType()]
#: ISO 4217 alphabetic code. Mind currencies with 0 (JPY) and 3 (KWD) decimals.
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", json_schema_extra={"not": {"pattern": r"\s"}})]
#: ISO 3166-1 alpha-2 code.
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", json_schema_extra={"not": {"pattern": r"\s"}})]
#: UN/ECE Recommendation 20 common code (`C62` one, `KGM` kilogram, `HUR` hour).
UnitCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,3}$", json_schema_extra={"not": {"pattern": r"\s"}})]
#: A line's number within its document.
LineNumber = Annotated[int, WholeType(0, 2**31 - 1)]
#: Text that is there: absent text is null, never empty.
Text = Annotated[str, Field(min_length=1)]
#: Custom fields by name: text, whole numbers, booleans, null, lists and objects of them; a fraction is text in JSON and
#: `Decimal` in Python, never a float.
Extra = Annotated[Mapping[str, Any], ExtraType()]


class Model(BaseModel):
    """The base of every unified type: immutable, exact about its fields, `None` where the ERP says nothing."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
        defer_build=True,  # a process uses some models, and each costs ten milliseconds to make ready
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
    extra: Extra | None = None
    """Custom fields by name, as JSON values without fractions: a fraction is written as text."""
    raw: Any = None
    """The native payload, when asked for."""
