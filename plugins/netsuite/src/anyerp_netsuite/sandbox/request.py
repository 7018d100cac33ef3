"""One call as handlers see it: path, query, preferences, where links point, who asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json, load_json

from anyerp_netsuite.sandbox.problem import Detail, Problem, bad_request

RECORDS = "/services/rest/record/v1"
SUITEQL = "/services/rest/query/v1/suiteql"
JOBS = "/services/rest/async/v1/job"
TOKEN = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - a path
AUTHORIZE = "/app/login/oauth2/authorize.nl"
GOVERNANCE = "/services/rest/system/v1/governanceLimits"
RESOURCE = "application/vnd.oracle.resource+json"
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[::1\])(:\d{1,5})?")
_PORT = re.compile(r":\d+$")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Ask:
    """A call, taken apart. `origin` is scheme and host as the caller spelt them."""

    call: Call
    origin: str
    #: The version that the addressed record had when the call came in: someone may save it meanwhile.
    seen: int | None = None

    @cached_property
    def path(self) -> str:
        """The decoded path."""
        return unquote(urlsplit(self.call.target).path)

    @cached_property
    def raw_query(self) -> str:
        """The query as sent."""
        return urlsplit(self.call.target).query

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query's parameters; of a repeated one, the last."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def method(self) -> str:
        """GET, POST, ..."""
        return self.call.method

    def header(self, name: str) -> str:
        """A header's value, or nothing."""
        return self.call.headers.get(name, "")

    @cached_property
    def preferences(self) -> set[str]:
        """The `Prefer` header, lower-case, split at commas."""
        return {one.strip().lower() for one in self.header("prefer").split(",") if one.strip()}

    def flag(self, name: str) -> bool:
        """A true/false query parameter. Raises `Problem`."""
        value = self.query.get(name, "false").lower()
        if value not in ("true", "false"):
            raise bad_request(f"Invalid value '{value}' for the parameter {name}.", "INVALID_PARAMETER", query=name)
        return value == "true"

    def body(self) -> Any:
        """The JSON body. Raises `Problem` for another media type or what is no JSON."""
        if self.media_type not in ("application/json", RESOURCE):
            text = f"Unsupported media type '{self.media_type}'."
            raise Problem(415, (Detail(text, "INVALID_REQUEST", header="Content-Type"),))
        try:
            return load_json(self.call.content)
        except ValueError:
            raise bad_request("The request body is not valid JSON.", "INVALID_CONTENT") from None

    @cached_property
    def media_type(self) -> str:
        """The body's media type without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def is_collection(self) -> bool:
        """Whether the body is a batch: `type=collection` (netsuite sheet §3)."""
        return "type=collection" in self.header("content-type").replace(" ", "").lower()


def origin_of(call: Call, host: str) -> str:
    """Scheme and host that links repeat: plain HTTP on loopback, HTTPS elsewhere; `host` when the call names none."""
    named = call.headers.get("host", "")
    if not _HOST.fullmatch(named):
        named = host
    bare = named.rpartition(":")[0] if _PORT.search(named) else named
    return f"{'http' if bare in _LOOPBACK else 'https'}://{named}"


def answered(body: Any, *, kind: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer; `kind` is the media type's `type` parameter (singular, collection)."""
    media = f"{RESOURCE}; type={kind}" if kind else "application/json"
    return Response(status, Headers({"Content-Type": media, **(headers or {})}), dump_json(body))


def done(location: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """A 204, with where the record is."""
    return Response(204, Headers({**({"Location": location} if location else {}), **(headers or {})}))


@dataclass
class Warnings:
    """What a call dropped, for the headers of its answer (netsuite sheet §3)."""

    dropped: list[str] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        """No header when nothing was dropped."""
        text = " ".join(self.dropped)
        return {"X-NetSuite-PropertyValidation": text, "X-NetSuite-Warning": text} if text else {}
