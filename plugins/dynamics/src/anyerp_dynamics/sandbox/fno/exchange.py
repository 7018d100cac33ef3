"""One exchange: a call of a known user, taken apart once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json

from ..odata import Format, pairs
from .identity import User


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call under `/data`: its user, its query as sent, the absolute service root, the JSON that the client wants."""

    call: Call
    user: User
    path: str
    query: str
    root: str
    format: Format

    @property
    def across(self) -> bool:
        """Whether the call looks across companies (`cross-company=true`, dynamics sheet §1.2)."""
        asked = dict(pairs(self.query)).get("cross-company", "")
        return asked.lower() == "true"

    def answer(self, status: int, body: Any, **headers: str) -> Response:
        """Give a JSON answer in the wanted format."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        fields = {"Content-Type": f"{self.format.media_type}; charset=utf-8", "OData-Version": "4.0", **named}
        return Response(status, Headers(fields), dump_json(body))
