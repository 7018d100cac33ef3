"""Webhooks: subscriptions with their handshake, and the notifications of what changed (dynamics sheet §2.7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from anyerp.wire import dump_json

from ..odata import Row, literal_text
from .document import BY_LINES
from .problem import dialog
from .store import Company

#: The sets that can be subscribed to; purchase orders and receipts are not among them.
SUPPORTED = (
    "accounts", "companyInformation", "currencies", "customers", "dimensions", "itemCategories", "items",
    "paymentMethods", "paymentTerms", "purchaseInvoices", "salesOrders", "shipmentMethods", "unitsOfMeasure",
    "vendors",
)  # fmt: skip
LIFE = timedelta(days=3)
#: More changes than this between two deliveries come as one notification of the whole collection.
MOST = 1000
_RESOURCE = re.compile(r"/?api/v2\.0/companies\((?P<company>[0-9a-fA-F-]{36})\)/(?P<set>\w+)")
#: POSTs a body to a URL; gives status and text.
Deliver = Callable[[str, bytes], tuple[int, str]]


def deliver_on_loopback(url: str, body: bytes) -> tuple[int, str]:
    """POST to a URL of this machine. A sandbox calls nobody else: raises `ValueError` for another host."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ValueError("the sandbox delivers to loopback only")
    connection = HTTPConnection(parts.hostname, parts.port or 80, timeout=5)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a row that somebody may have subscribed to."""

    company: str
    set: str
    id: str
    what: str
    at: datetime


@dataclass
class Webhooks:
    """The subscriptions of an environment and the changes not told yet."""

    platform: Company
    deliver: Deliver = deliver_on_loopback
    changes: list[Change] = field(default_factory=list)
    retries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def watch(self, company: Company) -> None:
        """Notice every change in a company; what is undone is forgotten."""

        def notice(name: str, what: str, row: Row) -> None:
            if name in BY_LINES:
                name, what, identity = BY_LINES[name].set, "updated", row["documentId"]
            elif name in SUPPORTED:
                identity = row["id"]
            else:
                return
            if name in SUPPORTED:
                change = Change(company.id, name, identity, what, company.journal.instant())
                self.changes.append(change)
                company.journal.undos.append(lambda: self.changes.remove(change))

        company.listeners.append(notice)

    def shake_hands(self, url: str) -> None:
        """Ask the subscriber to prove that it listens. Raises `Problem` when it does not return the token."""
        token = self.platform.journal.identity()
        try:
            status, text = self.deliver(f"{url}{'&' if '?' in url else '?'}validationToken={quote(token)}", b"")
        except (OSError, ValueError):
            status, text = 0, ""
        if status != HTTPStatus.OK or text != token:
            raise dialog("The notification URL did not answer the validation request with its token.")

    @staticmethod
    def check(resource: str) -> None:
        """Refuse a resource that cannot be subscribed to. Raises `Problem`."""
        found = _RESOURCE.fullmatch(resource)
        if found is None or found["set"] not in SUPPORTED:
            raise dialog(f"The resource '{resource}' does not support webhook notifications.")

    def expires(self) -> datetime:
        """When a subscription made or renewed now runs out."""
        return self.platform.journal.instant() + LIFE

    def tell(self) -> int:
        """Deliver what happened since the last time, coalesced as after the service's 30 seconds; gives how many posts.

        408, 429 and 5xx are tried again the next time; any other refusal deletes the subscription.
        """
        changes, self.changes = self.changes, []
        posts = 0
        for row in self.platform.rows("subscriptions"):
            key = row["subscriptionId"]
            if row["expirationDateTime"] <= self.platform.journal.instant():
                self.platform.remove("subscriptions", row)
                self.retries.pop(key, None)
                continue
            due = self.retries.pop(key, []) + _notifications(row, changes)
            if not due:
                continue
            posts += 1
            try:
                status, _ = self.deliver(row["notificationUrl"], dump_json({"value": due}))
            except OSError:
                status = HTTPStatus.SERVICE_UNAVAILABLE
            if status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS) or status >= 500:
                self.retries[key] = due
            elif not 200 <= status < 300:
                self.platform.remove("subscriptions", row)
        return posts


def _instant(moment: datetime) -> str:
    return literal_text(moment, "Edm.DateTimeOffset")


def _notifications(row: Row, changes: list[Change]) -> list[dict[str, Any]]:
    found = _RESOURCE.fullmatch(row["resource"])
    if found is None:
        return []
    company, name = found["company"].lower(), found["set"]
    latest = {change.id: change for change in changes if (change.company, change.set) == (company, name)}
    born = {change.id for change in changes if change.what == "created"}
    base = {
        "subscriptionId": row["subscriptionId"],
        "clientState": row["clientState"],
        "expirationDateTime": _instant(row["expirationDateTime"]),
    }
    if len(latest) > MOST:
        first = min(change.at for change in latest.values())
        link = f"/api/v2.0/companies({company})/{name}?$filter=lastDateTimeModified%20gt%20{first:%Y-%m-%dT%H:%M:%SZ}"
        at = max(change.at for change in latest.values())
        return [base | {"resource": link, "changeType": "collection", "lastModifiedDateTime": _instant(at)}]
    return [
        base
        | {
            "resource": f"api/v2.0/companies({company})/{name}({change.id})",
            "changeType": "created" if change.what == "updated" and change.id in born else change.what,
            "lastModifiedDateTime": _instant(change.at),
        }
        for change in latest.values()
    ]
