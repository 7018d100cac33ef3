"""Pages by limit and offset, for lists of records and for SuiteQL alike (netsuite sheet §3, §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from anyerp_netsuite.sandbox.problem import bad_request

LARGEST = 1000
_PAGES = 1000


@dataclass(frozen=True)
class Page:
    """The wanted part of a result."""

    limit: int
    offset: int

    @classmethod
    def asked(cls, query: Mapping[str, str], cap: int) -> Page:
        """Read `limit` and `offset`. Raises `Problem`; the statuses of these refusals are assumed (sheet §7)."""
        limit, offset = _whole(query, "limit", LARGEST), _whole(query, "offset", 0)
        if not 1 <= limit <= LARGEST:
            raise bad_request(f"The limit must be between 1 and {LARGEST}.", "INVALID_PARAMETER", query="limit")
        if offset % limit:
            raise bad_request("The offset must be a multiple of the limit.", "INVALID_PARAMETER", query="offset")
        if offset // limit >= _PAGES or offset + limit > max(cap, limit):
            raise bad_request(
                f"The result can be read up to {cap} rows and {_PAGES} pages.", "INVALID_PARAMETER", query="offset"
            )
        return cls(limit, offset)

    def answer(
        self, items: Sequence[Mapping[str, Any]], total: int, href: str, extra: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The page's envelope; `extra` are further query parameters that the links repeat."""

        def link(rel: str, offset: int) -> dict[str, str]:
            query = {**(extra or {}), "limit": str(self.limit), "offset": str(offset)}
            return {"rel": rel, "href": f"{href}?{urlencode(query)}"}

        last = max(0, (total - 1) // self.limit * self.limit)
        more = self.offset + self.limit < total
        links = [link("first", 0), link("previous", self.offset - self.limit)] if self.offset else []
        links += [link("next", self.offset + self.limit), link("last", last)] if more else []
        return {
            "links": [*links, link("self", self.offset)],
            "count": len(items),
            "hasMore": more,
            "items": list(items),
            "offset": self.offset,
            "totalResults": total,
        }


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise bad_request(f"Invalid value '{text}' for the parameter {name}.", "INVALID_PARAMETER", query=name)
    return int(text)
