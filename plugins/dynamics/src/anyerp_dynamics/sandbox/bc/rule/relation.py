"""Relations to tables that are not served as lists here: countries, salespeople, the two shortcut dimensions."""

from __future__ import annotations

from ..problem import unrelated
from ..schema import page
from .draft import Draft, Trigger

PEOPLE = ("JO", "MH", "RL")


def country(field: str) -> dict[str, Trigger]:
    """The trigger of a country code: two letters, as in the table Country/Region."""

    def trigger(draft: Draft, value: str) -> None:
        if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
            raise unrelated("Country/Region Code", page(draft.set).table, value, "Country/Region")
        draft.row[field] = value

    return {field: trigger}


def person(field: str, caption: str) -> dict[str, Trigger]:
    """The trigger of a salesperson or purchaser."""

    def trigger(draft: Draft, value: str) -> None:
        if value and value not in PEOPLE:
            raise unrelated(caption, page(draft.set).table, value, "Salesperson/Purchaser")
        draft.row[field] = value

    return {field: trigger}


def _shortcut(place: int) -> dict[str, Trigger]:
    field = f"shortcutDimension{place}Code"

    def trigger(draft: Draft, value: str) -> None:
        (setup,) = draft.company.rows("generalLedgerSetup")
        dimension = draft.company.find("dimensions", code=setup[field])
        known = dimension and draft.company.find("dimensionValues", code=value, dimensionId=dimension["id"])
        if value and not known:
            raise unrelated(f"Shortcut Dimension {place} Code", page(draft.set).table, value, "Dimension Value")
        draft.row[field] = value

    return {field: trigger}


SHORTCUTS: dict[str, Trigger] = {**_shortcut(1), **_shortcut(2)}
