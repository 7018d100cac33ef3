"""What the two transports have in common: construction, the library's request, the reading of failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, ClassVar

from anyerp.errors import ConfigError
from anyerp.transport import library, quiet
from anyerp.transport.body import Body
from anyerp.transport.conversation import Session, Talk, converse
from anyerp.transport.event import Observer
from anyerp.transport.inflight import Places, Share, in_flight
from anyerp.transport.limits import Limits
from anyerp.transport.message import Attempt, Uncarried
from anyerp.transport.origin import split
from anyerp.wire import Headers, Request, Response

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_DEFAULTS = (("User-Agent", "anyerp"), ("Accept", "*/*"))
_PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class Carrier:
    """A client, of ours or the host's, and the session that its requests share."""

    kind: ClassVar[str]

    def __init__(
        self,
        client: Any,
        limits: Limits | None,
        trust_origin: str | Iterable[str],
        observe: Observer | None,
        account: str | None,
        gated: bool,
        clock: Callable[[], float],
        wall: Callable[[], float],
        jitter: Callable[[], float],
        share: Share | None = None,
    ) -> None:
        self.limits = limits or Limits()
        urls = [trust_origin] if isinstance(trust_origin, str) else list(trust_origin)
        self._session = Session(
            trusted=frozenset(split(url)[0] for url in urls),
            places=in_flight(account, self.limits.max_in_flight),
            limits=self.limits,
            observe=observe,
            gated=gated,
            clock=clock,
            wall=wall,
            jitter=jitter,
        )
        limit = self.limits.max_in_flight
        self._places: Places = share(account, limit) if share is not None and account else self._session.places
        self._library: ModuleType | None = None if client is None else library.of_client(client, self.kind)
        self._client = client
        self._ours = client is None
        self._closed = False
        quiet.install()

    def __repr__(self) -> str:
        origins = ", ".join(sorted(map(str, self._session.trusted)))
        return f"<{type(self).__name__} to {origins}, {'own' if self._ours else 'host'} client>"

    def _talk(self, request: Request, url: str, headers: Mapping[str, str]) -> Talk:
        """Begin the conversation of one send. Raises `ConfigError` when the transport or its client is closed."""
        if self._closed or (self._client is not None and self._client.is_closed):
            raise ConfigError("this connection's HTTP client is closed", hint="Open a new connection.")
        defaults = _DEFAULTS if self._ours else self._client.headers.multi_items()
        return converse(self._session, request, url, headers, defaults)

    def _left(self, deadline: float) -> float:
        """Seconds until a deadline, at least a hair: 0 would mean "do not block" to a socket."""
        return max(0.001, deadline - self._session.clock())

    def _message(
        self, library: ModuleType, attempt: Attempt, timeouts: Mapping[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        """Make the library's request, and the options to send it with.

        Not through `client.build_request`: that would add the client's own cookies, parameters and base URL. A host's
        `auth` on its client is used towards trusted origins only. Raises `Uncarried` when the library refuses.
        """
        try:
            message = library.Request(
                attempt.method,
                attempt.url,
                headers=attempt.headers,
                content=attempt.content,
                extensions={"timeout": timeouts},
            )
        except (library.InvalidURL, ValueError, TypeError):
            raise Uncarried from None
        options: dict[str, Any] = {"stream": True, "follow_redirects": False}
        if not (attempt.trusted or self._ours):
            options["auth"] = None
        return message, options

    def _body(self, attempt: Attempt, headers: Headers) -> Body:
        """Prepare to read the body that these headers announce. Raises `BadBody` at once when it is too large."""
        announced = "" if attempt.method == "HEAD" else headers.get("content-length", "")
        return Body(self.limits.max_response, headers.get("content-encoding", ""), announced)


def headers_of(foreign: Any) -> Headers:
    """Read the header fields of a library's response, or of our own client's."""
    found = foreign.headers
    if isinstance(found, Headers):
        return found
    return Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in found.raw])


def answer(status: int, headers: Headers, content: bytes) -> Response:
    """Make our answer. Fields that describe the packing are left out where the body has been unpacked."""
    if "content-encoding" in headers:
        headers = Headers([(k, v) for k, v in headers.items_with_repeats() if k.lower() not in _PACKING])
    return Response(status, headers, content)
