"""The protocol versions: b1s/v2 speaks OData V4, b1s/v1 OData V3; names, dates and errors differ (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from anyerp.wire import Headers, Response, dump_json

from anyerp_sap.b1.sandbox.errors import Refused

JSON = "application/json;odata.metadata=minimal;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one version writes what both say."""

    version: str
    note: str
    context: str
    batch_status: int

    @property
    def modern(self) -> bool:
        """Whether this is v2."""
        return self.version == "v2"

    @property
    def path(self) -> str:
        """The root of the service on its host."""
        return f"/b1s/{self.version}"

    def date(self, value: date) -> str:
        """v2 writes a midnight with a Z that means nothing; v1 the day."""
        return f"{value.isoformat()}T00:00:00Z" if self.modern else value.isoformat()

    def next_link(self, entity_set: str, query: str) -> str:
        """Both are relative: v2 to the service root, v1 to the host."""
        return f"{entity_set}?{query}" if self.modern else f"{self.path}/{entity_set}?{query}"

    def count(self, total: int) -> int | str:
        """OData V3 writes the count as text."""
        return total if self.modern else str(total)

    def error(self, problem: Refused) -> Response:
        """An error. v2: code as text and a plain message, except for the session's: that is told the old way."""
        if problem.status == 204:
            return Response(204)
        body: Mapping[str, Any]
        if self.modern and problem.code != 301:
            body = {"code": str(problem.code), "message": problem.text}
        else:
            body = {"code": problem.code, "message": {"lang": "en-us", "value": problem.text}}
        return answer(problem.status, {"error": body})


def answer(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    fields = {"Content-Type": JSON, **(headers or {})}
    return Response(status, Headers(fields), dump_json(body))


V1 = Dialect("v1", "odata.", "odata.metadata", batch_status=202)
V2 = Dialect("v2", "@odata.", "@odata.context", batch_status=200)
DIALECTS = {dialect.version: dialect for dialect in (V1, V2)}
