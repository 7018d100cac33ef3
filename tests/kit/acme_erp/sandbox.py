"""A fake Acme: tables of JSON records, sessions, revisions, columns of fixed width."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from anyerp.kits.auth import basic
from anyerp.testing.sandbox import Call, Fault, through_faults
from anyerp.wire import Headers, InvalidJson, Response, dump_json, load_json

#: The width of every text column; what is longer is refused.
WIDTHS = {
    "TheirRef": 20, "OurRef": 24, "Notes": 83, "ShipName": 40, "ShipStreet1": 30, "ShipStreet2": 30, "ShipCity": 40,
    "ShipZip": 10, "ShipCountry": 2, "Currency": 3, "Name": 60, "Text": 40, "Item": 18,
}  # fmt: skip


class Denied(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status, self.body = status, {"error": {"code": code, "message": message, "field": field}}


class Grant(Denied):
    """A code or a refresh token that is good for nothing."""

    def __init__(self) -> None:
        super().__init__(400, "grant", "over")
        self.body = {"error": "invalid_grant"}


class AcmeSandbox:
    """A small Acme with eleven orders and four vendors."""

    def __init__(self) -> None:
        self.credentials: Mapping[str, Any] = {"user": "robot", "password": "pa55-w0rd/of+acme"}
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.tables: dict[str, dict[str, dict[str, Any]]] = {"orders": {}, "vendors": {}}
        self.logins = 0
        self._tokens: set[str] = set()
        self._client: tuple[str, str, str] = ("", "", "")
        self._codes: dict[str, str] = {}
        self._lock = threading.RLock()
        for number in range(4):
            self.insert("vendors", {"Name": f"Vendor {number}", "Currency": "EUR", "Rating": 5, "Tags": {"z": [1, 2]}})
        for number in range(11):
            self.insert("orders", _order(number))

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """Give the settings for this sandbox at an address."""
        return {"base_url": base_url}

    def expire_sessions(self) -> None:
        """End every session."""
        self._tokens.clear()

    def consenting(self, redirect_uri: str) -> Mapping[str, Any]:
        """Credentials of a client that leads back there; its users agree at once."""
        self._client = ("acme-client", "cl1ent-s3cret/of+acme", redirect_uri)
        return {"client_id": self._client[0], "client_secret": self._client[1]}

    def handle(self, call: Call) -> Response:
        """Answer one call, faults included."""
        self.calls.append(call)
        return through_faults(self.faults, call, lambda: self._answer(call))

    def _answer(self, call: Call) -> Response:
        with self._lock:
            if urlsplit(call.target).path == "/authorize":
                return self._agreed(dict(parse_qsl(urlsplit(call.target).query)))
            try:
                status, body = 200, self._served(call)
            except Denied as denied:
                status, body = denied.status, denied.body
            return Response(status, Headers({"content-type": "application/json"}), dump_json(body))

    def _served(self, call: Call) -> Any:
        parts = urlsplit(call.target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path.strip("/")
        if path == "login":
            return self._login(self._body(call))
        if path == "token":
            return self._granted(call)
        if call.headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens:
            raise Denied(401, "session", "the session has ended")
        if path not in self.tables:
            raise Denied(404, "path", "no such table")
        if call.method == "GET":
            return self.read(path, query)
        if call.method == "POST":
            return self.insert(path, self._body(call))
        return self.change(path, self._found(path, query), self._body(call), call)

    def _login(self, body: dict[str, Any]) -> Any:
        if body != self.credentials:
            raise Denied(401, "login", "user or password is wrong")
        self.logins += 1
        token = f"session-token-{self.logins}"
        self._tokens.add(token)
        return {"token": token}

    def _agreed(self, query: Mapping[str, str]) -> Response:
        """The user's consent, by a code for the challenge."""
        client, _, back = self._client
        if (query.get("client_id"), query.get("redirect_uri")) != (client, back):
            return Response(400)
        code = f"code-{len(self._codes)}-of-acme"
        self._codes[code] = query.get("code_challenge", "")
        return Response(302, Headers({"Location": f"{back}?{urlencode({'state': query['state'], 'code': code})}"}))

    def _granted(self, call: Call) -> Any:
        form = dict(parse_qsl(call.content.decode()))
        if call.headers.get("authorization") != basic(*self._client[:2]):
            raise Denied(401, "invalid_client", "who is that?")
        if form["grant_type"] == "authorization_code":
            proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if self._codes.pop(form["code"], None) != base64.urlsafe_b64encode(proof).rstrip(b"=").decode():
                raise Grant
        elif form.get("refresh_token") != "refresh-token-of-acme":
            raise Grant
        token = f"consented-token-{self.logins}"
        self._tokens.add(token)
        return {"access_token": token, "expires_in": 3600, "refresh_token": "refresh-token-of-acme"}

    @staticmethod
    def _body(call: Call) -> dict[str, Any]:
        try:
            found = load_json(call.content)
        except InvalidJson:
            found = None
        if not isinstance(found, dict):
            raise Denied(400, "json", "no object")
        return found

    def _found(self, table: str, query: Mapping[str, str]) -> dict[str, Any]:
        found = self.tables[table].get(query.get("id", ""))
        if found is None:
            raise Denied(404, "record", "no such record")
        return found

    def read(self, table: str, query: Mapping[str, str]) -> Any:
        """One record, those with a reference, or a page."""
        if "id" in query:
            return self._found(table, query)
        rows = [row for _, row in sorted(self.tables[table].items())]
        if "ref" in query:
            return {"data": [row for row in rows if row.get("OurRef") == query["ref"]]}
        behind = [row for row in rows if row["Key"] > query.get("after", "")]
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 100))
        return {"data": behind[offset : offset + limit]}

    def insert(self, table: str, body: dict[str, Any]) -> dict[str, Any]:
        """Take a new record. Keys are scattered, as where several servers give them."""
        self.fitted(table, body)
        key = f"{(len(self.tables[table]) * 637 + 11) % 1000:03d}{len(self.tables[table]):05d}"
        row = {**body, "Key": key, "State": "N", **_stamp(1)}
        row["Items"] = sorted(row.get("Items") or [], key=lambda line: line["No"])
        self.tables[table][key] = row
        return row

    def change(self, table: str, row: dict[str, Any], body: dict[str, Any], call: Call) -> dict[str, Any]:
        """Change a record, if its revision is still the one that the caller knows; PUT replaces it whole."""
        if "if-match" in call.headers and call.headers["if-match"] != row["Rev"]:
            raise Denied(412, "revision", "somebody else changed the record")
        self.fitted(table, body)
        if call.method == "PUT":
            kept = {name: row[name] for name in ("Key", "State", "Items") if name in row}
            row.clear()
            row.update(kept)
        items = {line["No"]: line for line in row.get("Items", ())}
        for line in body.pop("Items", ()):
            items[line["No"]] = {**items.get(line["No"], {}), **line}
        for number in body.pop("ItemsRemoved", ()):
            items.pop(number, None)
        body.pop("Rev", None)
        revision = int(str(row.get("Rev", "r0"))[1:]) + 1
        row.update(body, Items=[items[number] for number in sorted(items)], **_stamp(revision))
        return row

    def fitted(self, table: str, body: dict[str, Any]) -> None:
        """Refuse what the columns cannot hold."""
        for row in (body, *body.get("Items", ())):
            for name, width in WIDTHS.items():
                if len(row.get(name) or "") > width:
                    raise Denied(422, "width", f"{name} holds {width} characters", name)


def _stamp(revision: int) -> dict[str, Any]:
    return {"Rev": f"r{revision}", "Changed": datetime.now(UTC).isoformat(timespec="milliseconds")}


def _order(number: int) -> dict[str, Any]:
    items = [
        {"No": (line + 1) * 10, "Item": f"M-{line}", "Text": f"Thing {line}", "Qty": line + 1, "Unit": "PCS",
         "Price": 9, "Colour": f"blue {line}"}
        for line in range(number % 3 + 1)
    ]  # fmt: skip
    return {
        "Vendor": "V1", "TheirRef": f"Q-{number}", "Date": "2025-03-01", "Currency": "EUR", "Notes": "Ring twice",
        "Rate": 1, "ShipName": "Acme yard", "ShipStreet1": "Long Road 1", "ShipStreet2": "Hall 7", "ShipCity": "Kiel",
        "ShipZip": "24103", "ShipCountry": "DE", "Approver": "M. Miller", "Custom": {"Project": "P9"}, "Items": items,
    }  # fmt: skip
