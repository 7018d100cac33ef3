"""The draft room: one row while its fields are being set, and the rules of a set.

Every field runs its trigger as it is set, in the order of the JSON, and a trigger may fill or reset others; so the
order of a body matters (dynamics sheet §2.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...odata import EntitySet, Row
from ..problem import dialog
from ..schema import ZERO
from ..store import Company


@dataclass
class Draft:
    """A row on its way in. `given` is all that the body says, `before` the stored row (None for a new one)."""

    company: Company
    set: EntitySet
    row: Row
    given: Mapping[str, Any]
    before: Row | None = None

    @property
    def new(self) -> bool:
        """Whether the row is being created."""
        return self.before is None

    def fill(self, **values: Any) -> None:
        """Set fields without their triggers."""
        self.row.update(values)


Trigger = Callable[[Draft, Any], None]


def _draft_passes(draft: Draft) -> None:
    """Nothing to say."""


def _row_passes(company: Company, row: Row) -> None:
    """Nothing to say."""


@dataclass(frozen=True)
class Rules:
    """The rules of a set.

    `triggers` by field; `start` runs on a new row before its fields, `check` before a row is stored, `stored` after it,
    `delete` before a row goes and `deleted` after.
    """

    triggers: Mapping[str, Trigger] = field(default_factory=dict)
    start: Callable[[Draft], None] = _draft_passes
    check: Callable[[Draft], None] = _draft_passes
    stored: Callable[[Draft], None] = _draft_passes
    delete: Callable[[Company, Row], None] = _row_passes
    deleted: Callable[[Company, Row], None] = _row_passes


def reference(target: str, id_name: str, code_name: str | None, label: str, mismatch: str) -> dict[str, Trigger]:
    """The triggers of a reference by id, and by code where there is one; both given must agree (dynamics sheet §2.4).

    `label` is what the texts call the target, `mismatch` what they say when id and code disagree.
    """

    def settle(draft: Draft, found: Row | None) -> None:
        draft.row[id_name] = ZERO if found is None else found["id"]
        if code_name is not None:
            draft.row[code_name] = "" if found is None else found["code"]

    def by_id(draft: Draft, value: str) -> None:
        found = None if value == ZERO else draft.company.get(target, value)
        if value != ZERO and found is None:
            raise dialog(f'The "{id_name}" does not match to a {label}.')
        code = draft.given.get(code_name or "")
        if code and found is not None and found["code"] != code:
            raise dialog(mismatch)
        if not (code and value == ZERO):
            settle(draft, found)

    def by_code(draft: Draft, value: str) -> None:
        found = draft.company.find(target, code=value) if value else None
        if value and found is None:
            raise dialog(f'The "{code_name}" does not match to a {label}.')
        if not value and draft.given.get(id_name, ZERO) != ZERO:
            return
        settle(draft, found)

    return {id_name: by_id} if code_name is None else {id_name: by_id, code_name: by_code}


def _currency_by_id(draft: Draft, value: str) -> None:
    code = draft.given.get("currencyCode")
    if value == ZERO:
        if not code:
            draft.fill(currencyId=ZERO, currencyCode=draft.company.currency)
        return
    found = draft.company.get("currencies", value)
    if found is None:
        raise dialog('The "currencyId" does not match to a Currency.')
    if code and found["code"] != code:
        raise dialog("The currency values do not match to a specific Currency.")
    draft.fill(currencyId=value, currencyCode=found["code"])


def _currency_by_code(draft: Draft, value: str) -> None:
    if value in ("", draft.company.currency):
        if draft.given.get("currencyId", ZERO) == ZERO:
            draft.fill(currencyId=ZERO, currencyCode=draft.company.currency)
            return
        if value:
            raise dialog("The currency values do not match to a specific Currency.")
        return
    found = draft.company.find("currencies", code=value)
    if found is None:
        raise dialog('The "currencyCode" does not match to a Currency.')
    draft.fill(currencyId=found["id"], currencyCode=value)


#: The local currency has the zero id, and its own code is filled in (dynamics sheet §2.2).
CURRENCY: dict[str, Trigger] = {"currencyId": _currency_by_id, "currencyCode": _currency_by_code}
TERMS = reference("paymentTerms", "paymentTermsId", None, "Payment Terms", "")
METHOD = reference("paymentMethods", "paymentMethodId", None, "Payment Method", "")
SHIPMENT = reference("shipmentMethods", "shipmentMethodId", None, "Shipment Method", "")
