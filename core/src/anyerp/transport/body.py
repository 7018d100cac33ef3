"""The body of an answer: pieces in, decoded bytes out, never more than the cap."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zlib import _Decompress as _Unzip

_PIECE = 1024 * 1024
_GZIP = zlib.MAX_WBITS | 16


class BadBody(Exception):
    """The body passes the cap or cannot be decoded. The text is our own."""


class Body:
    """Collects one answer. `feed` takes raw pieces as they come off the wire, `whole` gives the decoded bytes.

    Decoding is done here and not in the HTTP library, because a library that decodes a whole piece at once has
    already spent the memory when we come to count. We ask for gzip only, so nothing else is understood.
    `coding` is the field Content-Encoding, `announced` Content-Length.
    """

    __slots__ = ("_cap", "_fed", "_pieces", "_size", "_unzip")

    def __init__(self, cap: int, coding: str = "", announced: str = "") -> None:
        self._cap = cap
        self._pieces: list[bytes] = []
        self._size = 0
        self._fed = False
        self._unzip: _Unzip | None = None
        match coding.strip().lower():
            case "" | "identity":
                if announced.isdecimal() and int(announced[:20]) > cap:
                    raise self._too_large()
            case "gzip" | "x-gzip":
                self._unzip = zlib.decompressobj(_GZIP)
            case _:
                raise BadBody("the answer is packed in a way that was not asked for")

    def feed(self, piece: bytes) -> None:
        """Take one raw piece. Raises `BadBody` at the first byte beyond the cap."""
        if self._unzip is None:
            self._keep(piece)
        else:
            self._inflate(self._unzip, piece)

    def whole(self) -> bytes:
        """Give the decoded body. Raises `BadBody` when a packed stream ends too early."""
        if self._unzip is not None and self._fed and not self._unzip.eof:
            raise BadBody("the packed answer ends too early")
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._cap:
            raise self._too_large()
        self._pieces.append(piece)

    def _inflate(self, unzip: _Unzip, piece: bytes) -> None:
        self._fed = True
        while piece:
            if unzip.eof:  # another member of the stream, or padding
                piece = piece.lstrip(b"\0")
                if not piece:
                    return
                unzip = self._unzip = zlib.decompressobj(_GZIP)
            try:
                out = unzip.decompress(piece, _PIECE)
            except zlib.error:
                raise BadBody("the packed answer is damaged") from None
            piece = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
            if out:
                self._keep(out)

    def _too_large(self) -> BadBody:
        self._pieces.clear()
        return BadBody(f"the answer is larger than {self._cap:,} bytes")
