"""A tenant with a clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers
from anyerp_dynamics.sandbox.entra import EntraSandbox

RESOURCE = "https://contoso.operations.dynamics.com"


class Tenant:
    def __init__(self):
        self.moment = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
        self.entra = EntraSandbox(
            resource=lambda known: known == RESOURCE, roles=("API.ReadWrite.All",), now=lambda: self.moment
        )
        self.url = f"https://login.microsoftonline.com/{self.entra.tenant}/oauth2/v2.0/token"

    def later(self, **span):
        self.moment += timedelta(**span)

    def ask(self, tenant=None, method="POST", **form):
        wanted = {"grant_type": "client_credentials", "scope": f"{RESOURCE}/.default", **self.entra.credentials, **form}
        content = urlencode({name: value for name, value in wanted.items() if value is not None}).encode()
        headers = Headers({"Content-Type": "application/x-www-form-urlencoded", "Host": "login.microsoftonline.com"})
        return self.entra.handle(Call(method, f"/{tenant or self.entra.tenant}/oauth2/v2.0/token", headers, content))

    def refused(self, **form):
        answer = self.ask(**form)
        body = answer.json()
        assert body["error_description"].startswith(f"AADSTS{body['error_codes'][0]}: ")
        assert {"timestamp", "trace_id", "correlation_id", "error_uri"} <= set(body)
        return answer.status, body["error"], body["error_codes"][0]


@pytest.fixture
def tenant():
    return Tenant()
