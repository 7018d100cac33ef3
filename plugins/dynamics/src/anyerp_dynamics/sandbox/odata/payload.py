"""Bodies out: rows as OData JSON, at each of the three metadata levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from .dialect import STANDARD, Dialect
from .evaluate import Follow, cannot_follow
from .literal import instant_text, key_text
from .negotiate import Format
from .option import Options
from .page import choose
from .schema import EntitySet, EntityType, Row, Schema

_instant = lru_cache(4096)(instant_text)
#: Types whose JSON form says enough by itself: no `@odata.type` at full metadata.
_SILENT = ("Edm.String", "Edm.Boolean", "Edm.Double")


def _no_etag(entity_set: EntitySet, row: Row) -> str | None:
    return None


@dataclass(frozen=True)
class Writer:
    """Writes rows of one service.

    `root` is the absolute service root without a trailing slash. `etag(set, row)` gives the tag;
    `follow(row, navigation)` the rows behind a navigation; `path(set, row)` the row's resource path where it is not
    simply `Set(key)`.
    """

    schema: Schema
    root: str
    format: Format = field(default_factory=Format)
    etag: Callable[[EntitySet, Row], str | None] = _no_etag
    follow: Follow = cannot_follow
    path: Callable[[EntitySet, Row], str] = lambda entity_set, row: entity_set.name + key_text(entity_set.type, row)
    dialect: Dialect = STANDARD

    def entity(self, entity_set: EntitySet, row: Row, options: Options | None = None) -> dict[str, Any]:
        """One row with its annotations and expansions, without `@odata.context`."""
        options = options or Options()
        entity_type = entity_set.type
        out: dict[str, Any] = {}
        full = self.format.metadata == "full"
        tag = self.etag(entity_set, row)
        path = self.path(entity_set, row) if full else ""
        if full:
            out["@odata.type"] = f"#{self.schema.qualified(entity_type.name)}"
            out["@odata.id"] = f"{self.root}/{path}"
        if tag is not None and self.format.metadata != "none":
            out["@odata.etag"] = tag
        if full:
            out["@odata.editLink"] = path
        for name in self._names(entity_type, options):
            if full and (type_name := entity_type.by_name[name].type) not in _SILENT:
                out[f"{name}@odata.type"] = f"#{self.schema.qualified(type_name).removeprefix('Edm.')}"
            out[name] = self.value(entity_type, name, row.get(name))
        for name, inner in options.expand.items():
            out[name] = self._expanded(entity_type, row, name, inner)
        return out

    @staticmethod
    def _names(entity_type: EntityType, options: Options) -> tuple[str, ...]:
        if not options.select:
            return tuple(entity_type.by_name)
        wanted = set(options.select)
        return tuple(name for name in entity_type.by_name if name in wanted)

    def value(self, entity_type: EntityType, name: str, value: Any) -> Any:
        """One property's JSON value."""
        if isinstance(value, datetime):
            return _instant(value)
        if isinstance(value, date):
            return value.isoformat()
        if self.format.ieee754 and value is not None and entity_type.by_name[name].type in ("Edm.Int64", "Edm.Decimal"):
            return str(value)
        return value

    def _expanded(self, entity_type: EntityType, row: Row, name: str, options: Options) -> Any:
        navigation = entity_type.to[name]
        there = self.schema.sets[navigation.target]
        found = self.follow(row, navigation)
        if not navigation.many:
            return None if found is None else self.entity(there, found, options)
        chosen = choose(found, options, there.type, self.schema, self.dialect, self.follow)
        rows, _ = chosen.window(options.skip, options.top, chosen.count)
        return [self.entity(there, other, options) for other in rows]

    def context(self, fragment: str) -> dict[str, str]:
        """Give the `@odata.context` annotation, unless the client wanted none."""
        return {} if self.format.metadata == "none" else {"@odata.context": f"{self.root}/$metadata#{fragment}"}

    def single(
        self, entity_set: EntitySet, row: Row, options: Options | None = None, *, at: str | None = None
    ) -> dict[str, Any]:
        """Give a whole answer with one row. `at` replaces the set's name in the context (a contained set)."""
        fragment = (at or entity_set.name) + selection(options) + "/$entity"
        return {**self.context(fragment), **self.entity(entity_set, row, options)}

    def collection(
        self,
        entity_set: EntitySet,
        rows: list[Row],
        options: Options | None = None,
        *,
        count: int | None = None,
        next_link: str | None = None,
        at: str | None = None,
    ) -> dict[str, Any]:
        """Give a whole answer with a page of rows."""
        out: dict[str, Any] = {**self.context((at or entity_set.name) + selection(options))}
        if count is not None:
            out["@odata.count"] = count
        out["value"] = [self.entity(entity_set, row, options) for row in rows]
        if next_link is not None:
            out["@odata.nextLink"] = next_link
        return out

    def service_document(self) -> dict[str, Any]:
        """Give the list of entity sets."""
        sets: list[Mapping[str, str]] = [{"name": name, "kind": "EntitySet", "url": name} for name in self.schema.sets]
        context = {} if self.format.metadata == "none" else {"@odata.context": f"{self.root}/$metadata"}
        return {**context, "value": sets}


def selection(options: Options | None) -> str:
    """Give the `(A,B,Lines(C))` part of a context URL."""
    if options is None:
        return ""
    parts = list(options.select) + [f"{name}{selection(inner) or '()'}" for name, inner in options.expand.items()]
    return (
        f"({','.join(parts)})" if options.select or any(selection(inner) for inner in options.expand.values()) else ""
    )
