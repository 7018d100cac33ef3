"""Purchase orders made whole: their units, rates and keys, and what is refused (sap sheet §13)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from anyerp import Address, Ref
from anyerp.errors import InvalidRecord, NotRepresentable, OutcomeUnknown
from anyerp.testing.sandbox import Once, lose_after, lose_before
from anyerp.wire import load_json
from anyerp_sap.b1.purchase_order import PURCHASE_ORDERS


def is_post(call) -> bool:
    return call.method == "POST" and call.target.endswith("/PurchaseOrders")


def bodies(system, method: str = "PATCH") -> list:
    return [load_json(call.content) for call in system.calls(method, "/PurchaseOrders")]


def test_an_order_is_made_whole_and_comes_back_as_it_became(system, erp, say):
    given = say.order(
        say.line(discount_percent=Decimal("2.5"), requested_date=dt.date(2025, 4, 1), location=Ref(id="02")),
        say.line(item=Ref(id="A1000"), quantity=Decimal(3), unit="BX", unit_price=None),
        vendor_reference="Q-77",
        notes="Two\nlines",
        buyer=Ref(id="3"),
        payment_terms=Ref(id="2"),
        ship_to=Address(street="Quai 5", city="Lyon", postal_code="69002", country="FR"),
        extra={"DocDueDate": dt.date(2025, 4, 2)},
    )
    done = erp.purchase_orders.create(given, key="REQ-1")
    order = done.record
    assert (order.id, order.number, order.external_reference, order.status) == ("13", "18", "REQ-1", "open")
    assert (order.vendor.id, order.vendor_reference, order.notes) == ("V10000", "Q-77", "Two\nlines")
    assert (order.buyer.id, order.payment_terms.id, order.company.id, order.currency) == ("3", "2", "1", "EUR")
    assert (order.ship_to.street, order.ship_to.country) == ("Quai 5", "FR")
    first, second = order.lines
    assert (first.number, first.unit_price, first.amount, first.location.id) == (0, 390, Decimal("1521.00"), "02")
    assert first.requested_date == dt.date(2025, 4, 1)
    assert (second.native_unit, second.unit_price) == ("BOX12", Decimal("46.8"))  # of the price list, by the box
    assert order == erp.purchase_orders.get("13")
    assert order.extra["DocDueDate"] == dt.date(2025, 4, 2)


def test_a_total_or_an_amount_that_agrees_may_be_given(erp, say):
    given = say.order(say.line(amount=Decimal(1560)), total_excl_tax=Decimal(1560))
    assert erp.purchase_orders.create(given, key="REQ-1").record.total_excl_tax == 1560
    with pytest.raises(NotRepresentable, match="computed here"):
        erp.purchase_orders.create(say.order(say.line(amount=Decimal(1))), key="REQ-2")


def test_services_make_an_order_of_their_own_kind(system, erp, say):
    work = say.line(item=None, quantity=None, unit=None, unit_price=Decimal(900), description="Tuning",
                    account=Ref(id="615500"), kind="service")  # fmt: skip
    order = erp.purchase_orders.create(say.order(work), key="REQ-1").record
    assert [(line.kind, line.amount, line.account.id) for line in order.lines] == [("service", 900, "615500")]
    assert system.row("PurchaseOrders", 13)["DocType"] == "dDocument_Service"
    with pytest.raises(InvalidRecord, match="order services by themselves") as caught:
        erp.purchase_orders.create(say.order(say.line(), work), key="REQ-2")
    assert caught.value.problems[0].pointer == "/lines/1/item"
    many = work.model_copy(update={"quantity": Decimal(3)})
    with pytest.raises(InvalidRecord, match="no quantity"):
        erp.purchase_orders.create(say.order(many), key="REQ-3")
    assert len(system.calls("POST", "/PurchaseOrders")) == 1


def test_a_unit_is_found_by_its_code_or_by_the_companys_own_name(system, erp, say):
    lines = (
        say.line(unit=None, native_unit="PC"),
        say.line(item=Ref(id="A1000"), unit="PF", native_unit="PAL"),
        say.line(item=Ref(id="A3000"), unit=None, native_unit="carton"),
    )
    order = erp.purchase_orders.create(say.order(*lines), key="REQ-1").record
    assert [(line.unit, line.native_unit) for line in order.lines] == [("C62", "PC"), ("PF", "PAL"), (None, "carton")]
    (body,) = bodies(system, "POST")
    assert [line.get("UoMEntry") for line in body["DocumentLines"]] == [1, 3, -1]
    assert not any("@" in name for line in body["DocumentLines"] for name in line)


@pytest.mark.parametrize(
    ("unit", "native", "why"),
    [
        ("DZN", None, "no unit of this company is DZN"),
        ("KGM", "PC", "KGM is not what native_unit 'PC' means"),
        ("KGM", "h", "KGM is not what native_unit 'h' means"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_before_anything_is_sent(system, erp, say, unit, native, why):
    with pytest.raises(InvalidRecord, match=why) as caught:
        erp.purchase_orders.create(say.order(say.line(unit=unit, native_unit=native)), key="REQ-1")
    assert caught.value.problems[0].pointer == "/lines/0/unit"
    assert not bodies(system, "POST")


def test_a_code_that_several_units_share_asks_for_the_companys_own_name(system, erp, say):
    six = {"AbsEntry": 91, "Code": "BOX6", "Name": "Box of 6", "InternationalSymbol": "BX"}
    system.sandbox.world.store.put("UnitOfMeasurements", 91, six)
    with pytest.raises(InvalidRecord, match=r"several units here \(BOX12, BOX6\)"):
        erp.purchase_orders.create(say.order(say.line(item=Ref(id="A1000"), unit="BX")), key="REQ-1")


def test_a_unit_name_that_an_items_group_lacks_is_refused_by_the_erp_not_replaced(erp, say):
    with pytest.raises(InvalidRecord, match="does not belong to the item"):
        erp.purchase_orders.create(say.order(say.line(unit=None, native_unit="BOX13")), key="REQ-1")


def test_a_reference_that_leads_nowhere_is_an_invalid_record_and_no_missing_order(erp, say):
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(say.order(say.line(item=Ref(id="NONE"))), key="REQ-1")
    assert "item, warehouse" in caught.value.hint
    order = erp.purchase_orders.create(say.order(), key="REQ-2").record
    with pytest.raises(InvalidRecord):
        erp.purchase_orders.update(order.model_copy(update={"payment_terms": Ref(id="99")}))


def test_a_missing_exchange_rate_is_told_with_its_remedy(erp, say):
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(say.order(vendor=Ref(id="V70000")), key="REQ-1")
    assert "exchange_rate" in caught.value.hint
    given = say.order(vendor=Ref(id="V70000"), currency="CHF", exchange_rate=Decimal("1.05"))
    assert erp.purchase_orders.create(given, key="REQ-1").record.exchange_rate == Decimal("1.05")


@pytest.mark.parametrize("currency", ["EUR", None])
def test_a_rate_of_the_companys_own_currency_is_refused_since_it_would_be_dropped(system, erp, say, currency):
    with pytest.raises(InvalidRecord, match="exchange_rate <-> DocRate"):
        erp.purchase_orders.create(say.order(currency=currency, exchange_rate=Decimal("1.5")), key="REQ-1")
    assert not bodies(system, "POST")


def test_the_same_key_twice_is_one_order(system, erp, say):
    first = erp.purchase_orders.create(say.order(), key="REQ-7").record
    again = erp.purchase_orders.create(say.order(say.line(quantity=Decimal(9))), key="REQ-7")
    assert (again.settled, again.record.id) == ("before", first.id)
    assert erp.purchase_orders.create(say.order(), key="REQ-10").record.id == "10"  # seeded with that key
    assert system.count() == 13


def test_a_key_with_an_apostrophe_is_a_key_like_any_other(system, erp, say):
    first = erp.purchase_orders.create(say.order(), key="O'Neill & Co #1").record
    assert erp.purchase_orders.create(say.order(), key="O'Neill & Co #1").record.id == first.id
    assert system.count() == 13


def test_an_answer_lost_after_the_commit_is_settled_by_looking(system, erp, say):
    system.sandbox.faults = [Once(lose_after, when=is_post)]
    done = erp.purchase_orders.create(say.order(), key="REQ-8")
    assert (done.settled, done.record.external_reference) == ("look", "REQ-8")
    assert system.count() == 13


def test_a_call_lost_on_the_way_stays_unknown_and_the_key_makes_repeating_safe(system, erp, say):
    system.sandbox.faults = [Once(lose_before, when=is_post)]
    with pytest.raises(OutcomeUnknown):
        erp.purchase_orders.create(say.order(), key="REQ-9")
    assert system.count() == 12
    assert erp.purchase_orders.create(say.order(), key="REQ-9").settled == "answer"


def test_an_overlay_may_keep_the_key_elsewhere(system, say):
    moved = {"rule": "map", "field": "external_reference", "path": "Reference2"}
    text = system.sandbox.world.types["Document"].fields["Comments"]
    fields = {**system.sandbox.world.types["Document"].fields, "Reference2": replace(text, name="Reference2")}
    document = system.sandbox.world.types["Document"]
    system.sandbox.world.types["Document"] = type(document)(document.name, fields, document.key, document.associations)
    with system.connect() as plain:
        erp = type(plain)(plain.connector, system.context(), plain._transport, overlays={"purchase_orders": [moved]})
        first = erp.purchase_orders.create(say.order(), key="REF-1").record
        assert erp.purchase_orders.create(say.order(), key="REF-1").record.id == first.id
    assert system.row("PurchaseOrders", 13)["U_ExternalRef"] is None


def test_user_fields_are_written_by_an_overlay_and_refused_without_one(system, say):
    urgent = {"rule": "map", "field": "extra.U_Urgent", "path": "U_Urgent", "codec": {"codec": "b1_yes_no"}}
    with system.connect() as plain:
        with pytest.raises(NotRepresentable, match=r"extra\.U_Urgent"):
            plain.purchase_orders.create(say.order(extra={"U_Urgent": True}), key="REQ-1")
        erp = type(plain)(plain.connector, system.context(), plain._transport, overlays={"purchase_orders": [urgent]})
        order = erp.purchase_orders.create(say.order(extra={"U_Urgent": True}), key="REQ-1").record
        assert order.extra["U_Urgent"] is True
    assert system.row("PurchaseOrders", 13)["U_Urgent"] == "tYES"


def test_where_branches_are_mandatory_the_order_names_its_own(make, say):
    system = make(branch_mandatory=True)
    with system.connect() as erp:
        with pytest.raises(InvalidRecord, match="branch"):
            erp.purchase_orders.create(say.order(), key="REQ-1")
        order = erp.purchase_orders.create(say.order(company=Ref(id="3")), key="REQ-1").record
    assert order.company.id == "3"


def test_a_dry_run_sends_no_order(system, erp, say):
    plan = erp.purchase_orders.create(say.order(), dry_run=True)
    assert not system.calls("POST", "/PurchaseOrders")
    assert "A1001" in str(plan)


def test_many_orders_look_for_their_keys_in_one_request_each_twenty(system, erp, say):
    orders = [say.order(vendor_reference=f"Q-{n}") for n in range(25)]
    report = erp.purchase_orders.create_many(orders, keys=lambda one: f"K-{one.vendor_reference}")
    assert [one.outcome for one in report] == ["applied"] * 25
    again = erp.purchase_orders.create_many(orders, keys=lambda one: f"K-{one.vendor_reference}")
    assert [one.id for one in again] == [one.id for one in report]
    assert system.count() == 37


def test_more_keys_than_one_filter_holds_are_all_found(make, say):
    system = make()
    with system.connect() as erp:
        for n in range(30):
            erp.purchase_orders.create(say.order(), key=f"K'{n}")
        context = erp.collection("purchase_orders")._operations.context
        found = erp._runner.run(PURCHASE_ORDERS.find_many(context, [f"K'{n}" for n in range(31)]))
    assert {key: native["DocEntry"] for key, native in found.items()} == {f"K'{n}": 13 + n for n in range(30)}
