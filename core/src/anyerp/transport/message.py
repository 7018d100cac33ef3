"""What goes on the wire: headers merged and checked, as the bytes that the HTTP library is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anyerp.errors import ConfigError
from anyerp.transport.origin import Origin
from anyerp.wire import SECRET_HEADERS, Request

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

#: Fields that the HTTP library or the transport itself writes: a client's default for them does not count.
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


class Uncarried(Exception):
    """The HTTP client cannot make a request of this; nothing was sent."""


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """One message to send now. `target` is the URL behind its origin, not escaped yet where it need be.

    `trusted` says that it goes to an origin that may see the connection's secrets.
    """

    method: str
    url: str
    origin: Origin
    target: str
    headers: list[tuple[bytes, bytes]]
    content: bytes | None
    trusted: bool
    deadline: float

    def __repr__(self) -> str:
        return f"<Attempt {self.method} {self.origin}>"


def merged(
    request: Request, extra: Mapping[str, str], defaults: Iterable[tuple[str, str]], *, trusted: bool
) -> dict[str, tuple[str, str]]:
    """Merge header fields, later ones winning: the client's defaults, the request's own, then `extra`.

    Where the origin is not trusted, `extra` stays here, and so does any secret among the client's defaults; what the
    flow itself wrote into the request (a token endpoint's own credentials) goes along.
    """
    fields = {
        name.lower(): (name, value)
        for name, value in defaults
        if name.lower() not in _OURS and (trusted or name.lower() not in SECRET_HEADERS)
    }
    fields["accept-encoding"] = ("Accept-Encoding", "gzip")
    if request.json is not None:
        fields["content-type"] = ("Content-Type", "application/json")
    for source in (request.headers, extra if trusted else {}):
        fields.update((name.lower(), (name, value)) for name, value in source.items())
    return fields


def encoded(fields: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Write fields as bytes. Raises `ConfigError` for what HTTP cannot carry, without repeating the value."""
    pairs = []
    for name, value in fields:
        if not _TOKEN.fullmatch(name):
            raise ConfigError("a header field has a name that HTTP does not allow")
        if not _VALUE.fullmatch(value):
            raise ConfigError(
                f"the header field {name} holds a character that HTTP does not allow",
                hint="A line break or a letter beyond Latin-1: was a key pasted with its line end?",
            )
        pairs.append((name.encode("ascii"), value.encode("latin-1")))
    return pairs


def checked_method(method: str) -> str:
    """Give the method back when HTTP can carry it."""
    if not _TOKEN.fullmatch(method):
        raise ConfigError("a request has a method that HTTP does not allow")
    return method
