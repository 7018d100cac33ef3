"""Talking to Tryton with the standard library alone: enough for seeding and for tests, no connector.

It is kept apart from the connector on purpose, so that the harness proves the wire by itself (wire.md §1-§3).
"""

import base64
import datetime as dt
import gzip
import itertools
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# A live server is on loopback only: a proxy named in the environment must not see its passwords.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RpcError(Exception):
    """Tryton answered, and the answer is a refusal.

    `status` is the HTTP status; `error` is the JSON `error` member (`["UserError", [...]]`), None when the
    refusal is an HTTP status with no JSON behind it.
    """

    def __init__(self, method: str, status: int, error: Any, text: str) -> None:
        super().__init__(f"{method}: HTTP {status}, {json.dumps(error) if error else text[:300]}")
        self.method = method
        self.status = status
        self.error = error

    @property
    def kind(self) -> str:
        """Tryton's own name of the refusal (`UserError`), or an empty string."""
        return str(self.error[0]) if self.error else ""


class Rpc:
    """One logged-in user of one database."""

    def __init__(self, base_url: str, database: str, login: str, password: str, *, timeout: float = 60) -> None:
        self._url = f"{base_url}/{database}/rpc/"
        self._ids = itertools.count(1)
        self._timeout = timeout
        self._authorization = ""
        self.context: dict[str, Any] = {}
        self.user_id, token, _bus = self._send("common.db.login", [login, {"password": password}])
        self._authorization = "Session " + base64.b64encode(f"{login}:{self.user_id}:{token}".encode()).decode()
        self.refresh()

    def refresh(self) -> None:
        """Fetch the preferences again: they name the company, and are the context of every later call."""
        self.context = self._send("model.res.user.get_preferences", [True, {}])

    def call(self, method: str, *params: Any, context: Mapping[str, Any] | None = None) -> Any:
        """Call `model.NAME.METHOD` or `wizard.NAME.METHOD`; the context goes last by itself."""
        return self._send(method, [*params, {**self.context, **(context or {})}])

    def ids(self, model: str, domain: list[Any], order: list[Any] | None = None) -> list[int]:
        """Ids of the records in `domain`, in `order` (default: by id)."""
        found: list[int] = self.call(f"model.{model}.search", domain, 0, None, order or [["id", "ASC"]])
        return found

    def one(self, model: str, domain: list[Any]) -> int:
        """Id of the only record in `domain`; LookupError when there is none or more than one."""
        found = self.ids(model, domain)
        if len(found) != 1:
            raise LookupError(f"{model} {domain}: {len(found)} records, one expected")
        return found[0]

    def read(self, model: str, ids: list[int], *fields: str) -> list[dict[str, Any]]:
        """Read records in the order of `ids`; dotted fields arrive nested under `name.`."""
        rows = {row["id"]: row for row in self.call(f"model.{model}.read", ids, list(fields))}
        return [rows[id_] for id_ in ids]

    def create(self, model: str, *values: Mapping[str, Any]) -> list[int]:
        """Create records in one transaction; their ids in order."""
        created: list[int] = self.call(f"model.{model}.create", list(values))
        return created

    def write(self, model: str, ids: list[int], values: Mapping[str, Any]) -> None:
        """Give all of `ids` the same values."""
        self.call(f"model.{model}.write", ids, values)

    def click(self, model: str, button: str, ids: list[int]) -> Any:
        """Press a button (a workflow step) on all of `ids` at once."""
        return self.call(f"model.{model}.{button}", ids)

    def _send(self, method: str, params: list[Any]) -> Any:
        body = json.dumps({"id": next(self._ids), "method": method, "params": params}, default=_encode)
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        if self._authorization:
            headers["Authorization"] = self._authorization
        request = urllib.request.Request(self._url, body.encode(), headers)  # noqa: S310 - http on loopback
        try:
            with _OPENER.open(request, timeout=self._timeout) as response:
                status, answer, coding = response.status, response.read(), response.headers.get("Content-Encoding")
        except urllib.error.HTTPError as refusal:
            with refusal:
                status, answer, coding = refusal.code, refusal.read(), refusal.headers.get("Content-Encoding")
        text = (gzip.decompress(answer) if coding == "gzip" else answer).decode()
        if status != 200:
            raise RpcError(method, status, None, text)
        document = json.loads(text, object_hook=_decode)
        if "error" in document:
            raise RpcError(method, status, document["error"], text)
        return document["result"]


def _encode(value: Any) -> Any:
    """Tryton's spelling of what JSON lacks (wire.md §3)."""
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    raise TypeError(f"no Tryton spelling for {type(value).__name__}")


def _decode(value: dict[str, Any]) -> Any:
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return dt.date(value["year"], value["month"], value["day"])
        case "datetime":
            parts = [value[name] for name in ("year", "month", "day", "hour", "minute", "second", "microsecond")]
            return dt.datetime(*parts).replace(tzinfo=dt.UTC)  # noqa: DTZ001 - naive on the wire, and UTC
        case _:
            return value
