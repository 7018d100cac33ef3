"""The token endpoint of one Entra tenant: client credentials with a secret or a certificate (dynamics sheet §1.1)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote

from anyerp.testing.sandbox import Call, Fault, through_faults
from anyerp.wire import Headers, Response, dump_json

from .assertion import TYPE, check
from .directory import Application, self_signed
from .refusal import Refused
from .token import Bearer, Tokens

TENANT = "72f988bf-0a11-4c1d-9d53-5e3d7cb0f4aa"
DOMAIN = "contoso.onmicrosoft.com"
LOGIN = "https://login.microsoftonline.com"
#: Entra's usual life of an access token; `expires_in` says one second less.
LIFE = timedelta(hours=1)


def _clock() -> datetime:
    return datetime.now(UTC)


class EntraSandbox:
    """One tenant with one application to begin with.

    `resource(identifier)` says whether a resource (the scope without `/.default`) exists in the tenant. `roles` are the
    application's permissions on it. `now` is its clock. A product's sandbox keeps one, passes token calls to `handle`
    (which answers only them) and reads bearers with `read`.
    """

    def __init__(
        self,
        *,
        resource: Callable[[str], bool] = lambda identifier: True,
        roles: tuple[str, ...] = (),
        now: Callable[[], datetime] = _clock,
        tenant: str = TENANT,
        domain: str = DOMAIN,
    ) -> None:
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.tenant, self.domain = tenant, domain
        self.now = now
        self.life = LIFE
        self.application = Application("anyerp integration", roles)
        self.applications: dict[str, Application] = {self.application.client_id: self.application}
        self.tokens = Tokens(tenant)
        self._resource = resource
        self._lock = threading.Lock()
        self._turn = 0
        self._secret = self.application.new_secret(now() + timedelta(days=180))

    @property
    def credentials(self) -> Mapping[str, Any]:
        """The client id, and the newest secret."""
        return {"client_id": self.application.client_id, "client_secret": self._secret}

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """Give the settings that lead to this tenant at an address."""
        return {"login_url": base_url.rstrip("/"), "tenant": self.tenant}

    def certificate_credentials(self) -> Mapping[str, Any]:
        """Register a fresh certificate: `client_id`, `certificate` and `private_key` (PEM). Needs `cryptography`."""
        certificate, kept = self_signed(self.application.name, self.now())
        self.application.certificates.append(certificate)
        return {"client_id": self.application.client_id, **kept}

    def register(self, name: str, roles: tuple[str, ...] = ()) -> Mapping[str, Any]:
        """Register a further application and give its credentials."""
        application = Application(name, roles)
        self.applications[application.client_id] = application
        secret = application.new_secret(self.now() + timedelta(days=180))
        return {"client_id": application.client_id, "client_secret": secret}

    def rotate_credentials(self) -> None:
        """Replace secrets and certificates; tokens that are out live on."""
        self.application.secrets.clear()
        self.application.certificates.clear()
        self._secret = self.application.new_secret(self.now() + timedelta(days=180))

    def expire_secret(self) -> None:
        """Let the newest secret be past its end."""
        self.application.secrets[self._secret] = self.now()

    def expire_sessions(self) -> None:
        """Make every token that is out worthless."""
        self.tokens.forget()

    def read(self, authorization: str | None) -> Bearer:
        """Read a bearer, for a resource. Raises `BadToken`."""
        return self.tokens.read(authorization, self.now())

    @staticmethod
    def answers(call: Call) -> bool:
        """Whether a call is for the token endpoint."""
        return call.target.partition("?")[0].endswith("/oauth2/v2.0/token")

    def handle(self, call: Call) -> Response:
        """Answer one call to the token endpoint, faults included."""
        with self._lock:
            self.calls.append(call)
        return through_faults(self.faults, call, lambda: self._answer(call))

    def _answer(self, call: Call) -> Response:
        with self._lock:
            self._turn += 1
            try:
                return self._token(call)
            except Refused as refused:
                return refused.response(self.now(), self._turn)

    def _token(self, call: Call) -> Response:
        path = call.target.partition("?")[0]
        if not self.answers(call):
            return Response(404, Headers({"Content-Type": "text/html"}), b"")
        tenant = unquote(path.split("/")[1])
        if tenant.lower() not in (self.tenant, self.domain):
            raise Refused(90002, tenant)
        if call.method != "POST":
            raise Refused(900561, call.method)
        form = dict(parse_qsl(call.content.decode("utf-8", "replace"), keep_blank_values=True))
        for name in ("grant_type", "client_id", "scope"):
            if not form.get(name):
                raise Refused(900144, name)
        if form["grant_type"] != "client_credentials":
            raise Refused(70003, form["grant_type"])
        application = self.applications.get(form["client_id"].lower())
        if application is None:
            raise Refused(700016, form["client_id"])
        self._authenticate(call, path, form, application)
        audience = self._audience(form["scope"])
        token = self.tokens.mint(application.client_id, audience, application.roles, self.now(), self.life)
        seconds = int(self.life.total_seconds()) - 1
        body = {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token}
        headers = Headers({"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store, no-cache"})
        return Response(200, headers, dump_json(body))

    def _authenticate(self, call: Call, path: str, form: Mapping[str, str], application: Application) -> None:
        if form.get("client_secret"):
            application.check_secret(form["client_secret"], self.now())
            return
        if not form.get("client_assertion"):
            raise Refused(7000218)
        if form.get("client_assertion_type") != TYPE:
            raise Refused(900144, "client_assertion_type")
        here = call.headers.get("host", "")
        hosts = (LOGIN, f"http://{here}", f"https://{here}")
        audiences = [host + path for host in hosts] + [f"{LOGIN}/{self.tenant}/v2.0"]
        check(form["client_assertion"], application.client_id, application.certificates, audiences, self.now())

    def _audience(self, scope: str) -> str:
        """Give the resource of a scope. A slash too many before `/.default` stays in the token's audience."""
        identifier, dot, rest = scope.rpartition("/.default")
        if not dot or rest or " " in scope:
            raise Refused(1002012, scope)
        if not self._resource(identifier.rstrip("/")):
            raise Refused(500011, identifier)
        return identifier
