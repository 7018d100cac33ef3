"""Records made as Pydantic makes them, of values that were checked on the way.

A page's validation used to walk every record again, though most of its checks were done by then: the typed decode
gives text and numbers, the codec's table gives known words, a memory gives the same date a thousand times. Here each
field is checked once and in the cheapest sound way, by Pydantic itself wherever nothing cheaper is the same (ADR 0011).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.fields import FieldInfo

from anyerp.lens.codec import Codec
from anyerp.model.base import Amount, Number, Quantity, Ref, Text

Check = Callable[[Any], Any]
Form = Literal["text", "decimal", "words", "other"]

_EXACT = ConfigDict(strict=True, hide_input_in_errors=True)

new = object.__new__
# The four places that a Pydantic instance has; `BaseModel.model_construct` fills the same.
set_values = BaseModel.__dict__["__dict__"].__set__
set_fields = BaseModel.__dict__["__pydantic_fields_set__"].__set__
set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
set_private = BaseModel.__dict__["__pydantic_private__"].__set__


def defaults(model: type[BaseModel]) -> dict[str, Any] | None:
    """The values (all None) of a model's empty record in its order; None where only Pydantic can make the record."""
    seen = model.__pydantic_decorators__
    checks = seen.field_validators, seen.model_validators, seen.root_validators, seen.validators
    plain = not any(checks) and not model.__private_attributes__ and not model.__pydantic_post_init__
    if not plain or any(not _plain_default(field) for field in model.model_fields.values()):
        return None
    return {name: field.default for name, field in model.model_fields.items()}


def _plain_default(field: FieldInfo) -> bool:
    return field.default is None and field.default_factory is None and not field.validate_default


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """The model in `Model | None` or `tuple[Model, ...] | None`."""
    for kind in _kinds(annotation):
        if get_origin(kind) is Annotated or get_origin(kind) is tuple:
            return inner_model(get_args(kind)[0])
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def is_ref(model: type[BaseModel], field: str) -> bool:
    """Whether a field is one reference."""
    return _kinds(model.model_fields[field].annotation) == (Ref,)


def _kinds(annotation: Any) -> tuple[Any, ...]:
    several = get_origin(annotation) in (Union, UnionType)
    return tuple(kind for kind in get_args(annotation) if kind is not type(None)) if several else (annotation,)


def form(annotation: Any) -> Form:
    """What has to be checked about a field's value: that there is text, a bounded number, one of some words, more."""
    kinds = _kinds(annotation)
    if kinds == (Text,):
        return "text"
    if len(kinds) == 1 and kinds[0] in (Amount, Quantity, Number):
        return "decimal"
    few = len(kinds) == 1 and (get_origin(kinds[0]) is Literal or _is_code(kinds[0]))
    return "words" if few else "other"


def _is_code(kind: Any) -> bool:
    return get_origin(kind) is Annotated and get_args(kind)[0] is str


def gives(codec: Codec) -> Form | None:
    """What a codec's inline expression is sure to give, the typed decode having seen to its native type."""
    if codec.inline == "({v} or None)" and codec.native is str:
        return "text"
    return "decimal" if codec.inline == "{v}" and codec.native is Decimal else None


def checker(annotation: Any) -> Check:
    """Pydantic's check of a field by itself."""
    return TypeAdapter(annotation, config=_EXACT).validate_python


def rare_checker(model: type[BaseModel], name: str) -> Check:
    """The same by way of the whole model: slower, without anything to build first. For what a memory remembers."""
    validate = model.__pydantic_validator__.validate_python

    def check(value: Any) -> Any:
        return None if value is None else getattr(validate({name: value}), name)

    return check


def unbounded(value: Decimal) -> Any:
    """Refuse a number that is too long or not finite; the careful way says so in the model's words."""
    raise ValueError(f"not a number of the model: {value.adjusted()} digits")


class Always(set[str]):
    """The fields of records that have all that the lens maps: one set for all of them, so nobody may change it.

    A copy is a plain set, and that is what a copied record gets.
    """

    def __copy__(self) -> set[str]:
        return set(self)

    def __deepcopy__(self, memo: Any) -> set[str]:
        return set(self)

    def __reduce__(self) -> tuple[type[set[str]], tuple[list[str]]]:
        return set, (list(self),)

    def _refuse(self, *_: Any) -> Any:
        raise TypeError("shared by many records; copy the record or the set first")

    add = discard = remove = pop = clear = update = difference_update = intersection_update = _refuse
    symmetric_difference_update = __ior__ = __iand__ = __isub__ = __ixor__ = _refuse


def sets(fields: tuple[str, ...]) -> Callable[[int], Always]:
    """What makes the set of a record's fields from a number whose bit i says that `fields[i]` is not there."""
    return lambda gone: Always(field for i, field in enumerate(fields) if not gone >> i & 1)


ONE_KEY = Always({"id", "number"})
