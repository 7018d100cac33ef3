"""Whether a native property can carry a unified field, and by which codec."""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from anyerp.authoring.emit import literal
from anyerp.authoring.entity import Property
from anyerp.authoring.synonym import words
from anyerp.model.base import Ref

NeedKind = Literal["text", "code", "ref", "decimal", "whole", "day", "instant", "boolean", "choice", "other"]

_CODES = {"currency": 3, "country": 2}


@dataclass(frozen=True, slots=True)
class Need:
    """What a unified field holds: its kind, and the values of a choice."""

    field: str
    kind: NeedKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """The source of a codec; `native` where the field beside it keeps the ERP's own word."""

    codec: str
    native: bool = False
    read_only: bool = False


def need_of(model: type[BaseModel], name: str) -> Need:
    """What a field of a model needs."""
    plain, values = _plain(model.model_fields[name].annotation)
    if values:
        return Need(name, "choice", values)
    if name in _CODES:
        return Need(name, "code")
    if name == "unit" or (name.endswith("_unit") and not name.startswith("native_")):
        return Need(name, "other")
    kinds: dict[Any, NeedKind] = {
        str: "text", Ref: "ref", Decimal: "decimal", int: "whole", date: "day", datetime: "instant", bool: "boolean",
    }  # fmt: skip
    return Need(name, kinds.get(plain, "other"))


def _plain(annotation: Any) -> tuple[Any, tuple[str, ...]]:
    """An annotation without `Annotated` and `| None`; the values of a literal."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return _plain(inner[0]) if len(inner) == 1 else (None, ())
    if origin is Literal:
        return str, tuple(map(str, get_args(annotation)))
    return annotation, ()


def fitting(need: Need, one: Property) -> Fit | None:
    """The fit, or None."""
    found = fit(need, one)
    return found if isinstance(found, Fit) else None


def fit(need: Need, one: Property) -> Fit | str:
    """How a property carries a field; or the reason (a `todo:`) why it is left to a person."""
    length = one.max_length or 1000
    match need.kind, one.kind:
        case "text", "text" | "choice":
            return Fit(one.codec, read_only=one.kind == "choice")
        case "text", "digits":
            return Fit(f"text({length})")
        case "code", "text":
            return Fit(f"text({_CODES[need.field]}, upper=True)")
        case "ref", "text":
            return Fit(f"reference({length})")
        case "ref", "digits":
            return Fit(f"reference({length}, trim=True)")
        case ("decimal", "decimal") | ("day", "day") | ("instant", "instant") | ("boolean", "boolean"):
            return Fit(one.codec)
        case "decimal", "integer":
            return Fit("decimal(10, 0)")
        case "whole", "integer" | "digits":
            return Fit(_bounded(one.codec))
        case "choice", "choice":
            return _choice(need, one)
        case "choice", "text":
            return f"todo: {one.path} holds it as text; write a choice of its values"
        case "other", _:
            return f"todo: {one.path} holds the ERP's own code; write a choice of its values"
        case _:
            return f"todo: {one.path} is called so but holds a {one.kind}; write a codec"


def _bounded(codec: str) -> str:
    """Whole numbers of ours begin at zero."""
    if not codec.startswith("integer("):
        return codec
    low, high = (int(part) for part in codec.removeprefix("integer(").removesuffix(")").split(", "))
    return f"integer({max(low, 0)}, {min(high, 2**31 - 1)})"


def _choice(need: Need, one: Property) -> Fit | str:
    table: dict[str, str] = {}
    for native in one.values:
        same = "_".join(words(native)).replace("canceled", "cancelled")
        if same in need.values and same not in table.values() and same != "other":
            table[native] = same
    if not table:
        known = ", ".join(one.values)
        return f"todo: {one.path} is one of {known[:200]}; write a choice"
    pairs = ", ".join(f"{literal(native)}: {literal(unified)}" for native, unified in table.items())
    otherwise = ', otherwise="other"' if "other" in need.values else ""
    return Fit(f"choice({{{pairs}}}{otherwise})", native=True, read_only=True)
