"""The desk: what a business rule has at hand, and the refusals it speaks in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from ...odata import EntitySet, Row
from ..problem import Problem, infolog
from ..sequence import Sequences
from ..store import Store

#: ISO 3166 alpha-2 for the three letters by which the service knows countries.
COUNTRIES = {"USA": "US", "DEU": "DE", "JPN": "JP", "KWT": "KW", "TUN": "TN", "FRA": "FR", "POL": "PL", "GBR": "GB"}


def label(name: str) -> str:
    """Tell what a person reads for a field: `OrderVendorAccountNumber` is `Order vendor account number`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).split()
    return " ".join([words[0], *(word.lower() if word.istitle() else word for word in words[1:])])


@dataclass(frozen=True)
class Desk:
    """The state, the clock and the number sequences, for one entity set being written."""

    store: Store
    sequences: Sequences
    now: Callable[[], datetime]
    entity_set: EntitySet

    @property
    def today(self) -> datetime:
        """The date of now as the service writes dates: at noon UTC."""
        return self.now().replace(hour=12, minute=0, second=0, microsecond=0)

    def refuse(self, *said: str, check: str = "validateWrite") -> Problem:
        """Make the refusal of a write: `said` are Infolog lines with their severity."""
        facts = self.entity_set.facts
        return infolog(facts.entity, *said, check=check, source=facts.sources[0])

    def mandatory(self, name: str) -> Problem:
        """Make the refusal of a write that leaves a field empty."""
        return self.refuse(f"Warning: Field '{label(name)}' must be filled in.")

    def rounded(self, amount: Decimal, currency: str) -> Decimal:
        """Round an amount as its currency is rounded."""
        row = self.store.find("currency", currency)
        rule: Decimal = row["GeneralRoundingRule"] if row else Decimal("0.01")
        return (amount / rule).quantize(Decimal(1), ROUND_HALF_UP) * rule


def fill(row: Row, given: Row, **values: object) -> None:
    """Set fields that the client did not give; an empty value sets nothing."""
    for name, value in values.items():
        if name not in given and value not in ("", None):
            row[name] = value


def line_amount(quantity: Decimal, price: Decimal, per: Decimal, discount: Decimal, percent: Decimal) -> Decimal:
    """Amount of a line: the price is for `per` units; the discount amount lowers it, the percentage what is left."""
    return quantity * (price - discount) / (per or Decimal(1)) * (1 - percent / 100)


def formatted(street: str, postcode: str, city: str, country: str) -> str:
    """Give an address on one line per part, as the service shows it."""
    return "\n".join(part for part in (street, f"{city}, {postcode}".strip(", "), country) if part)


def site_of(desk: Desk, row: Row, site: str, warehouse: str) -> None:
    """Derive the site from the warehouse, and refuse a warehouse of another site."""
    if not row[warehouse]:
        return
    found = desk.store.find("warehouse", row["dataAreaId"], row[warehouse])
    if found is None:
        return
    if not row[site]:
        row[site] = found["OperationalSiteId"]
    elif row[site].casefold() != found["OperationalSiteId"].casefold():
        raise desk.refuse(f"Error: Warehouse {row[warehouse]} does not belong to site {row[site]}.")
