"""Origins: where a URL leads, read so strictly that no two readers can disagree about it."""

from __future__ import annotations

import re
from typing import NamedTuple

from anyerp.errors import ConfigError

_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?(?=[/?#]|\Z)", re.IGNORECASE)


class Origin(NamedTuple):
    """Scheme, host and port: the unit of trust for credentials and cookies."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """Host and port as the field Host has them: without the port that the scheme implies."""
        return self.host if self.port == _PORTS[self.scheme] else self.place

    @property
    def place(self) -> str:
        """Host and port as errors name them."""
        return f"{self.host}:{self.port}"


def split(url: str) -> tuple[Origin, str]:
    """Split a URL into its origin and the rest, without the fragment.

    Raises `ConfigError` for anything but plain http(s): user names and passwords, spaces, backslashes, escapes or
    letters beyond ASCII in the host. Libraries differ in how they read those, and the difference is how credentials
    get lost. The message does not repeat the URL.
    """
    found = _AUTHORITY.match(url)
    if found is None:
        raise ConfigError(
            "a URL is not one that can be called",
            hint="Write https://host[:port]/path: no user or password in it, and an international name as xn--….",
        )
    scheme = found[1].lower()
    port = int(found[3]) if found[3] else _PORTS[scheme]
    return Origin(scheme, found[2].lower(), port), url[found.end() :].partition("#")[0] or "/"


def redacted(target: str) -> tuple[str, tuple[str, ...]]:
    """Split a path with query into the path and the names of its parameters; their values are left out."""
    path, _, query = target.partition("?")
    return path, tuple(part.partition("=")[0] for part in query.split("&") if "=" in part)
