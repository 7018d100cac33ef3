"""A small model and a table over it that uses every kind of rule, for the tests of this folder."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from anyerp.kits.odata import v2
from anyerp.lens import (
    Codec,
    Derived,
    Each,
    Join,
    Lens,
    Map,
    Nest,
    Refused,
    Slots,
    absent,
    boolean,
    choice,
    decimal,
    integer,
    integer_text,
    iso_day,
    iso_instant,
    number_text,
    reference,
    text,
    trimmed,
)
from anyerp.model.base import Address, Amount, Day, Extra, Instant, LineNumber, Model, Record, Ref, Text
from pydantic import Field


class Part(Model):
    """A line."""

    number: LineNumber | None = None
    item: Ref | None = None
    quantity: Amount | None = None
    due: Day | None = None
    note: Text | None = None
    state: Literal["open", "done", "other"] | None = None
    extra: Extra | None = None


class Thing(Record):
    """A document with every kind of field."""

    name: Text | None = None
    code: Text | None = None
    kind: Literal["a", "b", "other"] | None = None
    native_kind: Text | None = None
    street: Text | None = None
    mails: Annotated[tuple[Text, ...], Field(strict=False)] | None = None
    vendor: Ref | None = None
    home: Address | None = None
    office: Address | None = None
    note: Text | None = None
    price: Amount | None = None
    rate: Amount | None = None
    count: LineNumber | None = None
    day: Day | None = None
    at: Instant | None = None
    active: bool | None = None
    total: Amount | None = None
    nowhere: Text | None = None
    parts: Annotated[tuple[Part, ...], Field(strict=False)] | None = None


def street() -> Codec:
    """Street and house number, native apart."""

    def encode(value: str) -> tuple[str, str]:
        name, _, number = value.rpartition(" ")
        if not name.strip() or name != name.strip() or not number.isalnum():
            raise Refused("a street ends with its house number")
        if len(name) > 20:
            raise Refused(f"{len(name)} characters, this ERP stores 20")
        return name, number

    def decode(values: tuple[str | None, str | None]) -> str | None:
        return " ".join(value for value in values if value) or None

    return Codec("street", decode=decode, encode=encode, native=(str, str), empty="")


def total(parts: list[dict] | None, fee: Decimal | None) -> Decimal | None:
    """Quantities of all parts, and the fee."""
    if parts is None:
        return None
    return sum((part.get("quantity") or Decimal(0) for part in parts), fee or Decimal(0))


PART = (
    Map("number", "Pos", integer_text(4), create_only=True),
    Map("item", "Item", reference(8, upper=True, trim=True, empty="")),
    Map("quantity", "Qty", decimal(9, 3, as_text=True)),
    Map("due", "plan/0/Due", iso_day()),
    Map("note", "texts/Type=L01/Text", text(12, empty="")),
    Map("state", "Done", choice({True: "done", False: "open"}, native=bool)),
    Map("extra.weight", "Weight", decimal(7, 2)),
)

KIND = choice({"A": "a", "B": "b"}, also={"": "a", "AA": "a"}, otherwise="other")

THING = Lens(
    Thing,
    (
        Map("id", "Key", text(8), read_only=True),
        Map("number", "No", trimmed(8, upper=True), create_only=True),
        Map("version", "meta/@etag", text(), read_only=True),
        Map("created_at", "Created", v2.instant(), read_only=True),
        Map("updated_at", "Changed", iso_instant(1000), read_only=True),
        Map("name", "Name", text(10, empty="")),
        Map("code", "Code", text(5, upper=True)),
        Map("kind", "Kind", KIND, native="native_kind"),
        Join("street", ("Street", "HouseNo"), street()),
        Slots("mails", ("Mail1", "Mail2"), text(15, empty="")),
        Map("vendor", "Vendor", reference(6, trim=True, empty="")),
        Nest("home", (
            Map("city", "City", text(8, empty="")),
            Map("country", "Country", text(2, empty="")),
            *absent("never: not kept", "name", "street", "postal_code", "region"),
        )),
        Nest("office", (
            Map("name", "Line1", text(8, empty="")),
            Map("city", "Town", text(8, empty="")),
            *absent("never: not kept", "street", "postal_code", "region", "country"),
        ), at="addresses/role=OFFICE"),
        Map("note", "texts/Type=F01/Text", text(12, empty="")),
        Map("price", "Price", decimal(9, 2)),
        Map("rate", "Rate", number_text(9, 5, empty="0")),
        Map("count", "Count", integer(0, 99)),
        Map("day", "Day", v2.day()),
        Map("at", "At", iso_instant(1_000_000)),
        Map("active", "Active", boolean()),
        Derived("total", total, uses=("parts",), native=(("Fee", decimal()),)),
        Each("parts", "parts/results", PART, key=("number", "Pos")),
        Map("extra.project", "ZZProject", text(6, upper=True)),
        Map("extra.due", "ZZDue", iso_day()),
        *absent("upstream: not in this service", "nowhere", "url"),
    ),
)  # fmt: skip

NATIVE = {
    "Key": "K1", "No": "000042", "meta": {"@etag": "e1"}, "Created": "/Date(1663289112000+0000)/",
    "Changed": "2025-01-31T09:30:00.123Z", "Name": "Pump", "Code": "P1", "Kind": "B", "Street": "Main", "HouseNo": "7a",
    "Mail1": "a@x", "Mail2": "", "Vendor": "000100", "City": "Ulm", "Country": "DE",
    "addresses": [{"role": "PLANT", "Town": "Bonn"}, {"role": "OFFICE", "Line1": "HQ", "Town": "Kiel", "zz": 1}],
    "texts": [{"Type": "F02", "Text": "two"}, {"Type": "F01", "Text": "one", "Lang": "DE"}],
    "Price": 12.5, "Rate": " 1.25 ", "Count": 3, "Day": "/Date(1748736000000)/", "At": "2025-01-31T10:30:00+01:00",
    "Active": True, "Fee": 1.5, "ZZProject": "P-9", "ZZDue": "2025-06-01", "Unheard": {"of": [1, 2]},
    "parts": {"results": [
        {"Pos": "00010", "Item": "0007", "Qty": "2.500", "plan": [{"Due": "2025-02-01"}, {"Due": "x"}], "Done": True,
         "texts": [{"Type": "L01", "Text": "hi"}], "Weight": 1.25, "zz": "kept"},
        {"Pos": "00020", "Item": "BOLT", "Qty": "4", "plan": [], "Done": False, "texts": []},
    ]},
}  # fmt: skip
