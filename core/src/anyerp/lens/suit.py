"""Whether what a codec promises is what a field of the model holds: known from both when a lens is built."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from anyerp.lens.codec import Codec
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

#: What values of a domain are, in Python, and how people and codecs call them.
_GIVES: dict[type, type] = {
    TextDomain: str,
    DecimalDomain: Decimal,
    IntegerDomain: int,
    DayDomain: date,
    InstantDomain: datetime,
    RefDomain: Ref,
}
_SPOKEN: dict[Any, str] = {
    str: "text",
    Decimal: "a decimal",
    int: "a whole number",
    date: "a date (a codec such as iso_day())",
    datetime: "a moment (a codec such as iso_instant())",
    bool: "true or false (boolean(), or a choice() of them)",
    Ref: "a reference (a codec such as reference(), or a Nest)",
}


#: What the model makes of text and of numbers by itself, so that a codec for reading may leave it to the model.
_LOOSE = frozenset({str, int, Decimal})


def misfit(model: type[BaseModel], field: str, codec: Codec, *, written: bool) -> str | None:
    """Why no value of a codec's domain could stand in a field; None where it could, or where nobody can tell."""
    holds = [kind for kind in _kinds(model.model_fields[field].annotation) if kind is not type(None)]
    if codec.domain is None or not all(kind in _SPOKEN or get_origin(kind) is Literal for kind in holds):
        return None
    words = [word for kind in holds if get_origin(kind) is Literal for word in get_args(kind)]
    if isinstance(codec.domain, ChoiceDomain):
        strange = [value for value in codec.domain.values if value not in words and type(value) not in holds]
        return f"{', '.join(map(repr, strange))} is not among {_told(holds)}" if strange else None
    gives = _GIVES[type(codec.domain)]
    fits = gives in holds or (gives is int and Decimal in holds)
    if fits or (not written and gives in _LOOSE and Ref not in holds):
        return None
    return f"the model holds {_told(holds)}, and {codec.name} gives {_short(gives)}"


def _kinds(annotation: Any) -> list[Any]:
    """The types of which a field holds one."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _kinds(part)]
    return [annotation]


def _told(holds: list[Any]) -> str:
    return " or ".join(_SPOKEN.get(kind) or f"{', '.join(map(repr, get_args(kind)))} (by a choice())" for kind in holds)


def _short(kind: type) -> str:
    return _SPOKEN[kind].partition(" (")[0]
