"""The world outside: what people and the warehouse do to the environment behind the host's back."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..odata import Row
from . import posting
from .permission import RIGHTS
from .store import Company


class World:
    """Handles for tests; orders are named by number, lines by sequence. All act on the first company unless told."""

    def __init__(self, platform: Company, companies: dict[str, Company], lock: threading.RLock) -> None:
        self.platform = platform
        self.companies = companies
        self.revoked: set[tuple[str, str]] = set()
        self._world = lock

    def company(self, identity: str | None = None) -> Company:
        """A company's state, for tests to look at; the first one by default."""
        return next(iter(self.companies.values())) if identity is None else self.companies[identity]

    def _found(self, name: str, company: str | None, **values: Any) -> tuple[Company, Row]:
        there = self.company(company)
        row = there.find(name, **values)
        if row is None:
            raise LookupError(f"no {name} with {values}")
        return there, row

    def touch(self, number: str, *, company: str | None = None, **values: Any) -> None:
        """Someone else edits a purchase order: its version and its time of change are new."""
        with self._world:
            there, order = self._found("purchaseOrders", company, number=number)
            there.put("purchaseOrders", order | values)
            there.journal.commit()

    def release(self, number: str, *, company: str | None = None) -> None:
        """Someone releases a purchase order; the API shows it as Open from now on."""
        self.touch(number, company=company, status="Open")

    def receive(self, number: str, quantities: Mapping[int, Decimal], *, company: str | None = None) -> str:
        """The warehouse posts a receipt of quantities by line sequence; gives the receipt's number."""
        with self._world:
            there, order = self._found("purchaseOrders", company, number=number)
            lines = {line["sequence"]: line["id"] for line in there.of("purchaseOrderLines", order["id"])}
            receipt = posting.receive(there, order, {lines[place]: value for place, value in quantities.items()})
            there.journal.commit()
            return str(receipt["number"])

    def invoice(self, number: str, *, company: str | None = None) -> str:
        """Someone posts the invoice of all that was received; gives its number. An order invoiced in full is gone."""
        with self._world:
            there, order = self._found("purchaseOrders", company, number=number)
            open_lines = {
                line["id"]: line["receivedQuantity"] - line["invoicedQuantity"]
                for line in there.of("purchaseOrderLines", order["id"])
            }
            posted = posting.invoice(there, order, open_lines)
            there.journal.commit()
            return str(posted["number"])

    def vanish(self, number: str, *, company: str | None = None) -> None:
        """Someone deletes a purchase order."""
        with self._world:
            there, order = self._found("purchaseOrders", company, number=number)
            there.remove("purchaseOrders", order)
            there.journal.commit()

    def revoke(self, name: str, *rights: str) -> None:
        """Take rights (Read, Insert, Modify, Delete; all of them by default) on a set from the application."""
        self.revoked.update((name, right) for right in rights or RIGHTS)
