"""The sandbox itself: logon, session, token, service, and then reading or writing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from anyerp.testing.sandbox import Call, Fault, through_faults
from anyerp.wire import Response

from anyerp_sap.sandbox import batch, seed, seed_documents, seed_orders
from anyerp_sap.sandbox.auth import TOKEN_PATH, Access
from anyerp_sap.sandbox.edm import Row, Service
from anyerp_sap.sandbox.errors import ErrorContext, Refused, SapError, error_response, html_page, say
from anyerp_sap.sandbox.exchange import Address, Exchange, make_exchange
from anyerp_sap.sandbox.reading import Paging, read
from anyerp_sap.sandbox.schema import SERVICES
from anyerp_sap.sandbox.session import Sessions, need_token, with_session
from anyerp_sap.sandbox.v4 import doors as v4_doors
from anyerp_sap.sandbox.world import Work, World
from anyerp_sap.sandbox.writing import write


def _system_clock() -> datetime:
    return datetime.now(UTC)


class S4Sandbox:
    """A small S/4HANA that serves its OData V2 services (sap sheet §1-§12).

    `orders` adds that many plain orders. `server_page` is the number of rows in a page without `$top` (None: an old
    Gateway that returns everything), `most_top` the highest `$top` that is not cut. `auth` chooses what `credentials`
    holds (`basic`, `oauth`, `apikey`); the server takes all three. `language` is the logon language of the user,
    `sessions` the most server sessions open at a time (None: no limit). `v4` adds the OData V4 service of purchase
    orders (without it its address is not active, as on premise). `now` is the clock, in UTC.
    """

    def __init__(
        self,
        *,
        orders: int = 0,
        server_page: int | None = 100,
        most_top: int = 5000,
        auth: str = "basic",
        language: str = "EN",
        sessions: int | None = None,
        v4: bool = False,
        now: Callable[[], datetime] = _system_clock,
    ) -> None:
        self.auth = auth
        self.v4 = v4
        self.language = language
        self.server_page = server_page
        self.most_top = most_top
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.now = now
        self.access = Access(self._clock)
        self.sessions = Sessions(self._clock, sessions)
        self.world = World(self._clock)
        self._lock = threading.RLock()
        self._base_url = "https://s4.example"
        self._generation = 1
        seed.master_data(self.world)
        seed_orders.purchase_orders(self.world, orders)
        seed_documents.documents(self.world)

    def _clock(self) -> datetime:
        """Ask the clock; `now` may be replaced while the sandbox lives."""
        return self.now()

    @property
    def credentials(self) -> Mapping[str, Any]:
        """What a connection logs on with, by the chosen `auth`."""
        if self.auth == "oauth":
            return {"client_id": self.access.client_id, "client_secret": self.access.client_secret}
        if self.auth == "apikey":
            return {"api_key": self.access.api_key}
        return {"username": self.access.username, "password": self.access.password}

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """Give the connection settings for this sandbox at an address."""
        self._base_url = base_url.rstrip("/")
        settings = {
            "base_url": self._base_url,
            "purchasing_organization": "1010",
            "sales_organization": "1010",
            "rejection_reason": "61",
            **({} if self.v4 else {"purchase_orders": "v2"}),
        }
        return {**settings, "token_url": self._base_url + TOKEN_PATH} if self.auth == "oauth" else settings

    def handle(self, call: Call) -> Response:
        """Answer one call, faults included."""
        self.calls.append(call)
        return through_faults(self.faults, call, lambda: self._answer(call))

    def _answer(self, call: Call) -> Response:
        with self._lock:
            session, fresh = None, False
            try:
                address = Address.of(call, self._base_url)
                if address.path == TOKEN_PATH:
                    return self.access.token(call)
                if not address.odata and not address.path.startswith(v4_doors.ROOT):
                    return html_page(404, "Not Found", "The requested resource is not available")
                user = self.access.user_of(call)
                session, fresh = self.sessions.enter(call, user)
                need_token(call, session)
                exchange = make_exchange(call, address, self.language)
                if address.odata:
                    response = self._service(exchange, user)
                else:
                    response = v4_doors.answer(self, address.path, exchange, user)
            except Refused as refusal:
                response = refusal.response
            return with_session(response, call, session, fresh)

    def _service(self, exchange: Exchange, user: str) -> Response:
        try:
            service = self._opened(exchange.service)
            if exchange.path == "$batch" and exchange.method == "POST":
                return self._batch(service, exchange, user)
            return self._single(service, exchange, user)
        except SapError as error:
            return self._refusal(error, exchange)

    def _opened(self, name: str) -> Service:
        service = SERVICES.get(name)
        if service is None:
            raise SapError(404, [say("/IWFND/MED/170", "/SAP/", name, "0001")])
        if name in self.access.missing:
            raise SapError(403, [say("/IWFND/CM_CONSUMER/101", name)])
        return service

    def _single(self, service: Service, exchange: Exchange, user: str) -> Response:
        if exchange.method in ("GET", "HEAD"):
            return read(service, self.world.store, exchange, Paging(self.server_page, self.most_top))
        work = Work(self.world, exchange.language, user)
        with self.world.store.transaction():
            return write(service, work, exchange)

    def _batch(self, service: Service, exchange: Exchange, user: str) -> Response:
        def read_part(part: Exchange) -> Response:
            return self._single(service, part, user)

        def write_parts(parts: list[batch.Part]) -> list[tuple[Response, str]]:
            work = Work(self.world, exchange.language, user)
            locations: dict[str, str] = {}
            done: list[tuple[Response, str]] = []
            with self.world.store.transaction():
                for plain in parts:
                    part = batch.with_references(plain, locations)
                    try:
                        if part.exchange.method == "GET":
                            raise batch.malformed("a read stands in a change set")
                        response = write(service, work, part.exchange)
                    except SapError as error:
                        raise error.in_changeset(part.content_id) from None
                    location = response.headers.get("location", "")
                    locations[part.content_id] = location.removeprefix(exchange.root + "/")
                    done.append((response, part.content_id))
                    work.warnings.clear()
            return done

        return batch.run(exchange, read_part, write_parts, self._refusal)

    def _refusal(self, error: SapError, exchange: Exchange) -> Response:
        now = self.now()
        service = SERVICES.get(exchange.service)
        transaction = hashlib.sha256(f"{now}{exchange.path}{len(self.calls)}".encode()).hexdigest()[:32].upper()
        context = ErrorContext(
            service=exchange.service,
            component=service.component if service else "BC-MID-ICF",
            language=exchange.language,
            stamp=f"{now:%Y%m%d%H%M%S}.{now.microsecond:06}0",
            transaction=transaction,
            json=exchange.wants_json,
        )
        return error_response(error, context)

    # What happens behind the host's back.

    def rotate_credentials(self) -> None:
        """Change password, client secret and API key; tokens and sessions of before are dead, a lock is lifted."""
        with self._lock:
            self._generation += 1
            self.access.rotate(self._generation)
            self.sessions.clear()

    def revoke(self, service: str) -> None:
        """Take a communication arrangement away: that service answers 403, the others go on (sheet §2)."""
        self.access.missing.add(SERVICES[service].name)

    def grant(self, service: str) -> None:
        """Give a communication arrangement back."""
        self.access.missing.discard(service)

    def expire_sessions(self) -> None:
        """End all server sessions: CSRF tokens of before are refused."""
        with self._lock:
            self.sessions.clear()

    def lock(self, order: str, user: str = "MMUELLER") -> None:
        """Let another user open an order for change: writes on it are refused until `unlock`."""
        self.world.locks[f"A_PurchaseOrder {order}"] = user

    def unlock(self, order: str) -> None:
        """Let the other user close the order again."""
        self.world.locks.pop(f"A_PurchaseOrder {order}", None)

    def touch(self, order: str, item: str | None = None, **values: Any) -> None:
        """Let someone else edit an order (or one item of it); its stamp and etags move.

        `values` are stored values: text, Decimal, bool, date. Without any, an internal reference is changed.
        """
        changes: Row = dict(values)
        with self._lock:
            if item is not None:
                row = self.world.store.find("A_PurchaseOrderItem", order, item)
                if row is None:
                    raise KeyError((order, item))
                self.world.store.put("A_PurchaseOrderItem", {**row, **(changes or {"RequisitionerName": "SOMEONE"})})
                changes = {}
            elif not changes:
                changes = {"CorrespncInternalReference": "SOMEONE"}
            seed_orders.header(self.world, order, changes)

    def receive(self, order: str, line: str, quantity: Decimal) -> None:
        """Post a goods receipt for an item; V2 orders show only the completion flag (sheet §10)."""
        with self._lock:
            seed_orders.receive(self.world, order, line, quantity)

    def release(self, order: str, *, reject: bool = False) -> None:
        """Complete (or reject) the release of an order."""
        with self._lock:
            status: Row = {"PurchasingProcessingStatus": "08"} if reject else {
                "PurchasingProcessingStatus": "05", "ReleaseIsNotCompleted": False
            }  # fmt: skip
            seed_orders.header(self.world, order, status)
