"""The messages of the wire: what flows yield, transports carry and sandboxes answer.

Nothing here knows an HTTP library. A `Request` is what a connector wants said; a `Response` is what came back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from anyerp.jsonlimits import InvalidJson, load_json

__all__ = ["SECRET_HEADERS", "Headers", "InvalidJson", "Request", "Response", "dump_json", "load_json", "retry_after"]

#: Headers whose values are credentials or sessions: never printed, never in an event.
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "apikey", "x-csrf-token"}
)


_SECONDS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?", re.ASCII)


class Headers(Mapping[str, str]):
    """Header fields, found whatever their case; a repeated field keeps every value (`all`)."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs = items.items() if isinstance(items, Mapping) else items
        self._items = tuple((str(name), str(value)) for name, value in pairs)

    def __getitem__(self, name: str) -> str:
        wanted = name.lower()
        for key, value in reversed(self._items):
            if key.lower() == wanted:
                return value
        raise KeyError(name)

    def all(self, name: str) -> list[str]:
        """Every value of a field, in the order they came (`Set-Cookie` needs it)."""
        return [value for key, value in self._items if key.lower() == name.lower()]

    def items_with_repeats(self) -> tuple[tuple[str, str], ...]:
        """All fields as they came, repeats included."""
        return self._items

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key.lower() for key, _ in self._items))

    def __len__(self) -> int:
        return len({key.lower() for key, _ in self._items})

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}: {'***' if k.lower() in SECRET_HEADERS else v}" for k, v in self._items)
        return f"Headers({shown})"


@dataclass(frozen=True, slots=True)
class Request:
    """One request that a flow yields.

    `path` is relative to the connection's base URL, or a whole URL (a next link, a token endpoint). `params` are
    added to its query, percent-encoded (`$` and `,` stay readable). `writes` says that a lost answer leaves the
    outcome unknown, so that it is never sent twice blindly; it defaults to the method's own nature. `accept` names
    the error statuses that the flow wants to see itself. `authorized` is false for requests that carry no
    credentials of the connection (a token endpoint).
    """

    method: str
    path: str
    params: Mapping[str, str] | Iterable[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    json: Any = None
    writes: bool | None = None
    accept: tuple[int, ...] = ()
    authorized: bool = True

    def __post_init__(self) -> None:
        if self.writes is None:
            object.__setattr__(self, "writes", self.method not in ("GET", "HEAD", "OPTIONS"))

    def url(self, base_url: str) -> str:
        """The whole URL against a base URL (which has no trailing slash)."""
        url = self.path if "://" in self.path else base_url.rstrip("/") + "/" + self.path.lstrip("/")
        pairs = self.params.items() if isinstance(self.params, Mapping) else self.params
        query = "&".join(quote(name, safe="$") + "=" + quote(value, safe="$,/:'()*") for name, value in pairs)
        return url if not query else url + ("&" if "?" in url else "?") + query

    def body(self) -> bytes | None:
        """The bytes to send: `content`, or `json` written with decimals exact."""
        return self.content if self.json is None else dump_json(self.json)

    def with_headers(self, headers: Mapping[str, str]) -> Request:
        """The same request with more headers (those win)."""
        return replace(self, headers={**self.headers, **headers})

    def __repr__(self) -> str:
        parts = urlsplit(self.path)
        return f"<Request {self.method} {parts.netloc}{parts.path}>"


@dataclass(frozen=True, slots=True)
class Response:
    """One answer: status, headers, and the whole body as bytes."""

    status: int
    headers: Headers = field(default_factory=Headers)
    content: bytes = b""

    def json(self) -> Any:
        """The body as JSON, numbers with a fraction as exact `Decimal`. Raises `ValueError` when it is not JSON."""
        return load_json(self.content)

    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are replaced."""
        return self.content.decode("utf-8", "replace")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, lower-cased."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.content)} bytes>"


def http_date(text: str) -> float | None:
    """Read an HTTP date as Unix time; None when it is none."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  (costs more to import than most runs need)

    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def retry_after(headers: Headers, wall: float) -> float | None:
    """Give the seconds that an answer asks us to wait; None without the field, or when it is past or not readable.

    A date is counted from the answer's own `Date` where it has one, so that our clock may be wrong; else from `wall`.
    """
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text) or None
    until = http_date(text) if text else None
    if until is None:
        return None
    said = http_date(headers.get("date", ""))
    seconds = until - (wall if said is None else said)
    return seconds if seconds > 0 else None


def dump_json(value: Any) -> bytes:
    """Plain values to bytes. `Decimal` is written as a JSON number with exactly its digits."""
    return _encoder.encode(value)


def _encode(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


_encoder = msgspec.json.Encoder(enc_hook=_encode, decimal_format="number")
