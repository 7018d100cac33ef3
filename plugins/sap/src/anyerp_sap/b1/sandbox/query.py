"""The query options of a read, checked, with the page that they ask for (sap sheet §13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from anyerp.wire import Headers

from anyerp_sap.b1.sandbox.dialect import Dialect
from anyerp_sap.b1.sandbox.edm import Row, Type
from anyerp_sap.b1.sandbox.errors import bad_query, unknown_property
from anyerp_sap.b1.sandbox.filters import Predicate, read_filter

PAGE_SIZE = 20

_COMMON = {"$filter", "$select", "$orderby", "$top", "$skip", "$expand"}
_EXPAND = re.compile(r"\s*(\w+)\s*(?:\(\s*\$select\s*=\s*([^()]*)\))?\s*(?:,|\Z)")
_PREFER = re.compile(r"odata\.maxpagesize\s*=\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked. `select` and the lists inside `expand` are None for everything; `page_size` 0 means no pages."""

    options: tuple[tuple[str, str], ...] = ()
    where: Predicate | None = None
    select: tuple[str, ...] | None = None
    expand: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    order: tuple[tuple[str, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    page_size: int = PAGE_SIZE
    preference_applied: str | None = None

    def sort(self, rows: list[Row]) -> list[Row]:
        """Rows in the order asked for; ties keep the order of the key. Nulls come first, as in the database."""
        for name, descending in reversed(self.order):
            rows = sorted(rows, key=lambda row: _sortable(row.get(name)), reverse=descending)
        return rows

    def page(self, rows: list[Row]) -> tuple[list[Row], int | None]:
        """The rows of this page, and how many to skip for the next one (None on the last).

        A `$top` within one page gives no next link; a larger one is answered page by page.
        """
        size = self.page_size or len(rows)
        end = len(rows) if self.top is None else min(len(rows), self.skip + self.top)
        page = rows[self.skip : min(self.skip + size, end)]
        following = self.skip + len(page)
        return page, following if following < end and page else None

    def next_options(self, following: int) -> list[tuple[str, str]]:
        """The options of the next page: the same, from further on, and with what is left of `$top`."""
        options = [pair for pair in self.options if pair[0] not in ("$skip", "$top")]
        if self.top is not None:
            options.append(("$top", str(self.top - (following - self.skip))))
        return [*options, ("$skip", str(following))]


def read_query(text: str, headers: Headers, type_: Type, dialect: Dialect, types: Mapping[str, Type]) -> Query:
    """Read and check the options. Raises `Refused`."""
    pairs = tuple(parse_qsl(text, keep_blank_values=True))
    options = {name: value for name, value in pairs if name.startswith("$")}
    counter = "$count" if dialect.modern else "$inlinecount"
    strange = set(options) - _COMMON - {counter}
    if strange:
        raise bad_query(f"Query string error - Unsupported query option '{min(strange)}'")
    expand = _expand(options.get("$expand", ""), type_, types)
    select = _select(options.get("$select", ""), type_, expand, types)
    size, applied = page_size(headers)
    return Query(
        pairs,
        where=read_filter(options["$filter"], type_, old_names=not dialect.modern) if options.get("$filter") else None,
        select=select,
        expand=expand,
        order=_order(options.get("$orderby", ""), type_),
        top=_whole(options, "$top"),
        skip=_whole(options, "$skip") or 0,
        count=options.get(counter) == ("true" if dialect.modern else "allpages"),
        page_size=size,
        preference_applied=applied,
    )


def page_size(headers: Headers) -> tuple[int, str | None]:
    """The rows in a page, and what is said of it in the answer."""
    asked = _PREFER.search(headers.get("prefer", ""))
    if asked:
        return int(asked[1]), f"odata.maxpagesize={asked[1]}"
    own = headers.get("b1s-pagesize", "")
    return (int(own) if own.isdigit() else PAGE_SIZE), None


def _whole(options: Mapping[str, str], name: str) -> int | None:
    text = options.get(name)
    if text is None:
        return None
    if not text.isdigit():
        raise bad_query(f"Query string error - Invalid value of {name}")
    return int(text)


def _select(
    text: str, type_: Type, expand: dict[str, tuple[str, ...] | None], types: Mapping[str, Type]
) -> tuple[str, ...] | None:
    """The properties asked for; `Association/Property` narrows an expanded association, which bears its type's name."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    own: list[str] = []
    for name in names:
        association, slash, inner = name.partition("/")
        if slash and association in expand:
            _known(inner, types[association])
            expand[association] = (*(expand[association] or ()), inner)
        elif name != "*":
            _known(name, type_)
            own.append(name)
    return None if not names or "*" in names else tuple(own)


def _expand(text: str, type_: Type, types: Mapping[str, Type]) -> dict[str, tuple[str, ...] | None]:
    found: dict[str, tuple[str, ...] | None] = {}
    place = 0
    while place < len(text):
        match = _EXPAND.match(text, place)
        if not match or match[1] not in (type_.associations or {}):
            raise bad_query("Query string error - Invalid expand option")
        inner = tuple(name.strip() for name in (match[2] or "").split(",") if name.strip())
        for name in inner:
            _known(name, types[match[1]])
        found[match[1]] = inner or None
        place = match.end()
    return found


def _known(name: str, type_: Type) -> None:
    if name not in type_.fields:
        raise unknown_property(name, type_.name)


def _order(text: str, type_: Type) -> tuple[tuple[str, bool], ...]:
    found: list[tuple[str, bool]] = []
    for part in filter(str.strip, text.split(",")):
        name, *direction = part.split()
        known = type_.fields.get(name)
        if known is None or not known.plain:
            raise bad_query(f"Property '{name}' is invalid")
        if direction not in ([], ["asc"], ["desc"]):
            raise bad_query("Query string error - Invalid orderby condition")
        found.append((name, direction == ["desc"]))
    return tuple(found)


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)
