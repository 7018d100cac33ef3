"""Mutants that show only against the ERP: columns narrower than declared; and a core that trusts every cursor."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from acme_erp.connector import CONNECTOR
from acme_erp.lens import ORDER, address
from acme_erp.sandbox import AcmeSandbox, Denied
from anyerp.connection.cursor import Cursors
from anyerp.lens import Map, Nest, text
from anyerp.testing.sandbox import Call

from acme_mutants.mutant import Mutant, acme, orders


class Narrow(AcmeSandbox):
    """An Acme that cuts what its columns cannot hold, as many ERPs do."""

    widths = (("Notes", 35), ("ShipZip", 10))

    def fitted(self, table: str, body: dict[str, Any]) -> None:
        """Cut, and say nothing."""
        for name, width in self.widths:
            if body.get(name):
                body[name] = body[name][:width]


class ShortZip(Narrow):
    """An Acme that cuts postal codes only."""

    widths = (("ShipZip", 10),)


class Rounds(AcmeSandbox):
    """An Acme that keeps prices to one digit."""

    def fitted(self, table: str, body: dict[str, Any]) -> None:
        """Round, and say nothing."""
        for line in body.get("Items", ()):
            if line.get("Price") is not None:
                line["Price"] = round(line["Price"], 1)


class Closed(AcmeSandbox):
    """An Acme that lets nobody touch a line again."""

    def change(self, table: str, row: dict[str, Any], body: dict[str, Any], call: Call) -> dict[str, Any]:
        """Refuse lines."""
        if body.get("Items"):
            raise Denied(422, "lines", "lines stay as they are")
        return super().change(table, row, body, call)


def _exchanged() -> Any:
    """City and postal code exchanged in the table itself: consistent, so that only the ERP can tell."""
    rules = [rule for rule in address() if rule.field not in ("city", "postal_code")]
    swapped = (*rules, Map("city", "ShipZip", text(40, empty="")), Map("postal_code", "ShipCity", text(10, empty="")))
    return ORDER.extended(Nest("ship_to", swapped))


@contextmanager
def trusting() -> Iterator[None]:
    """A core that reads every token without looking at its signature."""

    def read(self: Cursors, token: str, bound_to: str) -> Any:
        return json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[16:])

    with patch.object(Cursors, "read", read):
        yield


MUTANTS = (
    Mutant(
        "writes.carried",
        "a column narrower than declared",
        acme(sandbox=Narrow),
        "notes <-> Notes: was taken by the ERP",
    ),
    Mutant(
        "writes.carried",
        "city and postal code exchanged in the table",
        acme(sandbox=ShortZip, resources=orders(_exchanged()).resources),
        "ship_to.city <-> ShipZip",
    ),
    Mutant(
        "writes.carried",
        "a price with more digits than the ERP keeps",
        acme(sandbox=Rounds),
        "lines.unit_price <-> Items/*/Price: was taken by the ERP",
    ),
    Mutant(
        "writes.update",
        "lines that the ERP never lets change",
        acme(sandbox=Closed),
        "lines.unit_price: the table lets lines be changed, and the ERP refuses each: InvalidRecord",
    ),
    Mutant("paging.tampered", "a signature that nobody looks at", CONNECTOR, "", around=trusting),
)
