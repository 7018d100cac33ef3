"""Rendering: one environment for all pages, everything escaped, headers that forbid what pages do not need."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from anyerp.errors import AnyErpError, InvalidRecord
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from anyerp_hub.web.auth import the_hub
from anyerp_hub.web.page.form import label

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
    made.filters["moment"] = _moment
    made.filters["ago"] = _ago
    made.filters["span"] = _span
    made.filters["due"] = _due
    made.filters["label"] = label
    made.filters["sentence"] = _sentence
    made.filters["words"] = lambda text: str(text).replace("_", " ")
    return made


def _moment(at: datetime | str | None) -> str:
    """A moment in UTC."""
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


@pass_context
def _ago(context: Context, at: datetime | None) -> str:
    """A moment by how far it is from now, with the moment itself behind it."""
    if at is None:
        return ""
    seconds = int((context["now"] - at).total_seconds())
    span = _span(abs(seconds))
    words = "now" if abs(seconds) < 2 else f"{span} ago" if seconds > 0 else f"in {span}"
    exact = _moment(at)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), exact, words)


@pass_context
def _due(context: Context, at: datetime | None) -> str:
    """When something is due."""
    return "now" if at is not None and at <= context["now"] else _ago(context, at)


def _span(seconds: float) -> str:
    """About how long."""
    size, name = next((size, name) for least, size, name in _SIZES if seconds >= least)
    return f"{int(seconds // size)} {name}"


#: From how many seconds on one counts by what, and how that is called.
_SIZES = ((172_800, 86_400, "d"), (7_200, 3_600, "h"), (120, 60, "min"), (0, 1, "s"))


def _sentence(text: Any) -> str:
    """A message as a sentence of its own: messages begin small, since they follow a name elsewhere."""
    words = str(text or "").strip()
    return words[:1].upper() + words[1:] + ("" if not words or words[-1] in ".!?)" else ".")


def page(request: Request, name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from a template."""
    facts |= {"root": request.scope.get("root_path", ""), "now": the_hub(request).database.wall()}
    facts.setdefault("here", "")
    text = _environment().get_template(name).render(facts)
    return HTMLResponse(text, status, _HEADERS)


def wants_page(request: Request) -> bool:
    """Whether somebody looks at this in a browser, and not a program."""
    return "text/html" in request.headers.get("accept", "") and "/v1/" not in request.url.path


def show_failed(request: Request, error: AnyErpError, status: int) -> HTMLResponse:
    """What went wrong, as a page."""
    facts = {"message": error.message, "hint": error.hint, "request_id": request.state.request_id}
    return page(request, "failed.html", status, **facts)


async def typed(request: Request) -> dict[str, str]:
    """What a form sent. A form of another site is refused."""
    origin = request.headers.get("origin")
    if origin is not None and origin != "null" and origin.partition("://")[2] != request.headers.get("host"):
        raise InvalidRecord("this form was sent from another site")
    body = await request.body()
    if len(body) > _LARGEST:
        raise InvalidRecord("this form is too large")
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
