"""Routes: `/v2.0/[tenant/]environment/api/...`; the first v2.0 is the platform's, the second the API's (sheet §2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PATH = re.compile(
    r"(?P<prefix>/v2\.0/(?:(?P<tenant>[^/]+)/)?(?P<environment>[^/]+)/api/(?P<api>v2\.0|[^/$]+/[^/$]+/[^/$]+))"
    r"(?:/(?P<rest>.*))?"
)


@dataclass(frozen=True, slots=True)
class Route:
    """A path taken apart: `prefix` up to and with the API's version, `api` its name, `rest` what comes after."""

    prefix: str
    tenant: str | None
    environment: str
    api: str
    rest: str


def route(path: str) -> Route | None:
    """Give the route of a path as sent, or None when it is none of ours."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    return Route(found["prefix"], found["tenant"], found["environment"], found["api"], found["rest"] or "")
