"""Redirects: followed for reading and within one origin; anything else is an error that names both origins."""

from __future__ import annotations

from urllib.parse import urljoin

from anyerp.errors import AnyErpError, ConfigError, OutcomeUnknown
from anyerp.transport.origin import Origin, split
from anyerp.wire import Request, Response

MOST = 5
_STATUSES = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})


def is_redirect(request: Request, response: Response) -> bool:
    """Say whether an answer sends us elsewhere and the flow does not want to see that itself."""
    return response.status in _STATUSES and "location" in response.headers and response.status not in request.accept


def follow(request: Request, url: str, origin: Origin, response: Response, hops: int) -> str:
    """Give the URL to go to. Raises `ConfigError`, or `OutcomeUnknown` for a write that may have been done."""
    target, elsewhere = _destination(url, response.headers["location"])
    if request.writes:
        raise _refused_write(request.method, origin, elsewhere, response.status)
    if elsewhere != origin:
        raise ConfigError(
            f"{origin} redirects to {elsewhere or 'an address that cannot be called'}, "
            "and redirects are followed within one origin only",
            hint="If the ERP has moved, put its new address into the settings; if that is a login page, "
            "the ERP did not accept this kind of login.",
            status=response.status,
        )
    if request.method not in ("GET", "HEAD") and response.status not in _KEEP_METHOD:
        raise ConfigError(
            f"{origin} redirects a {request.method}, which would lose its body", status=response.status, hint=_PATH
        )
    if hops >= MOST:
        raise ConfigError(f"{origin} redirects more than {MOST} times", status=response.status, hint=_PATH)
    return target


def _destination(url: str, location: str) -> tuple[str, Origin | None]:
    try:
        target = urljoin(url, location)
        return target, split(target)[0]
    except (ValueError, ConfigError):
        return "", None


_PATH = "Check the base URL's path: a missing or a doubled part of it usually looks like this."


def _refused_write(method: str, origin: Origin, elsewhere: Origin | None, status: int) -> AnyErpError:
    words = f"{origin} answers a {method} by a redirect ({status}) to {elsewhere or 'an address that cannot be called'}"
    if status in (302, 303):  # "see the result there", as much as "log in first"
        return OutcomeUnknown(f"{words}: it may or may not have been done", status=status)
    return ConfigError(f"{words}, and writes are not sent on", status=status, hint=_PATH)
