"""The V4 order in the shape of the V2 one, and back: what the two services name or write differently (sheet §5, §12).

A name that stands in no table is the same in both. Numbers are JSON numbers in V4 and text in V2; days and moments are
ISO in V4 and ticks in V2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, DecimalException
from typing import Any

_FIRST = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000


@dataclass(frozen=True)
class Kind:
    """One entity type: V4 names by V2 names where they differ, parts by V2 navigation, what is written differently.

    `beside` are fields that V4 keeps in an entity of its own, `_DeliveryAddress/CityName`, and shows only for reading.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Kind] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    days: frozenset[str] = frozenset()
    moments: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def v4(self, name: str) -> str:
        """The V4 name of a field or navigation."""
        return self.names.get(name) or self.beside.get(name, name)

    def to_v2(self, found: dict[str, Any]) -> dict[str, Any]:
        """A record as V4 gives it, in V2's shape. Annotations and messages fall away, but for the etag.

        What is not as it should be stays as it came: the lens says of it what is wrong.
        """
        back = {self.v4(name): name for name in (*self.names, *self.parts)}
        made: dict[str, Any] = {}
        for given, value in found.items():
            name = back.get(given, given)
            if given == "@odata.etag":
                made["__metadata"] = {"etag": value}
            elif name in self.parts and isinstance(value, list):
                part = self.parts[name]
                made[name] = {"results": [part.to_v2(one) if isinstance(one, dict) else one for one in value]}
            elif "@" not in given and given != "SAP__Messages":
                made[name] = self._text(name, value)
        for name, path in self.beside.items():
            navigation, _, member = path.partition("/")
            if isinstance(made.get(navigation), dict):
                made[name] = made[navigation].get(member)
        return made

    def to_v4(self, native: Mapping[str, Any]) -> dict[str, Any]:
        """A payload of V2's shape as V4 takes it: the parts as plain lists, decimals as numbers."""
        made: dict[str, Any] = {}
        for name, value in native.items():
            if name in self.parts:
                results = value.get("results", ()) if isinstance(value, dict) else value
                made[self.v4(name)] = [self.parts[name].to_v4(one) for one in results or ()]
            elif name != "__metadata" and not name.startswith("_anyerp"):
                made[self.v4(name)] = self._value(name, value)
        return made

    def paths(self, paths: Iterable[str]) -> list[str]:
        """Native V2 paths as V4 paths of names only: for `$select` and `$expand`."""
        return ["/".join(self._path(path)) for path in paths if not path.startswith("__metadata")]

    def _path(self, path: str) -> Iterable[str]:
        kind: Kind = self
        for step in path.split("/"):
            if step not in ("results", "*") and not step.isdecimal() and "=" not in step:
                yield kind.v4(step)
                kind = kind.parts.get(step, kind)

    def _text(self, name: str, value: Any) -> Any:
        if name in self.numbers and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        if isinstance(value, str) and name in self.days | self.moments:
            with suppress(ValueError):
                return _ticks_of_day(value) if name in self.days else _ticks_of_moment(value)
        return value

    def _value(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if name in self.numbers:
            try:
                return Decimal(value or "0")
            except DecimalException:
                return value  # the service says of it what is wrong
        if name in self.days and value.startswith("/Date("):
            return date.fromordinal(_FIRST + int(value[6:].rstrip(")/").partition("+")[0]) // _DAY).isoformat()
        return value


def _ticks_of_day(value: str) -> str:
    return f"/Date({(date.fromisoformat(value).toordinal() - _FIRST) * _DAY})/"


def _ticks_of_moment(value: str) -> str:
    """Milliseconds, as the lens reads them; V4's finer digits are cut, as V2 cuts them."""
    moment = datetime.fromisoformat(value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"/Date({(moment - _EPOCH) // timedelta(milliseconds=1)}+0000)/"


SCHEDULE = Kind(
    names={"PurchasingDocument": "PurchaseOrder", "PurchasingDocumentItem": "PurchaseOrderItem"},
    days=frozenset({"ScheduleLineDeliveryDate", "SchedLineStscDeliveryDate"}),
    numbers=frozenset({"ScheduleLineOrderQuantity", "OpenPurchaseOrderQuantity"}),
)
ASSIGNMENT = Kind(
    names={"PurchaseOrderQuantityUnit": "OrderQuantityUnit"},
    numbers=frozenset({"Quantity", "MultipleAcctAssgmtDistrPercent", "PurgDocNetAmount"}),
)
NOTE = Kind()
ITEM = Kind(
    names={
        "ProductType": "ProductTypeCode",
        "to_ScheduleLine": "_PurchaseOrderScheduleLineTP",
        "to_AccountAssignment": "_PurOrdAccountAssignment",
    },
    parts={"to_ScheduleLine": SCHEDULE, "to_AccountAssignment": ASSIGNMENT},
    beside={
        "DeliveryAddressName": "_DeliveryAddress/OrganizationName1",
        "DeliveryAddressName2": "_DeliveryAddress/OrganizationName2",
        "DeliveryAddressStreetName": "_DeliveryAddress/StreetName",
        "DeliveryAddressHouseNumber": "_DeliveryAddress/HouseNumber",
        "DeliveryAddressCityName": "_DeliveryAddress/CityName",
        "DeliveryAddressPostalCode": "_DeliveryAddress/PostalCode",
        "DeliveryAddressRegion": "_DeliveryAddress/Region",
        "DeliveryAddressCountry": "_DeliveryAddress/Country",
    },
    days=frozenset({"TaxDeterminationDate"}),
    numbers=frozenset({
        "OrderQuantity", "NetPriceAmount", "NetPriceQuantity", "OrderPriceUnitToOrderUnitNmrtr",
        "OrdPriceUnitToOrderUnitDnmntr", "OverdelivTolrtdLmtRatioInPct", "UnderdelivTolrtdLmtRatioInPct",
        "ItemNetWeight", "ItemVolume", "DownPaymentPercentageOfTotAmt", "DownPaymentAmount",
        "ExpectedOverallLimitAmount", "OverallLimitAmount", "NetAmount", "GrossAmount", "EffectiveAmount",
    }),
)  # fmt: skip
ORDER = Kind(
    names={
        "PurchasingDocumentDeletionCode": "PurchaseOrderDeletionCode",
        "to_PurchaseOrderItem": "_PurchaseOrderItem",
        "to_PurchaseOrderNote": "_PurchaseOrderNote",
    },
    parts={"to_PurchaseOrderItem": ITEM, "to_PurchaseOrderNote": NOTE},
    days=frozenset({"PurchaseOrderDate", "CreationDate", "ValidityStartDate", "ValidityEndDate"}),
    moments=frozenset({"LastChangeDateTime"}),
    numbers=frozenset({
        "ExchangeRate", "CashDiscount1Days", "CashDiscount2Days", "NetPaymentDays", "CashDiscount1Percent",
        "CashDiscount2Percent",
    }),
)  # fmt: skip
