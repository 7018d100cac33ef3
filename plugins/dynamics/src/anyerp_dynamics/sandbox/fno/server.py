"""The sandbox of Finance & Operations: one environment of three companies behind Entra."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from anyerp.testing.sandbox import Call, Fault, through_faults
from anyerp.wire import Headers, Response, dump_json

from ..entra import EntraSandbox
from ..odata import EntitySet, Row, split_target
from .dmf import DataManagement, Project
from .identity import Directory, Unauthorized, User
from .language import PAGE
from .metadata import describe
from .problem import Problem
from .reading import Reader
from .recurring import RecurringIntegrations
from .rule import Desk
from .schema import blank, schema
from .seed import SEEDED_AT, fill_documents, fill_masters, generate
from .sequence import Sequences
from .service import Service
from .store import Store
from .throttle import Throttle, UserLimits
from .world import World
from .writing import Editor

HOST = "https://contoso.sandbox.operations.dynamics.com"
_SPACE = UUID("9d1c3f3e-5f0b-4b54-8f5a-3f2f8c1c7ad0")


@dataclass(frozen=True, slots=True)
class Quirks:
    """What differs between environments, or is not known for certain (marked [K] or contradicted in the sheet).

    `unmapped_status`: what an application without a user is told (§1.1). `links_lose_company`: next links without
    `cross-company` (§1.5). `manual`: tables whose numbers people must give, such as `purchase_order` (§1.7).
    """

    unmapped_status: int = 401
    links_lose_company: bool = False
    manual: frozenset[str] = frozenset()


class FinanceOperationsSandbox(World):
    """An environment with the companies usmf (the integration user's own), demf and jpmf.

    `orders` adds so many generated purchase orders to usmf; `now` is the clock; `page` the server's page size; `limits`
    the older limits per user, off by default; `quirks` what differs between environments. Everything that was asked is
    in `calls`; what is in `faults` may answer first. `throttle.load` (percent) sends callers away by priority;
    `dmf.polls` makes data packages take time.
    """

    def __init__(
        self,
        *,
        orders: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        page: int = PAGE,
        limits: UserLimits | None = None,
        quirks: Quirks = Quirks(),
    ) -> None:
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.now: Callable[[], datetime] = lambda: SEEDED_AT
        self._lock = threading.RLock()
        self._answers = 0
        self._base_url = HOST
        self._hosts = {urlsplit(HOST).netloc}
        self.entra = EntraSandbox(resource=self._is_here, now=now)
        self.client_id: str = self.entra.credentials["client_id"]
        self.directory = Directory(self.entra, quirks.unmapped_status)
        self.directory.users[self.client_id] = User("anyerp", self.company)
        self.throttle = Throttle(now, limits)
        self.store = Store(schema())
        self.sequences = Sequences(self.store, frozenset())
        reader = Reader(self.store, page, quirks.links_lose_company)
        editor = Editor(self.store, reader, self.sequences, self._time)
        self.dmf = DataManagement(self.store, editor, self._desk_of)
        self.recurring = RecurringIntegrations(self.dmf, self._time)
        self.service = Service(self.store, reader, editor, self._act, lambda: f"{self._base_url}/data")
        self._seed(editor, orders)
        self.sequences.manual = quirks.manual
        self.now = now

    def _act(self, name: str, given: Mapping[str, Any], root: str) -> str:
        """Run an action of data management and give its value."""
        if name == "GetMessageStatus":
            return self.recurring.status(str(given.get("messageId")))
        return self.dmf.act(name, given, root)

    def _time(self) -> datetime:
        return self.now()

    def _desk_of(self, entity_set: EntitySet) -> Desk:
        return Desk(self.store, self.sequences, self._time, entity_set)

    def _seed(self, editor: Editor, orders: int) -> None:
        def create(set_name: str, company: str, values: Row) -> Row:
            return editor.insert(self._desk_of(schema().sets[set_name]), company, values)

        fill_masters(self.store)
        fill_documents(self.store, create, self)
        generate(self.store, orders)
        for name, sets in {
            "PO delta": ("PurchaseOrderHeadersV2", "PurchaseOrderLinesV2"),
            "Vendors": ("VendorsV3",),
        }.items():
            tracked = name.endswith("delta")
            self.dmf.projects[name] = Project(sets, tracked)
            row = blank("DataManagementDefinitionGroups") | {
                "Name": name,
                "OperationType": "All",
                "ProjectCategory": "Integration",
            }
            self.store.insert("dmf_project", row)
            self.recurring.activities[str(uuid5(_SPACE, name))] = name

    def _is_here(self, identifier: str) -> bool:
        return urlsplit(identifier).netloc in self._hosts

    @property
    def credentials(self) -> Mapping[str, Any]:
        """The client id and secret of now."""
        return self.entra.credentials

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """Give connection settings at an address; tokens are given out there too."""
        self._base_url = base_url.rstrip("/")
        self._hosts.add(urlsplit(base_url).netloc)
        return {"base_url": self._base_url, **self.entra.settings(base_url), "company": self.company}

    def rotate_credentials(self) -> None:
        """Replace the client secret; tokens that are out live on."""
        self.entra.rotate_credentials()

    def expire_sessions(self) -> None:
        """Make every token that is out worthless."""
        self.entra.expire_sessions()

    def handle(self, call: Call) -> Response:
        """Answer one call, faults included."""
        with self._lock:
            self.calls.append(call)
        with self.throttle.running() as place:
            return through_faults(self.faults, call, lambda: self._answer(call, place=place))

    def _answer(self, call: Call, *, place: bool) -> Response:
        with self._lock:
            self._answers += 1
            activity = str(uuid5(_SPACE, str(self._answers)))
            try:
                response = self._dispatch(call, place=place)
            except Unauthorized as nobody:
                response = nobody.response()
            except Problem as problem:
                response = problem.response()
            return replace(
                response, headers=Headers([*response.headers.items_with_repeats(), ("ms-dyn-aid", activity)])
            )

    def _dispatch(self, call: Call, *, place: bool) -> Response:
        if self.entra.answers(call):
            return self.entra.handle(call)
        path, _ = split_target(call.target)
        if path.startswith("/blob/"):
            return self.dmf.blob(call)
        user = self.directory.user(call.headers)
        self.throttle.admit(user.name, user.priority, place=place)
        if path == "/data" or path.startswith("/data/"):
            return self.service.answer(call, user)
        if path.startswith("/metadata/") and call.method == "GET":
            document = describe(path.removeprefix("/metadata/"), schema())
            if document is not None:
                return Response(200, Headers({"Content-Type": "application/json; charset=utf-8"}), dump_json(document))
        if path.startswith("/api/connector/"):
            return self.recurring.answer(call, self._base_url)
        text = f"No HTTP resource was found that matches the request URI '{self._base_url}{path}'."
        return Response(404, Headers({"Content-Type": "application/json; charset=utf-8"}), dump_json({"Message": text}))
