"""One exchange: what a request asks for besides its path, and the answer's dress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json

from ..odata import Format, ODataError, preferences, wanted_format


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call on one API: `root` is its absolute URL without a trailing slash, `query` as sent."""

    call: Call
    root: str
    query: str

    @property
    def prefer(self) -> dict[str, str]:
        """The preferences of the client."""
        return preferences(self.call.headers.get("prefer"))

    @property
    def format(self) -> Format:
        """The JSON that the client wants. Raises `media_type` (406)."""
        return wanted_format(self.call.headers.get("accept"))

    @property
    def page_size(self) -> int | None:
        """What `Prefer: odata.maxpagesize` asks for. Raises `syntax` when it is no number."""
        text = self.prefer.get("odata.maxpagesize", self.prefer.get("maxpagesize"))
        if text is None:
            return None
        if not text.isascii() or not text.isdigit() or text == "0":
            raise ODataError("syntax", f"The value '{text}' of odata.maxpagesize is not a positive number.")
        return int(text)

    def answer(self, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """Give a JSON answer."""
        base = {"Content-Type": self.format.media_type, "OData-Version": "4.0"}
        return Response(status, Headers({**base, **(headers or {})}), dump_json(body))


def empty(headers: Mapping[str, str] | None = None) -> Response:
    """Give an answer without a body."""
    return Response(204, Headers(headers or {}))
