"""The version of a document of header and lines (dynamics sheet §1.6)."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from anyerp.lens import Derived, text

ETAG = "@odata.etag"


def digest(etags: Iterable[str]) -> str:
    """The etags of several rows as one, in whatever order the rows came."""
    return sha256(" ".join(sorted(etags)).encode()).hexdigest()[:32]


def _version(own: str | None, lines: list[str | None]) -> str | None:
    seen = [etag for etag in (own, *lines) if etag]
    return digest(seen) if seen else None


def version(lines_at: str) -> Derived:
    """Made of the etags of the header and of all lines: another's change of a line does not move the header's own."""
    return Derived("version", _version, native=((ETAG, text()), (f"{lines_at}/*/{ETAG}", text())))
