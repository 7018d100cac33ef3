"""What a company is set up with, in a live Tryton, and its masters: read."""

import pytest
from anyerp.connection.connection import Connection
from anyerp_tryton.live import Server

pytestmark = pytest.mark.live


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
