"""Silence: the HTTP libraries log URLs with their queries, and cookies; during our own requests they do not.

httpx and httpx2 write each URL at INFO; httpcore and httpcore2 write response headers (`Set-Cookie`) at DEBUG, and
hpack, under HTTP/2, every header. A filter on those loggers drops what they say while a transport of ours is at work
in the same thread or task. What a host sends itself with the same library is logged as ever.

What remains for clients that the host supplies: its own event hooks, its own transports and its own proxies see the
requests as they are, and what those log is the host's affair.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar

_LOGGERS = (
    "httpx",
    "httpx2",
    *(
        f"{core}.{part}"
        for core in ("httpcore", "httpcore2")
        for part in ("connection", "http11", "http2", "proxy", "socks")
    ),
    "hpack.hpack",
    "hpack.table",
)

#: True while a transport of ours is at work. Set and reset around each attempt.
at_work: ContextVar[bool] = ContextVar("anyerp_transport_at_work", default=False)


class _Silence(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        """Pass only what does not come from our own requests."""
        return not at_work.get()


_silence = _Silence()


def install() -> None:
    """Put the filter on the libraries' loggers; doing it again changes nothing."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_silence)
