"""Number sequences: the numbers that Finance & Operations gives when a client leaves them out (dynamics sheet §1.7)."""

from __future__ import annotations

from .store import Store

#: table: (field, how a number is written). A number of one company says nothing of another's.
PATTERNS = {
    "purchase_order": ("PurchaseOrderNumber", "{:08d}"),
    "sales_order": ("SalesOrderNumber", "{:06d}"),
    "sales_order_line": ("InventoryLotId", "{:06d}"),
    "vendor": ("VendorAccountNumber", "V-{:06d}"),
    "customer": ("CustomerAccount", "C-{:06d}"),
    "vendor_invoice": ("HeaderReference", "{:06d}"),
    "lot": ("InventoryLotId", "{:06d}"),
    "party": ("PartyNumber", "{:09d}"),
    "receipt": ("ProductReceiptNumber", "PR-{:06d}"),
}


class Sequences:
    """The counters of all companies. `manual` names the tables whose number a person must give in this environment."""

    def __init__(self, store: Store, manual: frozenset[str]) -> None:
        self.manual = manual
        self._store = store
        self._last: dict[tuple[str, str], int] = {}

    def next(self, table: str, company: str) -> str:
        """Give the next number that is free. Numbers of undone writes are not given again."""
        _, pattern = PATTERNS[table]
        while True:
            place = self._last[table, company] = self._last.get((table, company), 0) + 1
            number = pattern.format(place)
            if table not in self._store.tables or self._store.find(table, company, number) is None:
                return number
