"""Resource paths: `/Set(key)/Navigation/Namespace.Action`, split before anything is percent-decoded."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from .error import ODataError


@dataclass(frozen=True, slots=True)
class Segment:
    """One step: a name, and the inside of its parentheses, decoded (None without parentheses)."""

    name: str
    key: str | None = None


def split_target(target: str) -> tuple[str, str]:
    """Give a request target (or whole URL) as (path, query), both as sent."""
    if "://" in target.split("?", 1)[0]:
        target = "/" + target.split("://", 1)[1].partition("/")[2]
    path, _, query = target.partition("?")
    return path, query


def segments(path: str) -> list[Segment]:
    """Give the steps of a path as sent. A slash in quotes does not separate, nor an encoded one. Raises `syntax`."""
    parts: list[str] = []
    start, quoted, place = 0, False, 0
    while place < len(path):
        if path[place] == "'" or path[place : place + 3] == "%27":
            quoted = not quoted
        elif path[place] == "/" and not quoted:
            parts.append(path[start:place])
            start = place + 1
        place += 1
    parts.append(path[start:])
    return [_segment(unquote(part)) for part in parts if part]


def _segment(text: str) -> Segment:
    name, opened, rest = text.partition("(")
    if not opened:
        return Segment(name)
    if not rest.endswith(")"):
        raise ODataError("syntax", f"Bad Request - Error in query syntax: '{text}'.")
    return Segment(name, rest[:-1])
