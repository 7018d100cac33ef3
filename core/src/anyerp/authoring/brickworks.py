"""Brickworks: a fictional ERP with a JSON API, for those who learn to write a connector. The docs describe it.

    python -m anyerp.authoring.brickworks --port 8042

It keeps suppliers and orders in memory, asks for a token, pages by cursor, and refuses in two shapes.
"""

from __future__ import annotations

import argparse
import base64
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from anyerp.authoring.brickworks_schema import OPENAPI
from anyerp.testing.sandbox import Call, Fault, serve, through_faults
from anyerp.wire import Headers, InvalidJson, Response, dump_json, load_json

#: The width of every text, by table and field.
WIDTHS = {
    "suppliers": {"supplier_name": 40, "vat_no": 20, "mail": 1000, "our_ref": 24},
    "orders": {"remarks": 200, "our_ref": 24},
    "address": {"street": 40, "town": 30, "zip": 10, "country": 2},
    "lines": {"article": 20, "text": 60, "unit": 3},
}
STATES = {"suppliers": ("ACTIVE", "BLOCKED"), "orders": ("DRAFT", "SENT", "CLOSED", "CANCELLED")}
MOST = 50
MAIL = 80
_FIXED = ("id", "revision", "changed", "total")


class Refusal(Exception):
    """An answer other than success, in one of the two shapes."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        fault = {"code": code, "message": message}
        self.status = status
        self.body = {"error": fault} if field is None else {"errors": [{"field": field, **fault}]}


class Brickworks:
    """The ERP: nine suppliers, eleven orders, one client that may log on."""

    def __init__(self) -> None:
        self.credentials: Mapping[str, Any] = {"client_id": "brick-client", "client_secret": "s3cret/of+brickworks"}
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.tables: dict[str, dict[str, dict[str, Any]]] = {"suppliers": {}, "orders": {}}
        self._tokens: set[str] = set()
        self._issued = 0
        self._lock = threading.RLock()
        for number in range(1, 10):
            self._insert("suppliers", _supplier(number))
        for number in range(1, 12):
            self._insert("orders", _order(number))

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """Give the settings of a connection to this server."""
        return {"base_url": base_url}

    def expire_sessions(self) -> None:
        """Make every token that was given out expire."""
        self._tokens.clear()

    def handle(self, call: Call) -> Response:
        """Answer one call, faults included."""
        self.calls.append(call)
        return through_faults(self.faults, call, lambda: self._answer(call))

    def _answer(self, call: Call) -> Response:
        with self._lock:
            try:
                status, body = self._served(call)
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
        return Response(status, Headers({"content-type": "application/json"}), dump_json(body))

    def _served(self, call: Call) -> tuple[int, Any]:
        parts = urlsplit(call.target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = [unquote(step) for step in parts.path.strip("/").split("/")]
        if path == ["openapi.json"]:
            return 200, OPENAPI
        if path == ["oauth", "token"]:
            return self._token(call)
        if call.headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens:
            raise Refusal(401, "TOKEN", "the token is missing, unknown or has expired")
        match call.method, path:
            case "GET", ["v1", ("suppliers" | "orders") as table]:
                return 200, self._list(table, query)
            case "POST", ["v1", ("suppliers" | "orders") as table]:
                return 201, self._insert(table, _body(call))
            case "GET", ["v1", ("suppliers" | "orders") as table, key]:
                return 200, self._record(table, key)
            case "PATCH", ["v1", ("suppliers" | "orders") as table, key]:
                return 200, self._change(table, self._record(table, key), _body(call), call.headers.get("if-match"))
            case "POST", ["v1", "orders", key, "cancel"]:
                order = self._record("orders", key)
                return 200, self._change("orders", order, {"state": "CANCELLED"}, call.headers.get("if-match"))
            case _:
                raise Refusal(404, "PATH", "there is no such address")

    def _token(self, call: Call) -> tuple[int, Any]:
        pair = f"{self.credentials['client_id']}:{self.credentials['client_secret']}"
        known = call.headers.get("authorization") == "Basic " + base64.b64encode(pair.encode()).decode()
        if not known or b"grant_type=client_credentials" not in call.content:
            return 401, {"error": "invalid_client", "error_description": "client id or secret is wrong"}
        self._issued += 1
        token = f"brick-token-{self._issued:04d}-of-brickworks"
        self._tokens.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 900}

    def _list(self, table: str, query: Mapping[str, str]) -> Any:
        limit = query.get("limit", "20")
        if not limit.isdecimal() or not 1 <= int(limit) <= MOST:
            raise Refusal(400, "LIMIT", f"limit is 1 to {MOST}")
        rows = [row for key, row in sorted(self.tables[table].items()) if key > query.get("cursor", "")]
        for name in ("our_ref", "supplier"):
            rows = [row for row in rows if name not in query or row.get(name) == query[name]]
        if "changed_since" in query:
            rows = [row for row in rows if row["changed"] >= query["changed_since"]]
        page = rows[: int(limit)]
        return {"items": page, "next": page[-1]["id"] if len(rows) > len(page) else None}

    def _record(self, table: str, key: str) -> dict[str, Any]:
        if key not in self.tables[table]:
            raise Refusal(404, "RECORD", "there is no such record")
        return self.tables[table][key]

    def _insert(self, table: str, body: dict[str, Any]) -> dict[str, Any]:
        self._looked_at(table, body)
        prefix = {"suppliers": "S", "orders": "PO"}[table]
        key = f"{prefix}-{len(self.tables[table]) + 1:05d}"
        fresh = {"state": STATES[table][0], **{name: value for name, value in body.items() if name not in _FIXED}}
        row = {"id": key, **fresh, "revision": "r1", "changed": _now()}
        self._settle(table, row)
        self.tables[table][key] = row
        return row

    def _change(self, table: str, row: dict[str, Any], body: dict[str, Any], revision: str | None) -> dict[str, Any]:
        if revision is not None and revision != row["revision"]:
            raise Refusal(412, "REVISION", "somebody else has changed the record")
        self._looked_at(table, body)
        body = {name: value for name, value in body.items() if name not in _FIXED}
        if "address" in body:
            body["address"] = {**(row.get("address") or {}), **(body["address"] or {})}
        if table == "orders":
            lines = {line["no"]: line for line in row["lines"]}
            for line in body.pop("lines", ()):
                lines[line["no"]] = {**lines.get(line["no"], {}), **line}
            for number in body.pop("remove_lines", ()):
                lines.pop(number, None)
            row["lines"] = list(lines.values())
        row.update(body, revision=f"r{int(row['revision'][1:]) + 1}", changed=_now())
        self._settle(table, row)
        return row

    @staticmethod
    def _settle(table: str, row: dict[str, Any]) -> None:
        if row.get("mail"):
            row["mail"] = row["mail"][:MAIL]  # cut without a word, as many an ERP does
        if table == "orders":
            row["lines"] = sorted(row.get("lines") or [], key=lambda line: line["no"])
            row["total"] = sum(
                (Decimal(line.get("qty") or 0) * Decimal(line.get("price") or 0) for line in row["lines"]), Decimal(0)
            )

    def _looked_at(self, table: str, body: dict[str, Any]) -> None:
        """Refuse what the columns cannot hold."""
        _fitting(WIDTHS[table], body, "")
        if body.get("state") not in (None, *STATES[table]):
            raise Refusal(422, "STATE", f"state is one of {', '.join(STATES[table])}", "state")
        if not isinstance(body.get("address") or {}, dict):
            raise Refusal(422, "FORM", "an address is an object", "address")
        _fitting(WIDTHS["address"], body.get("address") or {}, "address.")
        if body.get("supplier") is not None and body["supplier"] not in self.tables["suppliers"]:
            raise Refusal(422, "SUPPLIER", "there is no such supplier", "supplier")
        if body.get("date") is not None:
            try:
                date.fromisoformat(body["date"])
            except (TypeError, ValueError):
                raise Refusal(422, "DATE", "a date is written 2026-01-31", "date") from None
        for line in body.get("lines") or ():
            if not isinstance(line, dict) or not isinstance(line.get("no"), int) or not 1 <= line["no"] <= 9999:
                raise Refusal(422, "LINE", "a line has a number from 1 to 9999", "lines.no")
            _fitting(WIDTHS["lines"], line, "lines.")
            for name, places in (("qty", 3), ("price", 2)):
                _exact(line.get(name), places, f"lines.{name}")


def _fitting(widths: Mapping[str, int], part: Mapping[str, Any], prefix: str) -> None:
    for name, width in widths.items():
        value = part.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > width):
            raise Refusal(422, "TOO_LONG", f"{prefix}{name} is text of at most {width} characters", f"{prefix}{name}")


def _exact(value: Any, places: int, field: str) -> None:
    if value is None:
        return
    whole = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if not whole or abs(value) >= 10**9 or Decimal(value) != round(Decimal(value), places):
        raise Refusal(422, "NUMBER", f"{field} is a number with at most {places} decimal places", field)


def _body(call: Call) -> dict[str, Any]:
    try:
        found = load_json(call.content)
    except InvalidJson:
        found = None
    if not isinstance(found, dict):
        raise Refusal(400, "JSON", "the body is no JSON object")
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _supplier(number: int) -> dict[str, Any]:
    towns = ("Kiel", "Genova", "Porto")
    return {
        "supplier_name": f"Kiln {number} Bricks",
        "vat_no": f"DE{number:09d}",
        "state": "BLOCKED" if number == 4 else "ACTIVE",
        "currency": "EUR",
        "mail": f"sales@kiln{number}.example",
        "address": {
            "street": f"Clay Road {number}",
            "town": towns[number % 3],
            "zip": f"{24100 + number}",
            "country": "DE",
        },
        "our_ref": None,
        "tier": "gold",
    }


def _order(number: int) -> dict[str, Any]:
    return {
        "supplier": f"S-{number % 9 + 1:05d}",
        "state": "SENT" if number % 2 else "DRAFT",
        "date": f"2026-03-{number:02d}",
        "currency": "EUR",
        "our_ref": None,
        "remarks": "Deliver before noon",
        "site": {"gate": number},
        "lines": list(_lines(number)),
    }


def _lines(number: int) -> Iterator[dict[str, Any]]:
    for line in range(1, number % 3 + 2):
        yield {"no": line * 10, "article": f"BRK-{line}", "text": f"Brick {line}", "qty": Decimal(100 * line),
               "unit": "pc", "price": Decimal("0.85"), "glaze": "matt"}  # fmt: skip


def main() -> None:
    """Serve Brickworks on loopback until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m anyerp.authoring.brickworks", description="A fictional ERP.")
    parser.add_argument("--port", type=int, default=8042, help="the port on 127.0.0.1; 0 takes a free one")
    works = Brickworks()
    with serve(works, parser.parse_args().port) as url:
        secrets = " ".join(f"{name}={value}" for name, value in works.credentials.items())
        print(f"Brickworks at {url}; {secrets}; Ctrl-C stops it.", flush=True)  # noqa: T201 - a program of its own
        try:
            threading.Event().wait()
        except KeyboardInterrupt:  # the way to stop it
            return


if __name__ == "__main__":
    main()
