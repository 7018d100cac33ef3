"""What a company is set up with, in a live Tryton: companies, locations, units and payment terms."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import Conflict, InvalidRecord, NotFound, NotRepresentable, NotSupported
from anyerp.model import Company, Location, PaymentTerm, PurchaseOrderLine, Ref, Unit, Vendor
from anyerp_tryton.live import Server

pytestmark = pytest.mark.live

Order = Callable[..., Any]


def test_master_data_is_read(erp: Connection, tryton: Server) -> None:
    (company,) = erp.companies.list(on_problem="raise")
    assert (company.id, company.currency) == (str(tryton.seeds.company), "USD")

    vendors = {v.number: v for v in erp.vendors.list(on_problem="raise")}
    assert vendors["V-1001"].tax_number == "DE136695976"
    assert vendors["V-1001"].email == "po@acme.example"
    assert vendors["V-1001"].payment_terms.name == "Net 30"
    assert vendors["V-1002"].address.city == "Tromsø"
    assert vendors["V-1003"].name == "東京ポンプ株式会社"

    items = {item.number: item for item in erp.items.list(on_problem="raise")}
    assert set(tryton.seeds.products) <= set(items)
    rod = items["STEEL-ROD"]
    assert (rod.unit, rod.purchase_unit, rod.kind, rod.status, rod.purchasable) == (
        "KGM",
        "KGM",
        "goods",
        "active",
        True,
    )
    assert {item.kind for item in items.values()} == {"goods", "service"}

    places = {place.number: place for place in erp.locations.list(on_problem="raise")}
    assert places["QUAY"].kind == "warehouse"
    assert (places["QUAY-STO"].kind, places["QUAY-STO"].parent.number) == ("storage", "QUAY")

    units = {unit.symbol: unit for unit in erp.units.list(on_problem="raise")}
    assert units["kg"].code == "KGM"
    assert all(unit.code for unit in units.values())

    terms = {term.name: term.net_days for term in erp.payment_terms.list(on_problem="raise")}
    assert (terms["Net 30"], terms["Due on receipt"]) == (30, 0)

    for name in ("companies", "vendors", "items", "locations", "units", "payment_terms"):
        collection = erp.collection(name)
        first = next(iter(collection.list()))
        assert collection.get(first.id) == first


def test_a_storage_location_is_made_in_a_warehouse_changed_and_put_aside(own: Connection) -> None:
    given = Location(name="Rack 7", kind="storage", parent=Ref(number="QUAY-STO"))
    made = own.locations.create(given, key="RACK-7").record
    assert (made.number, made.name, made.kind, made.parent.number) == ("RACK-7", "Rack 7", "storage", "QUAY-STO")
    assert own.locations.create(given, key="RACK-7").settled == "before"
    moved = own.locations.update(
        made.model_copy(update={"name": "Rack 8", "parent": Ref(number="QUAY-IN"), "active": False})
    ).record
    assert (moved.name, moved.parent.number, moved.active) == ("Rack 8", "QUAY-IN", False)
    with pytest.raises(Conflict):
        own.locations.update(made.model_copy(update={"name": "Rack 9"}))
    assert own.locations.operations["delete"].startswith("never: Tryton deletes with a location")


def test_a_warehouse_is_renamed_and_not_made(own: Connection) -> None:
    with pytest.raises(InvalidRecord, match="needs zones"):
        own.locations.create(Location(name="Annex", kind="warehouse"), key="ANNEX")
    (quay,) = (place for place in own.locations.list() if place.number == "QUAY")
    assert own.locations.update(Location(id=quay.id, name="Old quay")).record.name == "Old quay"
    with pytest.raises(InvalidRecord, match="you must empty it"):
        own.locations.update(Location(id=quay.id, active=False))
    for parent in (Ref(id="99999"), Ref(number="NOWHERE")):
        with pytest.raises(InvalidRecord, match="parent <-> "):
            own.locations.create(Location(name="Rack", parent=parent))


def test_a_unit_that_was_made_is_ordered_at_once(own: Connection, order: Order) -> None:
    crate = Unit(name="Crate", dimension="Units", factor=Decimal(24))
    made = own.units.create(crate, key="crate").record
    assert (made.number, made.symbol, made.name, made.dimension, made.factor) == (
        "crate",
        "crate",
        "Crate",
        "Units",
        24,
    )
    assert own.units.create(crate, key="crate").settled == "before"
    line = PurchaseOrderLine(item=Ref(number="BOLT-M8"), quantity=2, native_unit="crate", unit_price=Decimal(3))
    (ordered,) = own.purchase_orders.create(order(lines=(line,))).record.lines
    assert (ordered.native_unit, ordered.unit) == ("crate", None)
    with pytest.raises(InvalidRecord, match="used by field"):
        own.units.delete(made.id)
    assert own.units.update(Unit(id=made.id, name="Crate of 24", active=False)).record.active is False


@pytest.mark.parametrize("factor", ["0.028349523", "1000", "0.333333333", "907.18474"])
def test_a_unit_keeps_its_factor_and_tryton_the_rate_with_it(own: Connection, written: Server, factor: str) -> None:
    made = own.units.create(Unit(number="odd", name="Odd", dimension="Weight", factor=Decimal(factor))).record
    assert made.factor == Decimal(factor)
    (row,) = written.rpc().read("product.uom", [int(made.id)], "rate")
    assert row["rate"] == round(1 / float(factor), 12)
    own.units.delete(made.id)
    with pytest.raises(NotFound):
        own.units.get(made.id)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"dimension": "Temper"}, InvalidRecord, "dimension <-> category.name"),
        ({"factor": Decimal(0)}, InvalidRecord, "more than nothing"),
        ({"factor": Decimal("0.0283495231")}, NotRepresentable, "factor <-> factor"),
        ({"number": "hogsheads-of-ale"}, NotRepresentable, "number <-> symbol"),
        ({"code": "C62"}, NotRepresentable, "code <-> symbol"),
    ],
)
def test_a_unit_that_tryton_cannot_hold_is_refused(
    own: Connection, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    values = {"number": "hhd", "name": "Hogshead", "dimension": "Volume", "factor": Decimal(240), **changes}
    with pytest.raises(error, match=words):
        own.units.create(Unit.model_validate(values))


def test_a_payment_term_is_made_by_its_name_changed_and_removed(own: Connection, written: Server) -> None:
    made = own.payment_terms.create(PaymentTerm(net_days=45, description="Since 2026"), key="Net 45").record
    assert (made.number, made.name, made.net_days, made.active) == ("Net 45", "Net 45", 45, True)
    assert own.payment_terms.create(PaymentTerm(net_days=45), key="Net 45").settled == "before"
    bought = own.vendors.create(Vendor(name="Patient", payment_terms=Ref(number="Net 45"))).record
    assert bought.payment_terms.id == made.id
    changed = own.payment_terms.update(made.model_copy(update={"net_days": 50, "description": None})).record
    assert (changed.net_days, changed.description) == (50, None)
    lines = written.rpc().read("account.invoice.payment_term", [int(made.id)], "lines.type")[0]["lines."]
    assert [line["type"] for line in lines] == ["remainder"]
    with pytest.raises(Conflict):
        own.payment_terms.update(made.model_copy(update={"net_days": 60}))
    with pytest.raises(InvalidRecord, match="net_days <-> lines"):
        own.payment_terms.update(PaymentTerm(id=made.id, net_days=None))
    with pytest.raises(InvalidRecord, match="last remainder line"):
        own.payment_terms.create(PaymentTerm(name="Whenever"))
    spare = own.payment_terms.create(PaymentTerm(name="Spare", net_days=0)).record
    own.payment_terms.delete(spare.id)
    with pytest.raises(NotFound):
        own.payment_terms.get(spare.id)


def test_companies_are_read_only_and_say_why(own: Connection) -> None:
    assert own.companies.operations["create"].startswith("upstream: a company comes with accounts")
    with pytest.raises(NotSupported, match="upstream"):
        own.companies.create(Company(name="Second"))
