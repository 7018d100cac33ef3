"""Query options of V4: nested `$select` and `$expand`, `$count`, and `$filter` in V4's literals (sap sheet §5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from anyerp_sap.sandbox.edm import Property
from anyerp_sap.sandbox.errors import bad_request
from anyerp_sap.sandbox.exchange import Exchange
from anyerp_sap.sandbox.v4.schema import TWINS, Twin

_OPTIONS = {"$filter", "$orderby", "$top", "$skip", "$select", "$expand", "$count", "$skiptoken", "$format"}
_SINGLE = {"$select", "$expand", "$format"}
_TOKEN = re.compile(
    r"'(?:[^']|'')*'|\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d)|\d{4}-\d\d-\d\d|[\w.]+|."
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT.+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CONTAINS = re.compile(r"contains\(\s*(\w+)\s*,\s*('(?:[^']|'')*')\s*\)")
_OLD = re.compile(r"(?:datetime|datetimeoffset|time|guid|substringof)|\d+(?:\.\d+)?[mMdDfFlL]")


@dataclass
class Shape:
    """What of a set is shown."""

    twin: Twin
    properties: tuple[Property, ...]
    expanded: dict[str, Shape] = field(default_factory=dict)
    everything: bool = True


def need_options(exchange: Exchange, *, single: bool) -> None:
    """Refuse options that the resource does not have; `$search` and `$inlinecount` among them."""
    for name in exchange.query:
        if name.startswith("$") and name not in (_SINGLE if single else _OPTIONS):
            raise bad_request("/IWFND/CM_MGW/018", name)


def shape_of(twin: Twin, options: Mapping[str, str]) -> Shape:
    """Make the shape that `$select` and `$expand` ask for. Raises a 400 for unknown names."""
    select = options.get("$select", "")
    names = [name.strip() for name in select.split(",")] if select else []
    for name in names:
        if name != "*" and name not in twin.entity.properties and name not in twin.entity.navigations:
            raise bad_request("/IWFND/CM_MGW/011", name, twin.type_name)
    everything = not names or "*" in names
    properties = tuple(p for p in twin.entity.properties.values() if everything or p.name in names)
    shape = Shape(twin, properties, everything=everything)
    for item in _split(options.get("$expand", ""), ","):
        name, _, inner = item.strip().partition("(")
        navigation = twin.entity.navigations.get(name)
        if navigation is None or (inner and not inner.endswith(")")):
            raise bad_request("/IWFND/CM_MGW/011", name, twin.type_name)
        below = dict(_option(part) for part in _split(inner[:-1], ";"))
        shape.expanded[name] = shape_of(TWINS[navigation.target], below)
    return shape


def _option(text: str) -> tuple[str, str]:
    name, _, value = text.strip().partition("=")
    if name not in ("$select", "$expand"):
        raise bad_request("/IWFND/CM_MGW/017", "$expand", text)
    return name, value


def _split(text: str, mark: str) -> list[str]:
    """Split outside of parentheses."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == mark and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part for part in (*parts, text[start:]) if part]


def as_v2(exchange: Exchange) -> Exchange:
    """The same list options in V2's words, which filter and pages of the sandbox speak."""
    query = dict(exchange.query)
    if "$filter" in query:
        query["$filter"] = _filter(query["$filter"])
    count = query.pop("$count", "false")
    if count not in ("true", "false"):
        raise bad_request("/IWFND/CM_MGW/017", "$count", count)
    return replace(exchange, query={**query, **({"$inlinecount": "allpages"} if count == "true" else {})})


def _filter(text: str) -> str:
    turned = _CONTAINS.sub(r"contains(\2,\1)", text)
    return "".join(_word(word, text) for word in _TOKEN.findall(turned))


def _word(word: str, text: str) -> str:
    if _OLD.fullmatch(word):
        raise bad_request("/IWFND/CM_MGW/010", text.find(word) + 1, text)
    if word == "contains":
        return "substringof"
    if _STAMP.fullmatch(word):
        return f"datetimeoffset'{word}'"
    return f"datetime'{word}T00:00:00'" if _DAY.fullmatch(word) else word
