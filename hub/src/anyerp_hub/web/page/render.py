"""Rendering: one environment for all pages, everything escaped, headers that forbid what pages do not need."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from anyerp.errors import InvalidRecord
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_LARGEST = 256 * 1024


@cache
def _environment() -> Environment:
    made = Environment(loader=PackageLoader("anyerp_hub.web.page"), autoescape=True, undefined=StrictUndefined)
    made.filters["moment"] = lambda at: "" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"
    made.filters["sentence"] = _sentence
    made.filters["words"] = lambda text: str(text).replace("_", " ")
    return made


def _sentence(text: Any) -> str:
    """A message as a sentence of its own: messages begin small, since they follow a name elsewhere."""
    words = str(text or "").strip()
    return words[:1].upper() + words[1:] + ("" if not words or words[-1] in ".!?)" else ".")


def page(request: Request, name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from a template."""
    facts |= {"root": request.scope.get("root_path", ""), "now": datetime.now().astimezone()}
    text = _environment().get_template(name).render(facts)
    return HTMLResponse(text, status, _HEADERS)


async def typed(request: Request) -> dict[str, str]:
    """What a form sent. A form of another site is refused."""
    origin = request.headers.get("origin")
    if origin is not None and origin != "null" and origin.partition("://")[2] != request.headers.get("host"):
        raise InvalidRecord("this form was sent from another site")
    body = await request.body()
    if len(body) > _LARGEST:
        raise InvalidRecord("this form is too large")
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
