"""Purchase orders, written: order of fields, one request a part, etags, keys (dynamics sheet §2.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from anyerp import Address, PurchaseOrder, PurchaseOrderLine, Ref
from anyerp.errors import Conflict, InvalidRecord, NotFound, NotRepresentable, NotSupported
from anyerp.testing.sandbox import Once, lose_after
from anyerp.wire import dump_json


def test_an_order_is_made_lines_and_all_by_one_request(place, erp, say):
    done = erp.purchase_orders.create(say.order(say.line(), say.line(item=Ref(number="2000"))), key="req-42")
    assert len(place.calls("POST", "purchaseOrders")) == 1
    assert done.record.external_reference == "req-42"
    assert [line.item.number for line in done.record.lines] == ["1900-S", "2000"]
    assert done.record.total_excl_tax == Decimal(955)
    assert done.record.status == "draft"
    assert done.record.vendor.name == "Fabrikam, Inc."


def test_fields_are_sent_in_the_order_that_their_triggers_need(place, erp, say):
    # The record names price before item; sent so, the item's own price would come last and win.
    line = PurchaseOrderLine(unit_price=Decimal(80), quantity=Decimal(3), native_unit="BOX", item=Ref(number="1900-S"))
    order = PurchaseOrder(lines=(line,), currency="EUR", ship_to=Address(city="Graz"), vendor=Ref(number="10000"))
    done = erp.purchase_orders.create(order, key="k")
    (body,) = place.bodies("POST", "purchaseOrders")
    assert list(body) == ["vendorNumber", "currencyCode", "shipToContact", "shipToCity", "purchaseOrderLines"]
    assert list(body["purchaseOrderLines"][0]) == ["itemId", "unitOfMeasureCode", "quantity", "directUnitCost"]
    (made,) = done.record.lines
    assert (made.unit_price, made.native_unit, made.unit, done.record.currency) == (80, "BOX", "BX", "EUR")


def test_a_vendor_is_given_by_number_without_looking_it_up(place, erp, say):
    erp.purchase_orders.create(say.order(), key="k")
    assert not place.calls("GET", "/vendors")


def test_references_by_number_are_looked_up_with_one_call_for_each_set(place, erp, say):
    numbers = ("1896-S", "1900-S", "O'Neil")
    lines = [say.line(item=Ref(number=number), location=Ref(number="EAST")) for number in numbers]
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(say.order(*lines), key="k")
    assert [(p.pointer, p.message) for p in caught.value.problems] == [
        ("/lines/2/item", 'item <-> items.number: no record has "O\'Neil"')
    ]
    assert len(place.calls("GET", "/items")) == 1
    assert not place.calls("POST", "purchaseOrders")


def test_a_unit_is_given_by_its_rec_20_code(erp, say):
    (line,) = erp.purchase_orders.create(say.order(say.line(unit="BX")), key="k").record.lines
    assert (line.unit, line.native_unit, line.unit_price) == ("BX", "BOX", Decimal("95.5"))


def test_a_unit_that_contradicts_the_native_one_is_refused(place, erp, say):
    with pytest.raises(InvalidRecord, match="'KGM' is not the unit 'BOX'"):
        erp.purchase_orders.create(say.order(say.line(unit="KGM", native_unit="BOX")), key="k")
    assert not place.calls("POST", "purchaseOrders")


def test_a_kind_that_contradicts_the_item_is_refused(erp, say):
    with pytest.raises(InvalidRecord, match="a line with itemId is of type Item, not Account"):
        erp.purchase_orders.create(say.order(say.line(kind="service")), key="k")


def test_lines_of_every_kind_are_made(erp, say):
    lines = [
        PurchaseOrderLine(kind="text", description="Deliver to gate 4"),
        PurchaseOrderLine(account=Ref(number="65300"), quantity=Decimal(1), unit_price=Decimal("180.25")),
        PurchaseOrderLine(
            kind="charge", quantity=Decimal(1), unit_price=Decimal(40), extra={"lineObjectNumber": "P-FREIGHT"}
        ),
        say.line(),
    ]
    made = erp.purchase_orders.create(say.order(*lines), key="k").record.lines
    assert [line.kind for line in made] == ["text", "service", "charge", "item"]
    assert made[1].account.number == "65300"
    assert made[1].item is None
    assert [line.status for line in made] == [None, "open", "open", "open"]


def test_an_update_sends_each_part_by_its_own_request(place, erp, say):
    order = erp.purchase_orders.create(say.order(say.line(), say.line(), say.line()), key="k").record
    first, second, _ = order.lines
    lines = (first.model_copy(update={"quantity": Decimal(7)}), second, say.line(item=Ref(number="2000")))
    done = erp.purchase_orders.update(
        PurchaseOrder(id=order.id, version=order.version, order_date=date(2026, 4, 2), lines=lines)
    )
    assert [list(body) for body in place.bodies("PATCH")] == [
        ["orderDate"],
        ["quantity", "directUnitCost", "discountPercent"],  # which a new quantity may change
    ]
    assert len(place.calls("DELETE", "purchaseOrderLines(")) == 1
    assert [(line.quantity, line.number) for line in done.record.lines] == [(7, 10000), (5, 20000), (5, 30000)]


def test_what_a_changed_item_resets_is_sent_again(erp, say):
    made = erp.purchase_orders.create(say.order(say.line(discount_percent=Decimal("2.5"))), key="k").record
    (line,) = made.lines
    changed = line.model_copy(update={"item": Ref(number="1908-S")})
    (after,) = erp.purchase_orders.update(PurchaseOrder(id=made.id, lines=(changed,))).record.lines
    assert after.item.number == "1908-S"
    assert (after.unit_price, after.discount_percent, after.description) == (
        Decimal("95.5"),
        Decimal("2.5"),
        line.description,
    )
    assert after.requested_date == line.requested_date


def test_another_vendor_leaves_currency_terms_and_buyer_as_they_were(place, erp, say):
    made = erp.purchase_orders.create(say.order(currency="USD", incoterms="DAP"), key="k").record
    after = erp.purchase_orders.update(PurchaseOrder(id=made.id, vendor=Ref(number="30000"))).record
    assert after.vendor.number == "30000"
    assert (after.currency, after.payment_terms, after.incoterms, after.buyer) == (
        made.currency,
        made.payment_terms,
        "DAP",
        None,
    )
    (body,) = place.bodies("PATCH")
    assert list(body) == ["vendorNumber", "currencyCode", "paymentTermsId", "shipmentMethodId", "purchaser"]


def test_two_lines_are_changed_though_the_first_change_gives_the_second_a_new_etag(place, erp, say):
    made = erp.purchase_orders.create(say.order(say.line(), say.line()), key="k").record
    place.sandbox.touch(made.number, discountAmount=Decimal(50))  # spread over the lines: each moves the others
    made = erp.purchase_orders.get(made.id)
    lines = tuple(line.model_copy(update={"quantity": Decimal(9)}) for line in made.lines)
    after = erp.purchase_orders.update(PurchaseOrder(id=made.id, version=made.version, lines=lines)).record
    assert [line.quantity for line in after.lines] == [9, 9]
    assert len(place.calls("PATCH", "purchaseOrderLines")) == 3  # one of them refused, read again, and sent anew


def test_a_line_that_somebody_else_changed_meanwhile_is_a_conflict(place, erp, say):
    made = erp.purchase_orders.create(say.order(say.line(), say.line()), key="k").record
    second = place.lines(made.number)[1]

    def somebody(call, proceed):
        place.sandbox.company().put("purchaseOrderLines", second | {"quantity": Decimal(99)})
        return proceed()

    place.sandbox.faults.append(Once(somebody, when=lambda call: call.method == "PATCH"))
    lines = tuple(line.model_copy(update={"description": "Mine"}) for line in made.lines)
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(PurchaseOrder(id=made.id, lines=lines))
    assert "1 of 2 changes of the order are written already" in caught.value.hint
    assert place.lines(made.number)[1]["quantity"] == 99


def test_a_stale_header_is_told_by_409(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record

    def somebody(call, proceed):
        place.sandbox.touch(made.number, purchaser="RL")
        return proceed()

    place.sandbox.faults.append(Once(somebody, when=lambda call: call.method == "PATCH"))
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(PurchaseOrder(id=made.id, order_date=date(2026, 5, 1)))
    assert (caught.value.status, caught.value.problems[0].native.code) == (409, "Request_EntityChanged")
    assert place.row(made.number)["orderDate"] == date(2026, 4, 1)


def test_every_patch_and_delete_carries_the_etag_that_was_read(place, erp, say):
    made = erp.purchase_orders.create(say.order(say.line(), say.line()), key="k").record
    first, _ = made.lines
    erp.purchase_orders.update(PurchaseOrder(id=made.id, lines=(first.model_copy(update={"quantity": Decimal(1)}),)))
    erp.purchase_orders.delete(made.id)
    sent = [call.headers["if-match"] for call in [*place.calls("PATCH"), *place.calls("DELETE")]]
    assert len(sent) == 3
    assert all(etag.startswith('W/"') for etag in sent)


def test_a_released_order_says_no_in_the_erps_words(place, erp, numbered):
    released = numbered("106002")
    with pytest.raises(InvalidRecord, match="Current value is 'Released'"):
        erp.purchase_orders.update(PurchaseOrder(id=released.id, order_date=date(2026, 5, 1)))


def test_dimensions_travel_by_name_and_each_by_its_own_request(place, erp, say):
    given = {"DEPARTMENT": "PROD", "PROJECT": "P-100"}
    made = erp.purchase_orders.create(
        say.order(say.line(dimensions=given), extra={"dimensions": {"DEPARTMENT": "SALES"}}), key="k"
    ).record
    assert made.lines[0].dimensions == given
    assert made.extra["dimensions"] == {"DEPARTMENT": "SALES"}
    line = made.lines[0].model_copy(update={"dimensions": {"PROJECT": "p-200", "AREA": "30"}})
    after = erp.purchase_orders.update(PurchaseOrder(id=made.id, lines=(line,))).record
    assert after.lines[0].dimensions == {"PROJECT": "P-200", "AREA": "30"}
    assert [len(place.calls(method, "dimensionSetLines")) for method in ("POST", "PATCH", "DELETE")] == [1, 1, 1]


def test_terms_incoterms_and_buyer_are_given_by_code(erp, say):
    made = erp.purchase_orders.create(
        say.order(payment_terms=Ref(number="14 days"), incoterms="DAP", buyer=Ref(number="RL")), key="k"
    ).record
    assert (made.payment_terms.number, made.incoterms, made.buyer.number) == ("14 DAYS", "DAP", "RL")
    after = erp.purchase_orders.update(PurchaseOrder(id=made.id, incoterms=None, buyer=None)).record
    assert (after.incoterms, after.buyer) == (None, None)


def test_an_unknown_incoterms_code_is_refused_by_name(place, erp, say):
    with pytest.raises(InvalidRecord, match=r"incoterms <-> shipmentMethods\.code: no record has 'FCA'"):
        erp.purchase_orders.create(say.order(incoterms="FCA"), key="k")
    assert not place.calls("POST", "purchaseOrders")


def test_the_company_may_be_given_if_it_is_the_connections_own(place, erp, say):
    ours, theirs, *_ = (place.sandbox.company(id) for id in place.sandbox.companies)
    made = erp.purchase_orders.create(say.order(company=Ref(number=ours.name)), key="k").record
    assert made.company.id == ours.id
    with pytest.raises(InvalidRecord, match=r"this connection works in 'CRONUS USA, Inc\.'"):
        erp.purchase_orders.create(say.order(company=Ref(id=theirs.id)), key="k2")


def test_an_address_of_three_lines_is_refused_before_anything_is_sent(place, erp, say):
    with pytest.raises(NotRepresentable, match="two lines are stored, not more"):
        erp.purchase_orders.create(say.order(ship_to=Address(street="a\nb\nc")), key="k")
    assert not place.calls("POST", "purchaseOrders")


def test_a_lost_answer_is_settled_by_the_key(place, erp, say):
    place.sandbox.faults.append(Once(lose_after, when=lambda call: call.method == "POST" and b"vendor" in call.content))
    done = erp.purchase_orders.create(say.order(), key="O'Neil & 42")
    assert (done.settled, done.record.external_reference) == ("look", "O'Neil & 42")
    assert len(place.calls("POST", "purchaseOrders")) == 1


def test_a_draft_is_deleted_and_an_order_with_receipts_is_not(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    erp.purchase_orders.delete(made.id)
    with pytest.raises(NotFound):
        erp.purchase_orders.get(made.id)
    kept = erp.purchase_orders.create(say.order(), key="k2").record
    place.sandbox.receive(kept.number, {10000: Decimal(2)})
    with pytest.raises(InvalidRecord, match="Current value is"):
        erp.purchase_orders.delete(kept.id)


def test_cancelling_says_that_orders_are_deleted_there(erp):
    with pytest.raises(NotSupported, match="an order is deleted"):
        erp.purchase_orders.cancel("x")


def test_a_discount_of_all_is_taken_and_more_is_not(erp, say):
    made = erp.purchase_orders.create(say.order(say.line(discount_percent=Decimal(100))), key="k").record
    assert (made.lines[0].discount_percent, made.total_excl_tax) == (100, 0)
    with pytest.raises(NotRepresentable, match="between 0 and 100"):
        erp.purchase_orders.create(say.order(say.line(discount_percent=Decimal(101))), key="k2")


def test_numbers_are_sent_with_exactly_their_digits(place, erp, say):
    erp.purchase_orders.create(
        say.order(say.line(quantity=Decimal("0.33333"), unit_price=Decimal("12.10000"))), key="k"
    )
    (call,) = place.calls("POST", "purchaseOrders")
    assert b'"quantity":0.33333,"directUnitCost":12.10000' in call.content
    assert dump_json(Decimal("0.33333")) == b"0.33333"


def test_an_id_and_a_number_that_disagree_are_refused_by_the_service(erp, say, numbered):
    vendor = numbered("106002").vendor
    with pytest.raises(InvalidRecord, match="do not match to a specific Vendor"):
        erp.purchase_orders.create(say.order(vendor=Ref(id=vendor.id, number="10000")), key="k")


def test_a_delete_of_what_somebody_changed_meanwhile_is_a_conflict(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record

    def somebody(call, proceed):
        place.sandbox.touch(made.number, purchaser="RL")
        return proceed()

    place.sandbox.faults.append(Once(somebody, when=lambda call: call.method == "DELETE"))
    with pytest.raises(Conflict):
        erp.purchase_orders.delete(made.id)
    assert erp.purchase_orders.get(made.id).buyer.number == "RL"
