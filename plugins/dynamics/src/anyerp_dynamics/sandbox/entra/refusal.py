"""Refusals of the token endpoint: AADSTS numbers with the OAuth error and status that come with them.

The dynamics sheet names the flow (§1.1) and not its errors: numbers and texts follow Microsoft's published list and
public reports. Clients should look at `error` and `error_codes`, never at the text.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from anyerp.wire import Headers, Response, dump_json

_SPACE = UUID("0b5fdc9e-30cb-4f57-9a0f-94e1c2bd6a10")
#: number: (status, OAuth error, text). `{}` takes what the refusal is about.
_TABLE: dict[int, tuple[int, str, str]] = {
    90002: (400, "invalid_request", "Tenant '{}' not found. Check to make sure you have the correct tenant ID."),
    900144: (400, "invalid_request", "The request body must contain the following parameter: '{}'."),
    900561: (400, "invalid_request", "The endpoint only accepts POST requests. Received a {} request."),
    70003: (400, "unsupported_grant_type", "The app requested an unsupported grant type '{}'."),
    700016: (400, "unauthorized_client", "Application with identifier '{}' was not found in the directory."),
    7000215: (401, "invalid_client", "Invalid client secret provided. Send its value, not its ID, for app '{}'."),
    7000222: (401, "invalid_client", "The provided client secret keys for app '{}' are expired."),
    7000218: (401, "invalid_client", "The request body must contain 'client_assertion' or 'client_secret'."),
    50027: (400, "invalid_request", "JWT token is invalid or malformed. {}"),
    700021: (401, "invalid_client", "Client assertion application identifier doesn't match 'client_id' parameter."),
    700023: (401, "invalid_client", "Client assertion audience claim does not match Realm issuer."),
    700024: (401, "invalid_client", "Client assertion is not within its valid time range. {}"),
    700027: (401, "invalid_client", "{}"),
    1002012: (400, "invalid_scope", "The provided value for scope {} is not valid; it must end in /.default."),
    500011: (400, "invalid_resource", "The resource principal named {} was not found in the tenant."),
}


class Refused(Exception):
    """A refusal by number; `about` fills its text and never carries a secret."""

    def __init__(self, number: int, about: str = "") -> None:
        super().__init__(f"AADSTS{number}")
        self.number = number
        self.about = about

    def response(self, now: datetime, turn: int) -> Response:
        """Give the answer: `error`, `error_description` with its trailer, `error_codes`, ids."""
        status, error, text = _TABLE[self.number]
        trace, correlation = str(uuid5(_SPACE, f"trace {turn}")), str(uuid5(_SPACE, f"correlation {turn}"))
        stamp = f"{now:%Y-%m-%d %H:%M:%SZ}"
        description = f"AADSTS{self.number}: {text.format(self.about)}"
        body = {
            "error": error,
            "error_description": f"{description} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [self.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }
        return Response(status, Headers({"Content-Type": "application/json; charset=utf-8"}), dump_json(body))
