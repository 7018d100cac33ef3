"""The SuiteQL service: `POST /query/v1/suiteql` (netsuite sheet §4)."""

from __future__ import annotations

from dataclasses import dataclass

from anyerp.wire import Response

from anyerp_netsuite.sandbox.auth.role import WORKBOOK, Role
from anyerp_netsuite.sandbox.paging import Page
from anyerp_netsuite.sandbox.problem import bad_request, no_such_method
from anyerp_netsuite.sandbox.request import SUITEQL, Ask, answered
from anyerp_netsuite.sandbox.sql.engine import Engine
from anyerp_netsuite.sandbox.sql.lexer import SqlError

_REFUSED = "Invalid search query. Detailed unprocessed description follows. Search error occurred: "


@dataclass
class SuiteQL:
    """Answers queries; `row_cap` is how far a query can be read by offset."""

    engine: Engine
    role: Role
    row_cap: int

    def answer(self, ask: Ask) -> Response:
        """One page. Raises `Problem`."""
        if ask.method != "POST":
            raise no_such_method(ask.method)
        if "transient" not in ask.preferences:
            raise bad_request("The header Prefer: transient is required.", "INVALID_REQUEST", header="Prefer")
        self.role.check(WORKBOOK)
        page = Page.asked(ask.query, self.row_cap)
        body = ask.body()
        text = body.get("q") if isinstance(body, dict) else None
        params = body.get("params", []) if isinstance(body, dict) else []
        if not isinstance(text, str) or not text.strip():
            raise bad_request("The query q is missing.", "INVALID_CONTENT", path="q")
        if not isinstance(params, list) or not all(isinstance(one, str | int) for one in params):
            raise bad_request("The params must be a list of plain values.", "INVALID_CONTENT", path="params")
        try:
            rows, total = self.engine.query(text, params, page.limit, page.offset)
        except SqlError as error:
            raise bad_request(f"{_REFUSED}{error}", "INVALID_PARAMETER") from None
        items = [{"links": [], **row} for row in rows]
        return answered(page.answer(items, total, f"{ask.origin}{SUITEQL}"), kind="collection")
