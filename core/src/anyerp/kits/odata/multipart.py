"""Reading multipart documents and the answers in them, each byte looked at as seldom as can be (sap sheet §9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from anyerp.connector import Headers, Response
from anyerp.errors import UnexpectedPayload

_BOUNDARY = re.compile(r'boundary="?([^";\s]+)"?', re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})")
_SET = re.compile(rb'\r\nContent-Type: multipart/mixed; boundary=([^";\s]+)(?:\r\nContent-Length: *[0-9]+)?')
_KIND = re.compile(rb"(?:\A|\r\n)[ \t]*content-type[ \t]*:([^\r\n]*)", re.IGNORECASE)


def answers(content_type: str, content: bytes) -> list[Response]:
    """The answers in a document, in their order; those of a set within it in its place.

    Raises `UnexpectedPayload` for what is no such document, or is cut off.
    """
    found: list[Response] = []
    for piece in _pieces(content_type, content):
        head, _, rest = piece.partition(b"\r\n\r\n")
        set_of_one = _SET.fullmatch(head)
        if set_of_one is not None and (only := _only(set_of_one[1], rest)) is not None:
            found.append(_answer(only))
            continue
        kind = _KIND.search(head) if b"multipart" in head.lower() else None
        inner = "" if kind is None else kind[1].strip().decode("latin-1")
        if inner[:15].lower() == "multipart/mixed":
            found += answers(inner, rest)
        else:
            found.append(_answer(rest))
    return found


def _only(mark: bytes, content: bytes) -> bytes | None:
    """The one answer of a set, as nearly all sets have; None where there may be more to it."""
    line = b"\r\n--" + mark
    end = content.find(line)
    behind = content[end + len(line) : end + len(line) + 4]
    if end < 0 or behind not in (b"--\r\n", b"--") or content[: len(line)] != line[2:] + b"\r\n":
        return None
    head, _, rest = content[len(line) - 2 : end].partition(b"\r\n\r\n")
    return None if b"multipart" in head.lower() else rest


def _pieces(content_type: str, content: bytes) -> Iterable[bytes]:
    """What stands between the boundaries. One that only begins like a boundary is text."""
    mark = _BOUNDARY.search(content_type)
    if mark is None:
        raise UnexpectedPayload("the answer to a batch is no multipart document")
    line = b"\r\n--" + mark[1].encode("latin-1")
    found: list[bytes] = []
    begun = False
    for piece in (b"\r\n" + content).split(line)[1:]:
        if piece[:2] != b"\r\n":
            tail = piece.partition(b"\r\n")[0]
            last = tail[:2] == b"--"
            if (tail[2:] if last else tail).strip(b" \t"):
                if begun:
                    found[-1] += line + piece
                continue
            if last:
                return found
        found.append(piece)
        begun = True
    raise UnexpectedPayload("the answer to a batch is cut off")


def _answer(piece: bytes) -> Response:
    """One embedded answer. Its body ends where the part does, whatever its length says."""
    head, _, body = piece.lstrip(b"\r\n").partition(b"\r\n\r\n")
    status = _STATUS.match(head)
    if status is None:
        raise UnexpectedPayload("an answer within a batch has no status")
    return Response(int(status[1]), Fields(head), body.rstrip(b"\r\n"))


class Fields(Headers):
    """The header fields of an embedded answer, taken apart only for those who ask for one that is there."""

    __slots__ = ("_head",)

    def __init__(self, head: bytes) -> None:
        self._head = head

    @property
    def _items(self) -> tuple[tuple[str, str], ...]:  # type: ignore[override]
        return tuple(self._apart())

    def _apart(self) -> Iterator[tuple[str, str]]:
        for line in self._head.split(b"\r\n")[1:]:
            name, _, value = line.decode("utf-8", "replace").partition(":")
            yield name.strip(), value.strip()

    def get(self, name: str, default: Any = None) -> Any:
        """A field's value; without taking all apart where it is not there."""
        return super().get(name, default) if name.lower().encode() in self._head.lower() else default
