"""A body on its way in: names checked, values checked, everything wrong with it said at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from anyerp_netsuite.sandbox.field import Field, Ref, Shape, Values
from anyerp_netsuite.sandbox.problem import Detail, Problem, invalid_value
from anyerp_netsuite.sandbox.store import Store

Strictness = Literal["error", "warning", "ignore"]
#: Control characters other than tab and line ends; that they are refused is our own choice.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TOO_LARGE = Decimal(10) ** 15
#: Keys that an answer carries and a request may bring back; they mean nothing on the way in.
_FURNITURE = {"links", "refname"}
_LIST_FURNITURE = {"items", "links", "totalresults", "count", "offset", "hasmore"}


class _Wrong(Exception):
    """A value the field does not take; the message, when there is one, replaces the usual text."""


@dataclass
class Reader:
    """Reads bodies for one call. `names` and `values` are the two validation headers (netsuite sheet §3)."""

    store: Store
    names: Strictness = "warning"
    values: Strictness = "error"
    problems: list[Detail] = field(default_factory=list)
    #: Names and values that were dropped; they come back in response headers.
    dropped: list[str] = field(default_factory=list)

    def read(self, shape: Shape, body: Any, own_id: str = "") -> Values:
        """The body as values by field name; None means "clear". Raises `Problem` with every detail."""
        if not isinstance(body, Mapping):
            self.problems.append(Detail("The request body must be a JSON object.", "INVALID_CONTENT"))
        else:
            found = self._object(shape, body, "", own_id)
            if not self.problems:
                return found
        raise Problem(400, tuple(self.problems), section="#sec10.4.1")

    def _object(self, shape: Shape, body: Mapping[str, Any], path: str, own_id: str = "") -> Values:
        found: Values = {}
        for name, value in body.items():
            here = f"{path}.{name}" if path else name
            known = shape.find(name)
            if known is not None:
                self._field(known, value, here, found)
            elif name.lower() == "id" and (not own_id or str(value) != own_id):
                self.problems.append(_read_only("id", here))
            elif name.lower() not in _FURNITURE and name.lower() != "id":
                self._unknown(name, here)
        return found

    def _unknown(self, name: str, path: str) -> None:
        if self.names == "error":
            self.problems.append(Detail(f"Unknown reference or field {name}.", "NONEXISTENT_FIELD", path))
        elif self.names == "warning":
            self.dropped.append(f"Unknown property '{path}' was ignored.")

    def _field(self, known: Field, value: Any, path: str, found: Values) -> None:
        if known.read_only:
            self.problems.append(_read_only(known.name, path))
            return
        try:
            found[known.name] = None if value is None else self._value(known, value, path)
        except _Wrong as wrong:
            if self.values == "error":
                text = str(wrong)
                detail = (
                    Detail(text, "INVALID_CONTENT", path) if text else invalid_value(_shown(value), known.name, path)
                )
                self.problems.append(detail)
            elif self.values == "warning":
                self.dropped.append(f"Invalid value of '{path}' was ignored.")

    def _value(self, known: Field, value: Any, path: str) -> Any:
        match known.kind:
            case "text":
                return _text(known, value)
            case "integer":
                return _integer(value)
            case "number":
                return _number(value)
            case "boolean":
                return _as(bool, value)
            case "date":
                return _date(value)
            case "datetime":
                return _instant(value)
            case "enum":
                return _enum(known, value)
            case "reference":
                return self._reference(known, value)
            case "multiselect":
                return [self._reference(known, one) for one in _items(value) or []]
            case "subrecord":
                return self._object(known.nested, _as(Mapping, value), path)
            case "sublist":
                return self._lines(known, value, path)

    def _lines(self, known: Field, value: Any, path: str) -> list[Values] | None:
        for name in _as(Mapping, value):
            if name.lower() not in _LIST_FURNITURE:
                self._unknown(name, f"{path}.{name}")
        items = _items(value)
        if items is None:
            return None
        return [
            self._object(known.nested, _as(Mapping, line), f"{path}.items[{index}]") for index, line in enumerate(items)
        ]

    def _reference(self, known: Field, value: Any) -> Ref:
        parts = {str(k).lower(): v for k, v in _as(Mapping, value).items()}
        id, external, name = parts.get("id"), parts.get("externalid"), parts.get("refname")
        if isinstance(id, bool) or not isinstance(id, int | str | None):
            raise _Wrong
        # The strongest key given is the only one looked at: an unknown id is not rescued by a name.
        wanted = {"id": str(id)} if id is not None else {"external_id": external} if external else {"name": name}
        if not isinstance(next(iter(wanted.values())), str):
            raise _Wrong
        found = self.store.resolve(known.target, **wanted)
        if found is None:
            raise _Wrong
        return found


def _read_only(name: str, path: str) -> Detail:
    return Detail(f"You have attempted to set the read-only field {name}.", "INVALID_CONTENT", path)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = {str(k).lower(): v for k, v in value.items()}
        return str(next((parts[k] for k in ("id", "externalid", "refname") if k in parts), ""))
    return str(value)


def _as(kind: type, value: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _Wrong
    return value


def _items(value: Any) -> list[Any] | None:
    """The lines of `{"items": [...]}`; `{"items": null}` gives None, which empties the list."""
    items = _as(Mapping, value).get("items")
    return None if items is None else list(_as(list, items))


def _text(known: Field, value: Any) -> str:
    text: str = _as(str, value)
    if _CONTROL.search(text):
        raise _Wrong
    if known.length is not None and len(text) > known.length:
        raise _Wrong(
            f"The field {known.name} contained more than the maximum number ( {known.length} ) of characters allowed."
        )
    return text


def _integer(value: Any) -> int:
    number: int = _as(int, value)
    if abs(number) >= 2**63:
        raise _Wrong
    return number


def _number(given: Any) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise _Wrong
    value = Decimal(given)
    if abs(value) >= _TOO_LARGE:
        raise _Wrong
    # The account keeps doubles: digits beyond them are lost there too.
    return Decimal(repr(float(value))).normalize()


def _date(value: Any) -> date:
    text: str = _as(str, value)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _Wrong


def _instant(value: Any) -> datetime:
    try:
        return datetime.strptime(_as(str, value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _Wrong from None


def _enum(known: Field, value: Any) -> str:
    id = value.get("id") if isinstance(value, Mapping) else value
    if isinstance(id, bool) or not isinstance(id, int | str) or str(id) not in known.values:
        raise _Wrong
    return str(id)
