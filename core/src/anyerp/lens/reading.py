"""Reading by interpretation: walk the table, decode each value. The reference that the compiled path is held to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from anyerp.lens.codec import Codec
from anyerp.lens.path import look
from anyerp.lens.rule import Absent, Derived, Each, Join, Map, Nest, Rule, Slots


class Unreadable(ValueError):
    """A native value that its codec cannot read; names the field, the path and the value's kind."""


def read(rules: Iterable[Rule], native: Any) -> dict[str, Any]:
    """A native record as unified values by field (custom fields gathered in their mapping). Raises `Unreadable`."""
    found: dict[str, Any] = {}
    late: list[Derived] = []
    for rule in rules:
        match rule:
            case Map(field=field, path=path, codec=codec):
                value = look(native, path)
                put_value(found, field, decode(field, path, codec, value))
                if rule.native:
                    put_value(
                        found, rule.native, decode(rule.native, path, _KEPT, None if value is None else str(value))
                    )
            case Join(field=field, paths=paths, codec=codec):
                put_value(found, field, _joined(field, paths, codec, native))
            case Slots(field=field, paths=paths, codec=codec):
                slots = [decode(field, path, codec, look(native, path)) for path in paths]
                found[field] = tuple(slot for slot in slots if slot is not None) or None
            case Nest(field=field, rules=inner, at=at):
                values = read(inner, native if at is None else look(native, at))
                found[field] = values if any(v is not None for v in values.values()) else None
            case Each(field=field, path=path, rules=inner):
                lines = look(native, path)
                if lines is not None and not isinstance(lines, (list, tuple)):
                    raise Unreadable(f"{field} <-> {path}: a list was expected, {type(lines).__name__} came")
                found[field] = None if lines is None else tuple(read(inner, line) for line in lines)
            case Derived():
                late.append(rule)
            case Absent():
                pass
    for derived in late:
        given = [found.get(name) for name in derived.uses]
        given += [_given(derived.field, path, codec, native) for path, codec in derived.native]
        put_value(found, derived.field, _computed(derived, given))
    return found


def _given(field: str, path: str, codec: Codec, native: Any) -> Any:
    above, star, member = path.partition("/*/")
    if not star:
        return decode(field, path, codec, look(native, path))
    items = look(native, above)
    if items is not None and not isinstance(items, (list, tuple)):
        raise Unreadable(f"{field} <-> {path}: a list was expected, {type(items).__name__} came")
    return [decode(field, path, codec, look(item, member)) for item in items or ()]


def _computed(rule: Derived, given: list[Any]) -> Any:
    try:
        return rule.compute(*given)
    except Exception as error:  # noqa: BLE001 - a foreign function
        raise Unreadable(f"{rule.field}: cannot be computed ({type(error).__name__})") from None


_KEPT = Codec("text", decode=lambda value: value or None, native=str)


def decode(field: str, path: str, codec: Codec, value: Any) -> Any:
    """One native value, None for nothing."""
    if value is None:
        return None
    try:
        return codec.decode(msgspec.convert(value, codec.native, strict=True))
    except Exception as error:  # noqa: BLE001 - whatever a foreign codec raises, it is this field that is unreadable
        raise Unreadable(f"{field} <-> {path}: {_kind(value)} cannot be read as {codec.name} ({error})") from None


def _joined(field: str, paths: tuple[str, ...], codec: Codec, native: Any) -> Any:
    kinds = codec.native if isinstance(codec.native, tuple) else (codec.native,)
    values: list[Any] = []
    for path, kind in zip(paths, kinds, strict=True):
        value = look(native, path)
        try:
            values.append(None if value is None else msgspec.convert(value, kind, strict=True))
        except ValueError as error:
            raise Unreadable(f"{field} <-> {path}: {_kind(value)} cannot be read ({error})") from None
    try:
        return None if all(v is None for v in values) else codec.decode(tuple(values))
    except Exception as error:  # noqa: BLE001 - whatever a foreign codec raises, it is this field that is unreadable
        raise Unreadable(f"{field} <-> {', '.join(paths)}: cannot be read as {codec.name} ({error})") from None


def _kind(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def put_value(found: dict[str, Any], field: str, value: Any) -> None:
    """Set a field; a dotted one inside its mapping, where nothing is left out."""
    head, _, custom = field.partition(".")
    if not custom:
        found[head] = value
    elif value is not None:
        found[head] = {**(found.get(head) or {}), custom: value}
    else:
        found.setdefault(head, None)
