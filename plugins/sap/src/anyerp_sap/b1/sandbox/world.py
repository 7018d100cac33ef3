"""One company database: its tables, its clock and time zone, its exchange rates and how it is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

from anyerp_sap.b1.sandbox import edm
from anyerp_sap.b1.sandbox.edm import Row, Type
from anyerp_sap.b1.sandbox.enums import ENUMS
from anyerp_sap.b1.sandbox.errors import not_found
from anyerp_sap.b1.sandbox.schema import TYPES
from anyerp_sap.b1.sandbox.store import Key, Store

#: Every stamp is local time of the company, whatever the Z says (sap sheet §13).
ZONE: tzinfo = timezone(timedelta(hours=2))

LOCAL_CURRENCY = "EUR"
#: A partner with this currency may be dealt with in any.
ANY_CURRENCY = "##"
MAIN_BRANCH = 1
DEFAULT_WAREHOUSE = "01"


@dataclass
class World:
    """The state behind the service. `approval_above` sends larger documents (`approval_of`) into Drafts."""

    clock: Callable[[], datetime]
    zone: tzinfo = ZONE
    store: Store = field(default_factory=Store)
    types: dict[str, Type] = field(default_factory=lambda: dict(TYPES))
    rates: dict[str, Decimal] = field(default_factory=dict)
    approval_above: Decimal | None = None
    approval_of: str = "PurchaseOrders"
    approval_answers_not_found: bool = False
    branch_mandatory: bool = False

    def now(self) -> datetime:
        """The instant in company time."""
        return self.clock().astimezone(self.zone)

    def today(self) -> date:
        """The day in company time."""
        return self.now().date()

    def time(self) -> str:
        """The time of day in company time, as it is served beside the date."""
        return self.now().strftime("%H:%M:%S")

    @contextmanager
    def at(self, instant: datetime) -> Iterator[None]:
        """Let it be another time inside the block."""
        clock, self.clock = self.clock, lambda: instant.astimezone(UTC)
        try:
            yield
        finally:
            self.clock = clock

    def require(self, entity_set: str, key: Key | None) -> None:
        """A reference must lead somewhere. Raises `Refused` with -2028, the same as for a missing document."""
        if key is not None and self.store.find(entity_set, key) is None:
            raise not_found()

    def decimals(self, currency: str) -> int:
        """How many decimals amounts of a currency have here."""
        row = self.store.find("Currencies", currency)
        places = ENUMS["CurrenciesDecimalsEnum"][row["Decimals"]] if row else "-1"
        return 2 if places == "-1" else int(places)

    def touched(self, row: Row) -> None:
        """A change: the version counter and the stamps go on."""
        if "DataVersion" in row:
            row["DataVersion"] = (row["DataVersion"] or 0) + 1
        if "UpdateDate" in row:
            row["UpdateDate"], row["UpdateTime"] = self.today(), self.time()

    def add_user_field(self, type_name: str, name: str, kind: str = "text:100", default: str = "") -> None:
        """A field of this company's own: its name begins with `U_`."""
        if not name.startswith("U_"):
            raise ValueError(f"a user field is named U_…, not {name}")
        type_ = self.types[type_name]
        fields = {**type_.fields, name: edm.field(name, kind, [], default)}
        self.types[type_name] = replace(type_, fields=fields)
