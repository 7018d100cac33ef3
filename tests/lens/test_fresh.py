"""The quick way to write a new record gives what the careful way gives, whatever the record holds."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from anyerp.connector.registry import registry
from anyerp.lens import Codec, Join, Lens, Map, Nest, absent, integer, text
from anyerp.lens.fresh import Hard
from anyerp.model import PurchaseOrder, Ref, Vendor
from anyerp.testing.values import each, places, strategy
from pydantic import ValidationError
from thing import THING

NAMES = [*registry().connectors, "thing"]


def lenses(name):
    """The lenses of a connector; loaded by the test that wants them, since loading one names its codecs for all."""
    if name == "thing":
        return {name: THING}
    return {resource: declared.lens for resource, declared in registry().connector(name).resources.items()}


@pytest.fixture
def order_lens():
    return lenses("sap-s4hana")["purchase_orders"]


@pytest.mark.parametrize("name", NAMES)
def test_random_records_are_written_alike(name):
    for resource, lens in lenses(name).items():
        assert quickly(lens) or not list(places(lens)), f"{resource}: the quick way is never taken"


def quickly(lens):
    """How many random records went the quick way; each was written alike by both."""
    quick = []

    def check(record):
        assert lens.create(record) == lens.create_carefully(record)
        with suppress(Hard):
            quick.append(lens.fresh.native(record))

    each(strategy(lens), check, 20)
    return len(quick)


@pytest.mark.parametrize("name", NAMES)
def test_every_edge_of_every_field_is_written_or_refused_alike(name):
    for lens in lenses(name).values():
        for place in places(lens):
            for edge in place.edges():
                try:
                    record = place.record(edge.value)
                except ValidationError:
                    continue
                assert lens.create(record) == lens.create_carefully(record), (place.name, edge)


TEXTS = (
    "",
    " ",
    "x",
    "X",
    "0",
    "007",
    "1.50",
    "-0",
    "+1",
    "1e3",
    "1_0",
    "\u0661",
    "2025-01-31",
    "EUR",
    "C62",
    "a\x00b",
)
WHOLE = (0, 1, -1, 2**40, True, False, 1.5, 1.0, float("nan"))
NUMBERS = tuple(map(Decimal, ("1.50", "-0.00", "1E+3", "1E-120", "1E+40", "NaN", "Infinity", "9" * 40)))
DAYS = (date(2025, 1, 31), datetime.fromisoformat("2025-01-31"), datetime(2025, 1, 31, tzinfo=UTC))
KEYS = ({"id": "1"}, {"id": ""}, {"id": 5}, {"number": "1"}, {"id": "1", "name": ""}, {"id": "1", "more": 1}, {})
MADE = (
    Ref(id="1", name="n"),
    Ref(number="1"),
    Ref.model_construct(id=""),
    Ref.model_construct(id="1", number=1, name=None),
)
OTHERS = ([], (), [{}], [None], {"x": 1}, {1: None}, {"x": None}, {"x": 1.5}, {"x": Decimal("NaN")}, object(), b"x")
ODD = (None, *TEXTS, *WHOLE, *NUMBERS, *DAYS, *KEYS, *MADE, *OTHERS)


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_the_quick_way_is_what_the_model_would_have_taken(name):
    for resource, lens in lenses(name).items():
        quick = 0
        for values in odd(lens):
            for given in (values, lens.model().model_copy(update=values)):
                with suppress(Hard):
                    native = lens.fresh.native(given)
                    found = lens.create_carefully(lens.model.model_validate(values))
                    assert (native, ()) == (found.native, found.problems), values
                    quick += 1
        assert quick or not list(places(lens)), f"{resource}: the quick way is never taken"


def odd(lens):
    """Values by name, most of which the model does not take, in every place and beside the rules."""
    for value in ODD:
        yield from ({field: value} for field in lens.model.model_fields if field != "raw")
        yield from (place.nested(value) for place in places(lens))
        yield {"bogus": value}


def test_a_key_takes_the_place_of_the_records_own(order_lens):
    order = PurchaseOrder(external_reference="mine", currency="EUR")
    for given in (order, {"external_reference": "mine", "currency": "EUR"}, {"currency": "EUR"}):
        native = order_lens.fresh.native(given, ("external_reference", "THEIRS"))
        assert native == {"DocumentCurrency": "EUR", "CorrespncExternalReference": "THEIRS"}
    assert order.external_reference == "mine"


def test_records_of_many_forms_are_written_by_one_code_for_all(order_lens):
    lens = order_lens.extended()
    fields = ("vendor_reference", "currency", "notes", "incoterms", "incoterms_location", "external_reference", "url")
    for chosen in range(2 ** len(fields)):
        values = {field: "EUR" if field == "currency" else None for n, field in enumerate(fields) if chosen & 1 << n}
        assert lens.fresh.native(values) == lens.create_carefully(PurchaseOrder.model_validate(values)).native


def alike(lens, record):
    found = lens.create(record)
    assert found == lens.create_carefully(record)
    return found


WHY = "never: this one has none"
STATUS = Codec("s", decode=lambda v: {"A": "active"}.get(v, "other"), encode={"active": "A"}.__getitem__)
PHONE = Codec(
    "p",
    decode=lambda parts: "-".join(part or "" for part in parts),
    encode=lambda v: tuple(v.split("-")),
    native=(str, str),
)
CITY = (
    Map("city", "city", text(9)),
    Map("street", "lines/0/text", text(9)),
    *absent(WHY, "name", "postal_code", "region", "country"),
)
MAPPED = (
    Map("id", "id", text(9), read_only=True),
    Map("name", "name", text(10)),
    Map("status", "state", STATUS, native="native_status"),
    Nest("address", CITY, at="main/address"),
    Join("phone", ("code", "rest"), PHONE),
    Map("extra.size", "size", integer()),
    Map("website", "kinds/kind=web/text", text(20)),
    Map("email", "kinds/kind=mail/text", text(20)),
)
OWN = {"id", "name", "status", "native_status", "address", "phone", "extra", "website", "email", "raw"}
VENDOR = Lens(Vendor, (*MAPPED, *absent(WHY, *(set(Vendor.model_fields) - OWN))))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": None},
        {"name": "x" * 11},
        {"id": "1"},
        {"id": None, "name": "a"},
        {"status": "active"},
        {"native_status": "B"},
        {"status": "other", "native_status": "B"},
        {"status": "active", "native_status": "A"},
        {"status": "active", "native_status": "B"},
        {"status": None, "native_status": "A"},
        {"address": None},
        {"address": {"city": "B", "street": "S"}},
        {"address": {"city": "B", "country": "DE"}},
        {"phone": "49-30"},
        {"extra": {"size": 5}},
        {"extra": {"size": "5"}},
        {"extra": {"size": None, "unknown": None}},
        {"extra": {"unknown": 1}},
        {"extra": None},
        {"website": "w", "email": "e"},
        {"email": "e"},
        {"tax_number": "1"},
        {"currency": None},
    ],
)
def test_unusual_records_are_written_alike(values):
    alike(VENDOR, Vendor.model_validate(values))


def test_a_key_that_is_given_twice_is_refused_alike(order_lens):
    order = PurchaseOrder.model_validate({"lines": [{"number": 1}, {"number": 1}]})
    found = alike(order_lens, order)
    assert found.problems


def test_equal_numbers_that_are_written_differently_stay_apart(order_lens):
    for quantity in ("1", "1.0", "1.000", "10", "1E+1", "0", "0.0", "-0"):
        alike(order_lens, PurchaseOrder.model_validate({"lines": [{"number": 1, "quantity": Decimal(quantity)}]}))


def test_what_was_made_is_the_callers_own(order_lens):
    order = PurchaseOrder.model_validate({"company": {"id": "1010"}, "lines": [{"number": 1}]})
    one, two = order_lens.create(order), order_lens.create(order)
    one.native["to_PurchaseOrderItem"]["results"][0]["x"] = 1
    assert two.native == order_lens.create_carefully(order).native


def test_a_narrowed_lens_and_an_extended_one_have_ways_of_their_own():
    assert VENDOR.create(Vendor(name="a")).native == {"name": "a"}
    more = VENDOR.extended(Map("name", "title", text(10)))
    assert more.create(Vendor(name="a")).native == {"title": "a"}
    narrow = VENDOR.only(["name"])
    assert narrow.create(Vendor(name="a")) == narrow.create_carefully(Vendor(name="a"))
