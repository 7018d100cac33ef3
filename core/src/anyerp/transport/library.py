"""The HTTP libraries: which one a host's client is made by, and the client we make ourselves.

httpx2 and httpx have the same names and no common base, so a client is known by the module of its class. Nothing is
imported here before a client is needed.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from anyerp.errors import ConfigError
from anyerp.transport.limits import Limits

_KNOWN = ("httpx2", "httpx")


def of_client(client: object, wanted: str) -> ModuleType:
    """Give the library of a host's client. Raises `ConfigError` when it is not a `wanted` (`Client`, `AsyncClient`)."""
    for cls in type(client).__mro__:
        root = cls.__module__.partition(".")[0]
        if root in _KNOWN and cls.__name__ == wanted:
            return sys.modules[root]
        if root in _KNOWN and cls.__name__ in ("Client", "AsyncClient"):
            raise ConfigError(
                f"{root}.{cls.__name__} was given where a {wanted} is needed",
                hint="A Client belongs to anyerp.connect, an AsyncClient to anyerp.aconnect.",
            )
    kind = type(client)
    raise ConfigError(
        f"{kind.__module__}.{kind.__qualname__} cannot carry requests",
        hint=f"Give an httpx2.{wanted} or httpx.{wanted}, or none: then anyerp makes its own.",
    )


def make_client(kind: str, limits: Limits) -> tuple[Any, ModuleType | None]:
    """Our own client and its library: HTTP/1.1 kept alive, proxies from the environment, the system's trust store.

    HTTP/2 costs two to three times the CPU of HTTP/1.1 here (measured). The number of connections is not bounded by
    the client, since the places in flight bound it. Where no proxy is set, a `Client` is our leaner `Lines` without a
    library (ADR 0016). Raises `ConfigError` when the environment does not permit one.
    """
    from urllib.request import getproxies  # noqa: PLC0415

    if kind == "Client" and not {"http", "https", "all"} & getproxies().keys():
        from anyerp.transport.lines import Lines  # noqa: PLC0415

        return Lines(limits.max_in_flight, limits.max_response), None
    import httpx2  # noqa: PLC0415

    pool = httpx2.Limits(max_connections=None, max_keepalive_connections=limits.max_in_flight)
    try:
        client: Any = getattr(httpx2, kind)(limits=pool, follow_redirects=False, timeout=limits.read)
    except Exception as error:  # noqa: BLE001  (its text may hold a proxy's password)
        trouble = type(error).__name__
    else:
        return client, httpx2
    raise ConfigError(
        f"the HTTP client cannot be made ({trouble})",
        hint="Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and SSL_CERT_FILE (a socks proxy needs httpx2[socks]).",
    )
