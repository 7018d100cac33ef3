"""The sandbox itself: one NetSuite account, in process or on loopback, and the levers that tests pull."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from anyerp.testing.sandbox import Call, Fault, through_faults
from anyerp.wire import Response

from anyerp_netsuite.sandbox import catalog, seed
from anyerp_netsuite.sandbox.auth.account import Account
from anyerp_netsuite.sandbox.auth.gate import Gate
from anyerp_netsuite.sandbox.auth.key import Keyring
from anyerp_netsuite.sandbox.auth.oauth1 import OAuth1, Tba
from anyerp_netsuite.sandbox.auth.oauth2 import Client, OAuth2
from anyerp_netsuite.sandbox.auth.role import Role
from anyerp_netsuite.sandbox.governance import Governance
from anyerp_netsuite.sandbox.job import Jobs
from anyerp_netsuite.sandbox.problem import Detail, Problem, forbidden, no_such_method
from anyerp_netsuite.sandbox.record_service import RecordService
from anyerp_netsuite.sandbox.request import (
    AUTHORIZE,
    GOVERNANCE,
    JOBS,
    RECORDS,
    RESOURCE,
    SUITEQL,
    TOKEN,
    Ask,
    answered,
    origin_of,
)
from anyerp_netsuite.sandbox.seed.order import receive
from anyerp_netsuite.sandbox.sql.engine import Engine
from anyerp_netsuite.sandbox.sql.when import DateStyle
from anyerp_netsuite.sandbox.store import Record, Store
from anyerp_netsuite.sandbox.suiteql import SuiteQL

Auth = Literal["client_credentials", "tba", "authorization_code"]
_ACCEPTED = {"*/*", "application/*", "application/json", RESOURCE, catalog.SCHEMA, catalog.SWAGGER}


class NetSuiteSandbox:
    """A small NetSuite account that speaks SuiteTalk REST.

    `orders` adds that many plain purchase orders to the twelve; `auth` chooses what `credentials` holds; `date_format`
    is how the role shows dates; `time_zone` the account's; `one_world` whether there are subsidiaries to choose from;
    `books` how many accounting books there are; `row_cap` how far a result can be read by offset;
    `concurrency` how many calls may be in flight; `pending_polls` how often a new job says `pending`.
    """

    def __init__(
        self,
        *,
        orders: int = 0,
        account: str = "1234567_SB1",
        auth: Auth = "client_credentials",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        one_world: bool = True,
        books: int = 1,
        date_format: str = "M/D/YYYY",
        time_zone: str = "America/Los_Angeles",
        row_cap: int = 100_000,
        concurrency: int = 5,
        pending_polls: int = 1,
    ) -> None:
        self.account = Account(account)
        self.auth = auth
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.role = Role()
        self.store = Store(now, ZoneInfo(time_zone), one_world, books)
        seed.sow(self.store, orders)
        self.oauth1 = OAuth1(now, self.account.realm)
        self.oauth2 = OAuth2(now, self.account.host)
        self.governance = Governance(concurrency)
        style = DateStyle(date_format)
        self._keys = Keyring()
        self._gate = Gate(self.account, self.role, self.oauth1, self.oauth2)
        self._records = RecordService(self.store, self.role, style, row_cap)
        self._suiteql = SuiteQL(Engine(self.store, self.role, style), self.role, row_cap)
        self._jobs = Jobs(self.store.moment, pending_polls)
        self._lock = threading.RLock()
        self.tba, self.client = self._new_integrations()

    # What the kit and the command line need.

    @property
    def credentials(self) -> Mapping[str, Any]:
        """Secrets of the chosen way in.

        client_credentials: client_id, certificate_id, private_key (PEM). tba: consumer_key, consumer_secret, token_id,
        token_secret. authorization_code: client_id, client_secret.
        """
        if self.auth == "tba":
            return {
                "consumer_key": self.tba.consumer_key,
                "consumer_secret": self.tba.consumer_secret,
                "token_id": self.tba.token_id,
                "token_secret": self.tba.token_secret,
            }
        if self.auth == "authorization_code":
            return {"client_id": self.client.id, "client_secret": self.client.secret}
        return self._keys.credentials(self.oauth2)

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """The account, and where it and its pages are."""
        return {"account": self.account.id, "base_url": base_url, "app_url": base_url}

    def handle(self, call: Call) -> Response:
        """Answer one call, faults included. Safe to call from many threads."""
        with self._lock:
            self.calls.append(call)
            ask = self._taken_apart(call)
        if not ask.path.startswith("/services/rest/") or ask.path == TOKEN:
            return through_faults(self.faults, call, lambda: self._answer(ask))
        with self.governance.slot() as admitted:
            if not admitted:
                return self.governance.refusal(self._gate).response()
            return through_faults(self.faults, call, lambda: self._answer(ask))

    def _taken_apart(self, call: Call) -> Ask:
        origin = origin_of(call, self.account.host)
        ask = Ask(call, origin)
        name, _, rest = ask.path.removeprefix(RECORDS + "/").partition("/")
        try:
            seen = self.store.get(name.lower(), rest).version if rest and "/" not in rest else None
        except Problem:
            seen = None
        return Ask(call, origin, seen)

    def _answer(self, ask: Ask) -> Response:
        with self._lock:
            try:
                return self._routed(ask)
            except Problem as problem:
                return problem.response()

    def _routed(self, ask: Ask) -> Response:
        if ask.path == TOKEN:
            return self.oauth2.token(ask)
        if ask.path == AUTHORIZE and ask.method == "GET":
            return self.oauth2.authorize(ask)
        self._gate.admit(ask)
        _check_accept(ask)
        if ask.path == SUITEQL:
            return self._suiteql.answer(ask)
        if ask.path.startswith(JOBS + "/"):
            return self._jobs.answer(ask)
        if ask.path == GOVERNANCE:
            return self._limits(ask)
        if ask.path == catalog.CATALOG or ask.path.startswith(catalog.CATALOG + "/"):
            return catalog.answer(ask, self.role)
        if ask.path.startswith(RECORDS + "/"):
            if "respond-async" not in ask.preferences:
                return self._records.answer(ask)
            self._jobs.refuse_repeat(ask)
            return self._jobs.submit(ask, self._records.operations(ask))
        raise Problem(404, (Detail("The resource does not exist.", "INVALID_REQUEST"),))

    def _limits(self, ask: Ask) -> Response:
        """The governance limits, for administrators; the shape is from general knowledge."""
        if ask.method != "GET":
            raise no_such_method(ask.method)
        if not self.role.administrator:
            raise forbidden("governanceLimits")
        return answered({"accountConcurrencyLimit": self.governance.limit, "links": []})

    # Levers: the account changes behind the host's back.

    def add_public_client(self, redirect_uri: str = "http://127.0.0.1/callback") -> Client:
        """An integration record without a secret."""
        client = Client(secrets.token_hex(32), redirect_uri)
        self.oauth2.clients[client.id] = client
        return client

    def consenting(self, redirect_uri: str, *, asks: bool = False) -> Mapping[str, str]:
        """The integration record leads back there; gives its credentials. Users agree at once, or `asks` them."""
        with self._lock:
            self.client = replace(self.client, redirect_uri=redirect_uri)
            self.oauth2.clients[self.client.id], self.oauth2.asks = self.client, asks
            return {"client_id": self.client.id, "client_secret": self.client.secret}

    def rotate_credentials(self) -> None:
        """Every secret is replaced; the old ones and all tokens stop working."""
        with self._lock:
            self.oauth1.tokens.clear()
            self.oauth2.clients.clear()
            self.oauth2.certificates.clear()
            self.oauth2.revoke_consent()
            self._keys = Keyring()
            self.tba, self.client = self._new_integrations()

    def expire_sessions(self) -> None:
        """Every OAuth 2.0 access token expires; refresh tokens stay."""
        with self._lock:
            self.oauth2.expire()

    def disable_integration(self) -> None:
        """The integration record is switched off: nobody gets in."""
        with self._lock:
            self.oauth2.enabled = False
            self.oauth1.tokens.clear()

    def revoke(self, permission: str, *, writing_only: bool = False) -> None:
        """Take a permission (see `auth.role`) or the access to a record type or table away from the role."""
        with self._lock:
            (self.role.read_only if writing_only else self.role.revoked).add(permission.lower())

    def grant(self, permission: str) -> None:
        """Give it back."""
        with self._lock:
            self.role.revoked.discard(permission.lower())
            self.role.read_only.discard(permission.lower())

    def touch(self, order: str, memo: str = "Changed by someone else") -> None:
        """Someone edits a purchase order in the browser."""
        with self._lock:
            record = self._order(order)
            record.values["memo"] = memo
            self.store.put(record)

    def receive(self, order: str, line: int, quantity: Decimal | int) -> str:
        """Someone receives a quantity of a line; gives the receipt's id."""
        with self._lock:
            return receive(self.store, self._order(order), {line: Decimal(quantity)}).id

    def lock(self, record_type: str, id: str, reason: str) -> None:
        """A workflow locks a record: it cannot be loaded for editing, and so not be read either. Empty unlocks."""
        with self._lock:
            self.store.get(record_type.lower(), id).locked = reason

    def _order(self, id: str) -> Record:
        return self.store.get("purchaseorder", id)

    def _new_integrations(self) -> tuple[Tba, Client]:
        """A TBA integration and a confidential client of the authorization code flow."""
        tba = Tba(*(secrets.token_hex(32) for _ in range(4)))
        self.oauth1.tokens[tba.consumer_key, tba.token_id] = tba
        client = Client(secrets.token_hex(32), "http://127.0.0.1/callback", secrets.token_hex(32))
        self.oauth2.clients[client.id] = client
        return tba, client


def _check_accept(ask: Ask) -> None:
    wanted = {one.partition(";")[0].strip().lower() for one in (ask.header("accept") or "*/*").split(",")}
    if not wanted & _ACCEPTED:
        text = f"The media type {ask.header('accept')} is not available."
        raise Problem(406, (Detail(text, "INVALID_REQUEST", header="Accept"),))
