"""Vendors, customers, items, companies, locations, units and payment terms (sap sheet §13)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from anyerp import Address, Item, Ref, Vendor
from anyerp.errors import Conflict, InvalidRecord, NotFound, NotRepresentable
from anyerp.wire import load_json


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_vendors_are_partners_of_one_type_and_customers_of_another(erp):
    assert [v.id for v in erp.vendors.list(page_size=4)] == [
        *("V10000", "V10010", "V20000", "V30000", "V40000", "V50000", "V60000", "V70000", "V90000")
    ]
    assert [c.id for c in erp.customers.list()] == ["C10000", "C20000", "C30000"]
    with pytest.raises(NotFound):
        erp.vendors.get("C10000")
    with pytest.raises(NotFound):
        erp.customers.get("L10000")  # a lead is neither


def test_a_vendor_is_read_with_the_address_that_invoices_go_to(erp):
    vendor = erp.vendors.get("V10010")
    assert vendor.name == "Müller & Söhne Elektrotechnik GmbH"
    assert vendor.address == Address(street="Industriestraße 5", city="Köln", postal_code="50667", country="DE")
    assert (vendor.currency, vendor.payment_terms.id, vendor.group, vendor.status) == ("EUR", "2", "101", "active")
    assert vendor.tax_number == "DE811907980"


def test_tno_is_no(erp):
    statuses = {vendor.id: vendor.status for vendor in erp.vendors.list()}
    assert (statuses["V90000"], statuses["V10000"]) == ("blocked", "active")
    items = {item.id: (item.status, item.purchasable) for item in erp.items.list()}
    assert items["Z0001"] == ("blocked", True)
    assert items["P5000"] == ("active", False)


def test_a_vendor_of_any_currency_has_none_and_the_mark_is_kept(erp):
    vendor = erp.vendors.get("V60000")
    assert (vendor.currency, vendor.extra["Currency"]) == (None, "##")


def test_a_partner_that_was_never_changed_is_found_by_the_day_it_was_made(erp):
    since = moment("2024-01-15T00:00:00+00:00")
    found = [vendor.id for vendor in erp.vendors.list(updated_since=since)]
    assert found == ["V10010", "V70000", "V90000"]
    assert erp.vendors.get("V70000").updated_at == erp.vendors.get("V70000").created_at


def test_the_key_of_a_vendor_is_its_code(system, erp):
    given = Vendor(
        name="Neue Lampen AG",
        currency="EUR",
        address=Address(street="Weg 1", city="Wien", country="AT"),
        external_reference="ext-9",
        phone="+43 1",
    )
    done = erp.vendors.create(given, key="V80000")
    vendor = done.record
    assert (vendor.id, vendor.number, vendor.external_reference) == ("V80000", "V80000", "ext-9")
    assert vendor.address == given.address
    assert erp.vendors.get("V80000") == vendor
    assert erp.vendors.create(given, key="V80000").settled == "before"
    assert system.row("BusinessPartners", "V80000")["CardType"] == "cSupplier"
    by_number = erp.vendors.create(Vendor(name="Andere", number="V80001")).record
    assert by_number.id == "V80001"


def test_a_code_that_a_customer_has_is_a_conflict(erp):
    with pytest.raises(Conflict, match="already assigned"):
        erp.vendors.create(Vendor(name="Double"), key="C10000")


def test_a_code_longer_than_its_column_is_refused_before_anything_is_sent(system, erp):
    with pytest.raises(NotRepresentable, match="this ERP stores 15"):
        erp.vendors.create(Vendor(name="Long"), key="X" * 16)
    assert not system.calls("POST", "/BusinessPartners")


def test_an_address_changes_in_its_own_row_and_the_delivery_address_stays(system, erp):
    before = system.row("BusinessPartners", "V10010")["BPAddresses"]
    vendor = erp.vendors.get("V10010")
    moved = vendor.address.model_copy(update={"city": "Bonn"})
    done = erp.vendors.update(vendor.model_copy(update={"address": moved, "phone": "+49 228 1"}))
    assert (done.record.address.city, done.record.phone) == ("Bonn", "+49 228 1")
    (call,) = system.calls("PATCH")
    assert load_json(call.content) == {
        "Phone1": "+49 228 1",
        "BPAddresses": [{"RowNum": 0, "AddressType": "bo_BillTo", "AddressName": "Siège", "City": "Bonn"}],
    }
    assert call.headers["if-match"] == vendor.version
    rows = system.row("BusinessPartners", "V10010")["BPAddresses"]
    assert rows[1] == before[1]
    assert len(rows) == len(before)


def test_a_partner_without_an_address_gets_one(system, erp):
    system.put("BusinessPartners", "V10000", BPAddresses=[])
    done = erp.vendors.update(Vendor(id="V10000", address=Address(city="Nice")))
    assert done.record.address == Address(city="Nice")


def test_customers_have_a_credit_limit(erp):
    customer = erp.customers.get("C10000")
    done = erp.customers.update(customer.model_copy(update={"credit_limit": Decimal("5000.50")}))
    assert done.record.credit_limit == Decimal("5000.50")


def test_items_say_units_cost_and_price_in_the_companys_currency(erp):
    items = {item.id: item for item in erp.items.list(page_size=3)}
    bulb = items["A1000"]
    assert (bulb.name, bulb.kind, bulb.currency, bulb.price) == ("Ampoule LED E27 7 W", "goods", "EUR", Decimal("3.9"))
    assert (bulb.unit, bulb.native_unit, bulb.purchase_unit, bulb.native_purchase_unit) == ("C62", "PC", "BX", "BOX12")
    varnish = items["A4000"]
    assert (varnish.unit, varnish.native_unit, varnish.native_purchase_unit) == ("LTR", "L", "bidon 5 L")
    assert items["S9000"].kind == "service"
    assert len(items) == 10


def test_a_price_in_another_currency_than_the_cost_is_left_out(system, erp):
    system.put("Items", "A1000", ItemPrices=[{"PriceList": 1, "Price": Decimal(4), "Currency": "USD"}])
    item = erp.items.get("A1000")
    assert (item.price, item.currency) == (None, "EUR")


def test_an_item_code_may_hold_what_a_path_may_not(erp):
    item = erp.items.get("O'RING/8")
    assert item.name == "Joint torique 8 mm"
    done = erp.items.update(item.model_copy(update={"name": "Joint 8 mm"}))
    assert done.record.name == "Joint 8 mm"
    with pytest.raises(NotFound):
        erp.items.get("O'RING/9?&#%")


def test_the_key_of_an_item_is_its_code(erp):
    done = erp.items.create(Item(name="Gobo", kind="service", native_unit="pce", purchasable=True), key="G/1")
    assert (done.record.id, done.record.kind, done.record.native_unit) == ("G/1", "service", "pce")
    assert erp.items.create(Item(name="Gobo"), key="G/1").settled == "before"
    with pytest.raises(Conflict):
        erp.items.create(Item(name="Again", number="G/1"))


def test_an_item_without_a_code_is_refused_with_the_erps_own_words(erp):
    with pytest.raises(InvalidRecord, match="ItemCode is missing"):
        erp.items.create(Item(name="Nameless"))


def test_companies_are_branches_and_share_the_currency_of_the_books(system, erp):
    companies = {company.id: company for company in erp.companies.list()}
    assert companies["2"].name == "Lumière Tunisie SARL"
    assert (companies["2"].country, companies["2"].currency, companies["2"].tax_number) == ("TN", "EUR", "TN1234567A")
    assert len(companies) == 4
    list(erp.companies.list())
    assert len(system.calls("POST", "CompanyService_GetAdminInfo")) == 1


def test_locations_are_warehouses_and_then_their_bins(erp):
    places = {place.id: place for place in erp.locations.list(page_size=2)}
    assert list(places) == ["01", "02", "99", "DS", "LDZ", "SFX", "bin-1", "bin-2", "bin-3"]
    assert (places["02"].kind, places["02"].company.id, places["02"].address.city) == ("warehouse", "1", "Lyon")
    assert (places["99"].active, places["01"].active) == (False, True)
    shelf = erp.locations.get("bin-2")
    assert (shelf.number, shelf.kind, shelf.parent) == ("02-A-2", "bin", Ref(id="02", number="02"))
    assert erp.locations.get("SFX").name == "Sfax مستودع"


def test_units_have_the_code_of_their_international_symbol(erp):
    units = {unit.symbol: (unit.id, unit.code, unit.name) for unit in erp.units.list()}
    assert units["BOX12"] == ("2", "BX", "Box of 12")
    assert units["KG"][1] == "KGM"


def test_terms_in_days_have_net_days_and_terms_in_months_do_not(erp):
    terms = {term.name: term for term in erp.payment_terms.list()}
    assert (terms["Net 30"].net_days, terms["Immediate"].net_days) == (30, 0)
    fin_de_mois = terms["45 fin de mois"]
    assert fin_de_mois.net_days is None
    assert (fin_de_mois.extra["NumberOfAdditionalMonths"], fin_de_mois.extra["NumberOfAdditionalDays"]) == (1, 15)


def test_terms_that_the_system_made_itself_have_a_negative_number(system, erp):
    cash = {"GroupNumber": -1, "PaymentTermsGroupName": "- Cash Basic -", "NumberOfAdditionalDays": 0}
    system.sandbox.world.store.put("PaymentTermsTypes", -1, cash)
    assert [term.id for term in erp.payment_terms.list(page_size=2)] == ["-1", "1", "2", "3", "4"]
    assert erp.payment_terms.get("-1").name == "- Cash Basic -"
