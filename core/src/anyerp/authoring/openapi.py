"""Entities from JSON Schema and OpenAPI documents (JSON): definitions, references, `allOf`, nested objects, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from anyerp.authoring.entity import Children, Entity, Property
from anyerp.errors import ConfigError
from anyerp.jsonlimits import InvalidJson, load_json

_DEEPEST = 4


def read(content: bytes) -> dict[str, Callable[[], Entity]]:
    """Entities by the names of the definitions that are objects. Raises `ConfigError` for what has none."""
    try:
        document = load_json(content)
    except InvalidJson as error:
        raise ConfigError(f"the schema is no JSON: {error}", hint="convert a YAML file first (yq -o json)") from None
    reader = _Reader(document)
    objects = [(name, schema) for name, schema in reader.definitions() if reader.whole(schema).get("properties")]
    found = {name: partial(reader.entity, name, schema) for name, schema in objects}
    if not found:
        raise ConfigError("the schema describes no object", hint="give a JSON Schema or OpenAPI 3 document, as JSON")
    return dict(found)


class _Reader:
    def __init__(self, document: Any) -> None:
        self.document = document if isinstance(document, dict) else {}

    def definitions(self) -> Iterator[tuple[str, Any]]:
        if "properties" in self.document or "allOf" in self.document:
            yield str(self.document.get("title") or "Record"), self.document
        for where in (("components", "schemas"), ("$defs",), ("definitions",)):
            place: Any = self.document
            for step in where:
                place = place.get(step) if isinstance(place, dict) else None
            if isinstance(place, dict):
                yield from place.items()

    def whole(self, schema: Any, depth: int = 0) -> dict[str, Any]:
        """A schema with its reference followed and its `allOf` laid together; nullable variants as the one of them."""
        if not isinstance(schema, dict) or depth > 20:
            return {}
        merged: dict[str, Any] = {}
        parts = [self._target(schema["$ref"])] if "$ref" in schema else []
        parts += schema.get("allOf") or []
        for variants in (schema.get("anyOf"), schema.get("oneOf")):
            real = [one for one in variants or [] if not isinstance(one, dict) or one.get("type") != "null"]
            parts += real if len(real) == 1 else []
        for part in parts:
            inner = self.whole(part, depth + 1)
            merged = {**merged, **inner, "properties": {**merged.get("properties", {}), **inner.get("properties", {})}}
        own = {name: value for name, value in schema.items() if name not in ("$ref", "allOf", "anyOf", "oneOf")}
        both = {**merged.get("properties", {}), **(own.get("properties") or {})}
        return {**merged, **own, **({"properties": both} if both else {})}

    def _target(self, pointer: Any) -> Any:
        found: Any = self.document
        for step in str(pointer).removeprefix("#").strip("/").split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def entity(self, name: str, schema: Any) -> Entity:
        fields = tuple(self._properties(self.whole(schema), "", 0))
        lists = tuple(self._lists(self.whole(schema)))
        key = next((one.path for one in fields if one.path.lower() in ("id", "key", "internalid", "uuid")), None)
        return Entity(name, (key,) if key else (), fields, lists)

    def _lists(self, schema: Mapping[str, Any]) -> Iterator[Children]:
        for name, given in schema.get("properties", {}).items():
            part = self.whole(given)
            items = self.whole(part.get("items")) if _type(part) == "array" else {}
            if items.get("properties") and _plain(name):
                inner = Entity(name, (), tuple(self._properties(items, "", 0)))
                yield Children(name, name, inner)

    def _properties(self, schema: Mapping[str, Any], prefix: str, depth: int) -> Iterator[Property]:
        for name, given in schema.get("properties", {}).items():
            part = self.whole(given)
            if not _plain(name):
                continue
            if part.get("properties") and depth < _DEEPEST:
                yield from self._properties(part, f"{prefix}{name}/", depth + 1)
                continue
            found = _kind(part)
            if found is not None:
                label = str(part.get("title") or "")
                yield Property(prefix + name, read_only=bool(part.get("readOnly")), label=label, **found)


def _plain(name: str) -> bool:
    return bool(name) and "/" not in name and "=" not in name and not name.isdecimal()


def _type(schema: Mapping[str, Any]) -> str | None:
    given = schema.get("type")
    types = [one for one in given if one != "null"] if isinstance(given, list) else [given]
    return types[0] if len(types) == 1 and isinstance(types[0], str) else None


def _kind(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    length = _bound(schema, "maxLength", 0) or None
    texts = [one for one in schema.get("enum") or () if isinstance(one, str)]
    match _type(schema), schema.get("format"):
        case "string", _ if texts:
            return {"kind": "choice", "codec": "text()", "values": tuple(texts)}
        case "string", "date":
            return {"kind": "day", "codec": "iso_day()"}
        case "string", "date-time":
            return {"kind": "instant", "codec": "iso_instant()"}
        case "string", "decimal":
            return {"kind": "decimal", "codec": "number_text()"}
        case "string", _:
            return {"kind": "text", "codec": f"text({length or ''})", "max_length": length}
        case "integer", _:
            low, high = _bound(schema, "minimum", 0), _bound(schema, "maximum", 2**31 - 1)
            return {"kind": "integer", "codec": f"integer({min(low, high)}, {high})"}
        case "number", _:
            return {"kind": "decimal", "codec": f"decimal(15, {_places(schema.get('multipleOf'))})"}
        case "boolean", _:
            return {"kind": "boolean", "codec": "boolean()"}
        case _:
            return None


def _bound(schema: Mapping[str, Any], name: str, otherwise: int) -> int:
    found = schema.get(name)
    return int(found) if isinstance(found, (int, Decimal)) and abs(int(found)) < 2**31 else otherwise


def _places(step: Any) -> int:
    """Decimal places of `multipleOf: 0.01`; three where the schema says nothing."""
    if not isinstance(step, (int, Decimal)) or not 0 < Decimal(step) < 10**9:
        return 3
    exponent = Decimal(step).as_tuple().exponent
    assert isinstance(exponent, int)
    return min(max(-exponent, 0), 9)
