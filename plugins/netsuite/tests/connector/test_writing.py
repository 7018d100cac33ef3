"""Writing through the record service (netsuite sheet §3): every trap that a writer meets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from anyerp import Address, PurchaseOrderLine, Ref, Vendor
from anyerp.errors import Conflict, InvalidRecord, NotRepresentable, NotSupported, OutcomeUnknown
from anyerp.model import GoodsReceipt, VendorInvoice
from anyerp.model.goods_receipt import GoodsReceiptLine
from anyerp.model.vendor_invoice import VendorInvoiceLine
from anyerp.testing.check import check
from anyerp.testing.law import LAWS
from anyerp.testing.sandbox import Once, answer_with, lose_after
from anyerp.testing.subject import Subject
from anyerp.wire import Headers, Response
from anyerp_netsuite.connector import CONNECTOR
from anyerp_netsuite.sandbox import NetSuiteSandbox, with_open_order
from anyerp_netsuite.sandbox.seed.common import add


def test_a_create_with_a_key_is_an_upsert_by_external_id(place, erp, order):
    done = erp.purchase_orders.create(order(), key="req-42")
    (call,) = place.calls("PUT")
    assert call.target == "/services/rest/record/v1/purchaseOrder/eid:req-42?replace=item,expense"
    assert call.headers["x-netsuite-propertynamevalidation"] == "Error"
    assert done.record.external_reference == "req-42"
    assert done.record.number.startswith("PO")
    # Sent once more it changes nothing: lines without a key would else be added again.
    place.sandbox.handle(call)
    assert len(erp.purchase_orders.get(done.record.id).lines) == 1


@pytest.mark.parametrize("key", ["RED|PO|1", 'with "quotes"', "a/b"])
def test_a_key_that_cannot_stand_in_a_url_is_looked_for_otherwise(place, erp, order, key):
    one = erp.purchase_orders.create(order(), key=key)
    two = erp.purchase_orders.create(order(), key=key)
    assert two.settled == "before"
    assert one.record.id == two.record.id
    assert not place.calls("PUT")


def test_a_lost_answer_is_settled_by_the_external_id(place, erp, order):
    erp.units.page()
    place.sandbox.faults.append(Once(lose_after, when=lambda call: call.method == "PUT"))
    done = erp.purchase_orders.create(order(), key="req-43")
    assert (done.outcome, done.settled) == ("applied", "look")
    assert len(place.calls("PUT")) == 1


def test_an_answer_without_a_location_is_no_success(place, erp, order):
    erp.units.page()
    page = Response(200, Headers({"content-type": "text/html"}), b"<h1>Log in</h1>")
    place.sandbox.faults.append(
        Once(answer_with(page), when=lambda call: call.method == "POST" and "record" in call.target)
    )
    with pytest.raises(OutcomeUnknown):
        erp.purchase_orders.create(order())


def test_codes_of_currency_and_unit_become_the_accounts_own_ids(place, erp, order):
    line = PurchaseOrderLine(item=Ref(id="84"), quantity=Decimal(3), unit="DZN", unit_price=Decimal(2))
    made = erp.purchase_orders.create(order(line, currency="USD"), key="k").record
    (body,) = place.bodies("PUT")
    assert body["currency"] == {"id": "1"}
    assert body["item"]["items"] == [{"item": {"id": "84"}, "quantity": 3, "units": "20", "rate": 2}]
    assert (made.lines[0].unit, made.lines[0].native_unit, made.currency) == ("DZN", "Dozen", "USD")


def test_a_unit_that_the_item_is_not_counted_in_is_refused_before_anything_is_sent(place, erp, order):
    line = PurchaseOrderLine(item=Ref(id="84"), quantity=Decimal(3), unit="KGM")
    with pytest.raises(InvalidRecord, match=r"not counted in 'Kilogram'; its units are .*Dozen") as caught:
        erp.purchase_orders.create(order(line), key="k")
    assert caught.value.problems[0].pointer == "/lines/0/unit"
    assert not place.calls("PUT")


def test_a_currency_that_the_account_does_not_have_is_refused_by_name(erp, order):
    with pytest.raises(InvalidRecord, match=r"no 'CHF', only EUR"):
        erp.purchase_orders.create(order(currency="CHF"), key="k")


def test_a_currency_that_the_account_has_since_a_moment_is_taken(place, erp):
    vendor = Vendor(name="Zürcher Schrauben", currency="CHF", extra={"subsidiary": "1"})
    with pytest.raises(InvalidRecord, match="no 'CHF', only EUR"):
        erp.vendors.create(vendor)
    add(place.sandbox.store, "currency", 8, name="Swiss Franc", symbol="CHF", exchangeRate=Decimal("1.1"))
    assert erp.vendors.create(vendor).record.currency == "CHF"


def test_an_amount_finer_than_its_currency_is_refused_since_netsuite_would_round_it(erp, order):
    line = PurchaseOrderLine(item=Ref(id="84"), quantity=Decimal(3), amount=Decimal("1.005"))
    with pytest.raises(InvalidRecord, match="more decimals than its currency"):
        erp.purchase_orders.create(order(line, currency="USD"), key="k")


def test_vendor_and_items_may_be_given_by_number(erp, order):
    line = PurchaseOrderLine(item=Ref(number="GEARBOX"), quantity=Decimal(1))
    made = erp.purchase_orders.create(order(line, vendor=Ref(number="V-1001")), key="k").record
    assert (made.vendor.id, made.lines[0].item.id) == ("1722", "85")


def test_a_number_that_nobody_has_is_refused_by_name(erp, order):
    with pytest.raises(InvalidRecord, match=r"vendor <-> vendor.entityid: no records have the number 'V-9'"):
        erp.purchase_orders.create(order(vendor=Ref(number="V-9")), key="k")


def test_lines_of_both_kinds_go_where_they_belong(place, erp, order):
    freight = PurchaseOrderLine(account=Ref(id="115"), amount=Decimal("12.40"), description="Customs")
    made = erp.purchase_orders.create(order(*order().lines, freight), key="k").record
    (body,) = place.bodies("PUT")
    assert body["expense"] == {"items": [{"memo": "Customs", "amount": 12.4, "account": {"id": "115"}}]}
    assert [(line.kind, line.description) for line in made.lines][1] == ("charge", "Customs")
    changed = made.lines[1].model_copy(update={"amount": Decimal("13.50")})
    after = erp.purchase_orders.update(made.model_copy(update={"lines": (made.lines[0], changed)})).record
    assert place.bodies("PATCH") == [{"expense": {"items": [{"line": made.lines[1].number, "amount": 13.5}]}}]
    assert after.total_incl_tax == Decimal("16.50")


def test_a_changed_line_is_sent_alone_and_by_its_key(place, erp):
    order = erp.purchase_orders.get("2173")
    changed = order.lines[1].model_copy(update={"quantity": Decimal(3)})
    after = erp.purchase_orders.update(order.model_copy(update={"lines": (order.lines[0], changed)})).record
    assert place.bodies("PATCH") == [{"item": {"items": [{"line": 3, "quantity": 3}]}}]
    assert [(line.number, line.quantity) for line in after.lines] == [(1, 1000), (3, 3)]
    assert after.lines[1].amount == Decimal("418.5")


def test_a_new_line_is_added_and_the_account_numbers_it(place, erp):
    order = erp.purchase_orders.get("2173")
    more = PurchaseOrderLine(item=Ref(id="88"), quantity=Decimal(5), native_unit="Hundred")
    after = erp.purchase_orders.update(order.model_copy(update={"lines": (*order.lines, more)})).record
    assert [line.number for line in after.lines] == [1, 3, 4]


def test_a_removed_line_goes_and_the_others_stay_as_they_are(place, erp):
    before = erp.purchase_orders.get("2174")
    after = erp.purchase_orders.update(before.model_copy(update={"lines": before.lines[:1]})).record
    (call,) = place.calls("PATCH")
    assert call.target.endswith("?replace=item")
    assert place.bodies("PATCH") == [{"item": {"items": [{"line": 1}]}}]
    assert after.lines == before.lines[:1]


def test_a_line_number_is_not_ours_to_give(erp, order):
    line = order().lines[0].model_copy(update={"number": 10})
    with pytest.raises(NotRepresentable, match="the ERP sets it itself"):
        erp.purchase_orders.create(order(line), key="k")


def test_addresses_and_references_are_changed_in_part(place, erp):
    order = erp.purchase_orders.get("2175")
    ship_to = order.ship_to.model_copy(update={"street": "Hafenstraße 8\nTor 3"})
    after = erp.purchase_orders.update(order.model_copy(update={"ship_to": ship_to, "incoterms": "DAP"})).record
    (body,) = place.bodies("PATCH")
    assert body["shippingAddress"] == {"addr1": "Hafenstraße 8", "addr2": "Tor 3", "addr3": None}
    assert body["incoTerm"] == {"refName": "DAP"}
    assert after.ship_to == ship_to
    assert after.bill_to == order.bill_to


def test_closing_an_order_closes_each_of_its_lines(place, erp):
    after = erp.purchase_orders.close("2175")
    assert (after.status, {line.status for line in after.lines}) == ("closed", {"closed"})
    with pytest.raises(NotSupported, match="closed, or deleted"):
        erp.purchase_orders.cancel("2175")


def test_an_order_of_which_something_came_is_not_deleted(erp):
    with pytest.raises(InvalidRecord):
        erp.purchase_orders.delete("2173")
    erp.purchase_orders.delete("2175")
    assert "2175" not in {one.id for one in erp.purchase_orders.list()}


def test_a_change_that_comes_between_is_refused_by_netsuite_and_told_as_a_conflict(place, erp):
    order = erp.purchase_orders.get("2175")

    def strike(call, proceed):
        place.sandbox.touch("2175")
        return proceed()

    place.sandbox.faults.append(Once(strike, when=lambda call: call.method == "PATCH"))
    with pytest.raises(Conflict, match="changed"):
        erp.purchase_orders.update(order.model_copy(update={"notes": "Mine"}))


def test_a_version_that_passed_is_a_conflict_once_the_second_has_passed(place, erp, clock):
    order = erp.purchase_orders.get("2175")
    clock.advance(seconds=1)
    place.sandbox.touch("2175", "Theirs")
    with pytest.raises(Conflict):
        erp.purchase_orders.update(order.model_copy(update={"notes": "Mine"}))
    assert erp.purchase_orders.get("2175").notes == "Theirs"


@pytest.mark.parametrize("resource", [one.resource for one in CONNECTOR.exemptions])
def test_the_law_from_which_we_are_exempt_holds_where_seconds_pass(resource):
    # An account in which each save is a second after the one before.
    def sandbox():
        box = with_open_order()
        put = box.store.put
        seconds = iter(range(1, 10_000))

        def later(record):
            put(record)
            stamp = datetime(2026, 6, 2, tzinfo=UTC).timestamp() + next(seconds)
            record.values["lastModifiedDate"] = datetime.fromtimestamp(stamp, UTC)

        box.store.put = later
        return box

    subject = Subject(replace(CONNECTOR, sandbox=sandbox, exemptions=()))
    LAWS["writes.stale"].check(subject, resource)


def test_wrong_secrets_of_signed_calls_are_tried_once():
    connector = replace(CONNECTOR, sandbox=lambda: NetSuiteSandbox(auth="tba"))
    LAWS["auth.rejected_once"].check(Subject(connector), "")


@pytest.mark.slow
def test_the_contract_is_kept():
    report = check("netsuite")
    assert report.ok, str(report)


def line(**values):
    return GoodsReceiptLine(**values)


def test_only_the_lines_that_came_are_received(place, erp):
    receipt = GoodsReceipt(
        purchase_order=Ref(id="2177"),
        receipt_date=date(2026, 6, 2),
        lines=(line(purchase_order_line=2, quantity=Decimal(25)),),
    )
    done = erp.goods_receipts.create(receipt, key="gr-1").record
    (call,) = place.calls("POST", "!transform")
    assert call.target == "/services/rest/record/v1/purchaseOrder/2177/!transform/itemReceipt"
    assert done.purchase_order.number == "PO45727"
    assert [(one.purchase_order_line, one.quantity, one.item.number) for one in done.lines] == [(2, 25, "BEARING-6204")]
    order = erp.purchase_orders.get("2177")
    assert [one.quantity_received for one in order.lines] == [40, 25]
    assert erp.goods_receipts.create(receipt, key="gr-1").settled == "before"


def test_lines_that_are_not_named_are_said_not_to_be_received(place, erp):
    receipt = GoodsReceipt(purchase_order=Ref(id="2173"), lines=(line(item=Ref(id="85"), quantity=Decimal(1)),))
    done = erp.goods_receipts.create(receipt, key="gr-2").record
    (body,) = place.bodies("POST", "!transform")
    assert body["item"]["items"][1] == {"orderLine": 1, "itemReceive": False}
    assert [one.purchase_order_line for one in done.lines] == [3]


def test_a_lot_is_received_with_its_number_and_date(erp):
    lot = line(purchase_order_line=1, quantity=Decimal(10), lot_number="L-7", expires_on=date(2027, 5, 1))
    done = erp.goods_receipts.create(GoodsReceipt(purchase_order=Ref(id="2183"), lines=(lot,)), key="gr-3").record
    assert (done.lines[0].lot_number, done.lines[0].expires_on) == ("L-7", date(2027, 5, 1))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"lines": (line(purchase_order_line=1, quantity=Decimal(1)),)}, "a receipt is of a purchase order"),
        ({"purchase_order": Ref(id="2173")}, "says which lines came"),
        ({"purchase_order": Ref(id="2173"), "lines": (line(purchase_order_line=2, quantity=Decimal(1)),)}, "no lines"),
        ({"purchase_order": Ref(id="2177"), "lines": (line(item=Ref(id="89"), quantity=Decimal(1)),)}, "2 lines"),
        (
            {
                "purchase_order": Ref(id="2173"),
                "lines": (line(purchase_order_line=1, item=Ref(id="85"), quantity=Decimal(1)),),
            },
            "is of item 84, not 85",
        ),
        (
            {
                "purchase_order": Ref(id="2173"),
                "lines": (line(purchase_order_line=1, unit="DZN", quantity=Decimal(1)),),
            },
            "the order counts in 'Each'",
        ),
        (
            {"purchase_order": Ref(id="2173"), "lines": (line(purchase_order=Ref(id="2177"), quantity=Decimal(1)),)},
            "one document is made from one order",
        ),
    ],
)
def test_a_receipt_that_does_not_say_what_came_is_refused_before_it_is_sent(place, erp, values, words):
    with pytest.raises(InvalidRecord, match=words):
        erp.goods_receipts.create(GoodsReceipt(**values), key="gr")
    assert not place.calls("POST", "!transform")


def test_a_part_of_an_order_is_billed_and_linked_to_it(erp):
    bill = VendorInvoice(
        vendor_reference="INV-9",
        invoice_date=date(2026, 6, 2),
        lines=(VendorInvoiceLine(purchase_order=Ref(id="2178"), purchase_order_line=1, quantity=Decimal(2)),),
    )
    done = erp.vendor_invoices.create(bill, key="bill-1").record
    assert (done.vendor.id, done.vendor_reference, done.currency) == ("1725", "INV-9", "KWD")
    assert [(one.purchase_order.number, one.purchase_order_line, one.quantity) for one in done.lines] == [
        ("PO45728", 1, 2)
    ]
    assert [one.quantity_billed for one in erp.purchase_orders.get("2178").lines] == [7, 0]


def test_a_bill_of_no_order_is_made_by_itself(place, erp):
    bill = VendorInvoice(
        company=Ref(id="1"),
        vendor=Ref(number="V-1001"),
        vendor_reference="RENT-6",
        lines=(VendorInvoiceLine(account=Ref(id="115"), amount=Decimal(900)),),
    )
    done = erp.vendor_invoices.create(bill, key="bill-2").record
    assert (done.total_incl_tax, done.lines[0].kind) == (900, "charge")
    assert not place.calls("POST", "!transform")


def test_a_vendor_is_made_with_its_address_and_changed_in_part(place, erp):
    vendor = Vendor(
        name="Nordlicht GmbH",
        email="post@nordlicht.example",
        currency="EUR",
        address=Address(name="Nordlicht GmbH", street="Kai 1", city="Kiel", postal_code="24103", country="DE"),
        extra={"subsidiary": "1"},
    )
    made = erp.vendors.create(vendor, key="v-1").record
    assert made.number.startswith("V-")
    assert made.address.city == "Kiel"
    moved = made.address.model_copy(update={"street": "Kai 2"})
    after = erp.vendors.update(made.model_copy(update={"address": moved, "status": "inactive"})).record
    assert (after.address, after.status, after.email) == (moved, "inactive", "post@nordlicht.example")
    assert next(one for one in erp.vendors.list() if one.id == made.id).address == moved


def test_the_company_of_new_vendors_may_stand_in_the_settings(place):
    with place.connect(subsidiary="2") as erp:
        assert erp.vendors.create(Vendor(name="Without"), key="v-2").record.extra["subsidiary"] == "2"
