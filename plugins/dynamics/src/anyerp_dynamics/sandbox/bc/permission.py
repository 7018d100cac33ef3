"""Permission sets: what the application may do with which table, and how the service says no (dynamics sheet §2.6)."""

from __future__ import annotations

from ..odata import EntitySet
from .problem import Problem, dialog, forbidden
from .schema import page

RIGHTS = ("Read", "Insert", "Modify", "Delete")
#: Pages that look for themselves whether they may read, and say so as a business rule.
_SPEAKING = {
    "purchaseOrders": "You do not have permissions to read Purchase Orders.",
    "purchaseInvoices": "You do not have permissions to read Purchase Invoices.",
    "salesOrders": "You do not have permissions to read Sales Orders.",
}


def refusal(entity_set: EntitySet, right: str) -> Problem:
    """Give the refusal of a missing right."""
    if right == "Read" and entity_set.name in _SPEAKING:
        return dialog(_SPEAKING[entity_set.name])
    return forbidden(page(entity_set).number, page(entity_set).table, right)
