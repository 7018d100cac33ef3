"""Cookies of the session: kept between the calls of one transport, each for the origin that set it.

Not the HTTP client's own jar: a host may share one client between two connections, and then one user's session would
speak for the other. SAP needs them (a CSRF token is good within its session only), and Business One's login is one.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from anyerp.transport.origin import Origin
from anyerp.wire import Headers, http_date


@dataclass(frozen=True, slots=True)
class _Cookie:
    name: str
    value: str
    path: str
    expires: float | None


class Cookies:
    """A small jar after RFC 6265, host-only and stricter: a cookie goes back to its very origin and nowhere else.

    `Domain` can therefore not widen anything and is not looked at; nor is `Secure`, since an origin has one scheme.
    """

    def __init__(self) -> None:
        self._kept: dict[Origin, dict[tuple[str, str], _Cookie]] = {}
        self._lock = threading.Lock()

    def keep(self, origin: Origin, target: str, headers: Headers) -> None:
        """Remember what the answer to a request for `target` sets, and forget what it ends."""
        for line in headers.all("set-cookie"):
            cookie = _parse(line, target)
            if cookie is None:
                continue
            with self._lock:
                jar = self._kept.setdefault(origin, {})
                jar.pop((cookie.name, cookie.path), None)
                if cookie.expires is None or cookie.expires > time.time():
                    jar[cookie.name, cookie.path] = cookie

    def header(self, origin: Origin, target: str, own: str = "") -> str:
        """Give the value of `Cookie` for a request; pairs in `own` (the flow's) win. Empty when there is none."""
        if origin not in self._kept:
            return own
        path = target.partition("?")[0]
        mine = {pair.partition("=")[0].strip() for pair in own.split(";")}
        with self._lock:
            fitting = [c for c in self._kept[origin].values() if c.name not in mine and _covers(c, path)]
        fitting.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join([*([own] if own else []), *(f"{c.name}={c.value}" for c in fitting)])

    def __repr__(self) -> str:
        return f"<Cookies of {', '.join(str(origin) for origin in self._kept) or 'nobody'}>"


def _covers(cookie: _Cookie, path: str) -> bool:
    if cookie.expires is not None and cookie.expires <= time.time():
        return False
    return path == cookie.path or path.startswith(cookie.path.rstrip("/") + "/")


def _parse(line: str, target: str) -> _Cookie | None:
    """Read one Set-Cookie line; None when it names nothing."""
    pair, _, rest = line.partition(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    if not name or not equals:
        return None
    attributes = {}
    for part in rest.split(";"):
        key, _, setting = part.partition("=")
        attributes[key.strip().lower()] = setting.strip()
    path = attributes.get("path", "")
    if not path.startswith("/"):
        path = target.partition("?")[0].rpartition("/")[0] or "/"
    return _Cookie(name, value, path, _expires(attributes))


def _expires(attributes: dict[str, str]) -> float | None:
    """Give the moment (Unix time) at which a cookie ends, None for never; Max-Age goes before Expires."""
    age = attributes.get("max-age", "")
    if age.removeprefix("-").isdecimal() and len(age) < 12:
        return time.time() + int(age) if not age.startswith("-") else 0.0
    if "expires" in attributes:
        return http_date(attributes["expires"])
    return None
