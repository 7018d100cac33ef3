"""Bodies in: a JSON object, checked property by property against the type, becomes values of a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from .error import ODataError
from .lexer import instant
from .schema import INTEGERS, EntityType, Property, Schema


@dataclass(frozen=True, slots=True)
class Body:
    """A body taken apart, in the order it was written: plain values, nested navigations, `name@odata.bind` links."""

    values: dict[str, Any] = field(default_factory=dict)
    nested: dict[str, Any] = field(default_factory=dict)
    binds: dict[str, Any] = field(default_factory=dict)


def _wrong(prop: Property, value: Any) -> ODataError:
    return ODataError(
        "type",
        f"Cannot convert the literal '{value}' to the expected type '{prop.type}'.",
        field=prop.name,
    )


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float | str):
        raise ValueError(value)  # noqa: TRY004  told together with the unreadable numbers
    return Decimal(str(value))


def read_value(prop: Property, value: Any, schema: Schema, *, numbers_as_text: bool = False) -> Any:
    """One JSON value as the row keeps it.

    `numbers_as_text` allows `"12.5"` for Edm.Decimal and Edm.Int64 (IEEE754Compatible=true). Text over `max_length`
    raises `too_long`, a foreign member `enum`, null in a non-nullable property `null`, anything else `type`.
    """
    if value is None:
        if not prop.nullable:
            raise ODataError(
                "null",
                f"A null value was found for the property named '{prop.name}', "
                f"which has the expected type '{schema.qualified(prop.type)}[Nullable=False]'.",
                field=prop.name,
            )
        return None
    if prop.type in schema.enums:
        return _member(prop, value, schema)
    try:
        return _read(prop, value, numbers_as_text)
    except (ValueError, ArithmeticError):
        raise _wrong(prop, value) from None


def _read(prop: Property, value: Any, numbers_as_text: bool) -> Any:
    if prop.type == "Edm.Boolean":
        if not isinstance(value, bool):
            raise _wrong(prop, value)
        return value
    if prop.type in INTEGERS or prop.type in ("Edm.Decimal", "Edm.Double"):
        if isinstance(value, str) and not (numbers_as_text and prop.type in ("Edm.Int64", "Edm.Decimal")):
            raise _wrong(prop, value)
        exact = _decimal(value)
        if prop.type not in INTEGERS:
            return exact
        limit = 2 ** (INTEGERS[prop.type] - 1)
        if exact != int(exact) or not -limit <= exact < limit:
            raise _wrong(prop, value)
        return int(exact)
    if not isinstance(value, str):
        raise _wrong(prop, value)
    return _text(prop, value)


def _text(prop: Property, value: str) -> str | date | datetime:
    if prop.type == "Edm.DateTimeOffset":
        return instant(value)
    if prop.type == "Edm.Date":
        if len(value) != len("2026-01-15"):
            raise _wrong(prop, value)
        return date.fromisoformat(value)
    if prop.type == "Edm.Guid":
        return str(UUID(value))
    if prop.max_length is not None and len(value) > prop.max_length:
        raise ODataError(
            "too_long",
            f"The property '{prop.name}' holds {prop.max_length} characters, not {len(value)}.",
            field=prop.name,
        )
    return value


def _member(prop: Property, value: Any, schema: Schema) -> str:
    enum = schema.enums[prop.type]
    if isinstance(value, str) and value in enum.members:
        return value
    numbers = {str(number): member for member, number in enum.numbered()}
    if isinstance(value, str | int) and not isinstance(value, bool) and str(value) in numbers:
        return numbers[str(value)]
    raise ODataError(
        "enum",
        f"Cannot convert the literal '{value}' to the expected type '{schema.qualified(prop.type)}'.",
        field=prop.name,
    )


def read_body(body: Any, entity_type: EntityType, schema: Schema, *, numbers_as_text: bool = False) -> Body:
    """Give a JSON object for an entity type. Annotations are let through; an unknown property is refused by name.

    Nested navigations are handed back as they came: the product decides whether it inserts deeply.
    """
    if not isinstance(body, Mapping):
        raise ODataError("syntax", "The body must be one JSON object.")
    taken = Body()
    for name, value in body.items():
        bare, marked, annotation = name.partition("@")
        if marked:
            if annotation == "odata.bind" and bare in entity_type.to:
                taken.binds[bare] = value
            continue
        if name in entity_type.to:
            taken.nested[name] = value
        elif name in entity_type.by_name:
            taken.values[name] = read_value(entity_type.by_name[name], value, schema, numbers_as_text=numbers_as_text)
        else:
            raise ODataError(
                "unknown_property",
                f"The property '{name}' does not exist on type '{schema.qualified(entity_type.name)}'. "
                "Make sure to only use property names that are defined by the type.",
                field=name,
            )
    return taken
