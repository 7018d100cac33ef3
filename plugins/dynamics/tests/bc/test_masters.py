"""Companies, vendors, items, locations, units and payment terms (dynamics sheet §2.1-§2.4)."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import unquote

import pytest
from anyerp import Address, Item, Location, PaymentTerm, Ref, Vendor
from anyerp.errors import InvalidRecord, NotRepresentable


def by_number(collection):
    return {record.number: record for record in collection.list()}


def test_companies_come_with_what_they_say_of_themselves(place, erp):
    companies = by_number(erp.companies)
    ours = companies["CRONUS USA, Inc."]
    assert len(companies) == 3
    assert (ours.id, ours.currency) == (place.sandbox.company().id, "USD")
    assert erp.companies.get(ours.id) == ours


def test_a_company_that_may_not_be_looked_into_has_its_name_only(place, erp):
    place.sandbox.revoke("companyInformation", "Read")
    ours = by_number(erp.companies)["CRONUS USA, Inc."]
    assert (ours.name is not None, ours.currency) == (True, None)


def test_a_vendor_is_made_found_by_its_number_and_changed(place, erp):
    vendor = Vendor(
        name="Tailspin Toys",
        status="active",
        currency="EUR",
        payment_terms=Ref(number="14 DAYS"),
        address=Address(street="Hauptstraße 1\nHof 2", city="Graz", country="AT"),
    )
    made = erp.vendors.create(vendor, key="tail-1").record
    assert (made.number, made.address.street, made.payment_terms.number) == (
        "TAIL-1",
        "Hauptstraße 1\nHof 2",
        "14 DAYS",
    )
    assert erp.vendors.create(vendor, key="tail-1").settled == "before"
    after = erp.vendors.update(Vendor(id=made.id, version=made.version, status="blocked")).record
    assert (after.status, after.native_status) == ("blocked", "All")
    assert place.bodies("PATCH") == [{"blocked": "All"}]


def test_blanks_and_payment_blocks_do_not_stop_orders(erp):
    vendors = by_number(erp.vendors)
    assert [(vendors[n].status, vendors[n].native_status) for n in ("10000", "80000", "90000")] == [
        ("active", None),
        ("active", "Payment"),
        ("blocked", "All"),
    ]


def test_a_payment_block_survives_a_change_of_something_else(place, erp):
    vendor = by_number(erp.vendors)["80000"]
    after = erp.vendors.update(vendor.model_copy(update={"phone": "1"})).record
    assert after.native_status == "Payment"
    assert place.bodies("PATCH") == [{"phoneNumber": "1"}]


def test_a_number_is_given_once_as_another_would_rename_the_record(place, erp):
    vendor = by_number(erp.vendors)["10000"]
    with pytest.raises(NotRepresentable, match="is set at creation"):
        erp.vendors.update(Vendor(id=vendor.id, number="10001"))
    assert not place.calls("PATCH")


def test_the_stock_of_an_item_is_neither_asked_for_nor_written_back(place, erp):
    item = by_number(erp.items)["1900-S"]
    assert "inventory" not in unquote(place.calls("GET", "/items")[0].target)
    before = len(place.sandbox.company().tables["itemLedgerEntries"])
    erp.items.update(item.model_copy(update={"name": "PARIS chair", "raw": None}))
    assert place.bodies("PATCH") == [{"displayName": "PARIS chair"}]
    assert len(place.sandbox.company().tables["itemLedgerEntries"]) == before


def test_items_have_their_kind_unit_and_prices_in_the_local_currency(place, erp):
    items = by_number(erp.items)
    chair, service, manual = items["1900-S"], items["3000"], items["3010"]
    assert (chair.kind, chair.unit, chair.native_unit, chair.cost, chair.currency) == (
        "goods",
        "EA",
        "PCS",
        Decimal("97.5"),
        "USD",
    )
    assert (service.kind, manual.kind, manual.native_kind) == ("service", "other", "Non-Inventory")
    assert items["1999"].status == "blocked"
    assert len(place.calls("GET", "generalLedgerSetup")) == 1


def test_an_item_is_made_with_a_unit_by_its_rec_20_code(erp):
    made = erp.items.create(Item(name="Bolt M8", kind="goods", unit="KGM", price=Decimal("1.25")), key="bolt-8").record
    assert (made.number, made.native_unit, made.price, made.status) == ("BOLT-8", "KG", Decimal("1.25"), "active")
    with pytest.raises(InvalidRecord, match=r"unit <-> unitsOfMeasure\.internationalStandardCode: no record has 'TNE'"):
        erp.items.create(Item(name="Bolt M9", unit="TNE"), key="bolt-9")


def test_a_cleared_price_is_zero(place, erp):
    item = by_number(erp.items)["1900-S"]
    assert erp.items.update(Item(id=item.id, price=None)).record.price == 0
    assert place.bodies("PATCH") == [{"unitPrice": 0}]


def test_locations_are_warehouses_of_the_company(place, erp):
    east = by_number(erp.locations)["EAST"]
    assert (east.kind, east.company.id, east.address.city) == ("warehouse", place.sandbox.company().id, "Boston")
    assert unquote(east.url).endswith("&page=5703&filter='Code' is 'EAST'")
    made = erp.locations.create(Location(name="North", company=Ref(number="CRONUS USA, Inc.")), key="north").record
    assert made.number == "NORTH"


def test_units_have_their_standard_code(erp):
    units = by_number(erp.units)
    assert (units["BOX"].code, units["BOX"].name) == ("BX", "Box")


def test_terms_are_days_where_they_are_days_and_formulas_else(erp):
    terms = by_number(erp.payment_terms)
    assert [terms[n].net_days for n in ("COD", "14 DAYS", "1M(8D)")] == [0, 14, None]
    assert (terms["1M(8D)"].discount_days, terms["1M(8D)"].discount_percent) == (8, 2)
    assert terms["1M(8D)"].extra == {"due_date_formula": "1M"}
    made = erp.payment_terms.create(PaymentTerm(name="Net 45", net_days=45), key="45 days").record
    assert (made.number, made.net_days) == ("45 DAYS", 45)


def test_master_data_is_deleted(erp):
    made = erp.payment_terms.create(PaymentTerm(name="Net 45", net_days=45), key="45").record
    erp.payment_terms.delete(made.id)
    assert "45" not in by_number(erp.payment_terms)
