"""Purchase orders written: whole, by one PATCH, ended by actions, kept as drafts (sap sheet §13)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from anyerp import Address, Ref
from anyerp.errors import ConfigError, Conflict, InvalidRecord, NotRepresentable, NotSupported, OutcomeUnknown
from anyerp.testing.sandbox import Once, lose_after, lose_before
from anyerp.wire import load_json
from anyerp_sap.b1.purchase_order import PURCHASE_ORDERS
from anyerp_sap.b1.sandbox.rules import document


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


def test_a_change_is_one_patch_of_what_changed_with_the_etag(system, erp):
    order = erp.purchase_orders.get("1")
    first, second = order.lines
    lines = (first.model_copy(update={"quantity": Decimal(25)}), second)
    address = Address(city="Villeurbanne")
    done = erp.purchase_orders.update(order.model_copy(update={"notes": "Rush", "lines": lines, "ship_to": address}))
    (call,) = system.calls("PATCH")
    assert load_json(call.content) == {
        "Comments": "Rush",
        "AddressExtension": {"ShipToCity": "Villeurbanne"},
        "DocumentLines": [{"LineNum": 0, "Quantity": 25}],
    }
    assert call.headers["if-match"] == order.version
    assert "b1s-replacecollectionsonpatch" not in call.headers
    assert (done.record.lines[0].quantity, done.record.lines[1]) == (25, second)
    assert done.record.version != order.version


def test_a_line_is_added_once_and_gets_its_number(system, erp, say):
    order = erp.purchase_orders.get("1")
    done = erp.purchase_orders.update(order.model_copy(update={"lines": (*order.lines, say.line())}))
    (body,) = bodies(system)
    assert body["DocumentLines"] == [{"ItemCode": "A1001", "Quantity": 4, "UoMEntry": 1, "UnitPrice": 390}]
    assert [line.number for line in done.record.lines] == [0, 1, 2]
    erp.purchase_orders.update(done.record)
    assert len(system.calls("PATCH")) == 1  # nothing changed, nothing sent


def test_a_removed_line_goes_and_the_others_keep_what_nobody_mentioned(system, erp, say):
    before = [dict(line) for line in system.row("PurchaseOrders", 1)["DocumentLines"]]
    order = erp.purchase_orders.get("1")
    done = erp.purchase_orders.update(order.model_copy(update={"lines": (order.lines[1], say.line())}))
    (call,) = system.calls("PATCH")
    assert call.headers["b1s-replacecollectionsonpatch"] == "true"
    assert load_json(call.content)["DocumentLines"][0] == {"LineNum": 1}
    assert [line.item.id for line in done.record.lines] == ["A1002", "A1001"]
    kept = system.row("PurchaseOrders", 1)["DocumentLines"][0]
    assert {name: kept[name] for name in before[1] if name != "VisualOrder"} == {
        name: value for name, value in before[1].items() if name != "VisualOrder"
    }


def test_lines_given_in_another_order_are_the_same_lines(system, erp):
    order = erp.purchase_orders.get("1")
    erp.purchase_orders.update(order.model_copy(update={"lines": order.lines[::-1]}))
    assert not system.calls("PATCH")


def test_a_line_number_is_the_systems_own_and_given_ones_are_refused(erp, say):
    with pytest.raises(NotRepresentable, match="LineNum"):
        erp.purchase_orders.create(say.order(say.line(number=10)), key="REQ-1")


def test_the_unit_of_a_line_changes_by_its_name(system, erp):
    order = erp.purchase_orders.get("1")
    line = order.lines[0].model_copy(update={"unit": "PF", "native_unit": "PAL"})
    done = erp.purchase_orders.update(order.model_copy(update={"lines": (line, order.lines[1])}))
    assert done.record.lines[0].native_unit == "PAL"
    (body,) = bodies(system)
    assert body["DocumentLines"] == [{"LineNum": 0, "UoMEntry": 3}]


def test_somebody_elses_change_in_between_is_a_conflict(system, erp):
    order = erp.purchase_orders.get("1")
    system.sandbox.touch(1)
    with pytest.raises(Conflict):
        erp.purchase_orders.update(order.model_copy(update={"notes": "Mine"}))
    assert not system.calls("PATCH")
    fresh = erp.purchase_orders.get("1")

    def barge_in(call, proceed):
        system.sandbox.touch(1, comments="Theirs")
        return proceed()

    system.sandbox.faults = [Once(barge_in, when=lambda call: call.method == "PATCH")]
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(fresh.model_copy(update={"notes": "Mine"}))
    assert caught.value.status == 412
    assert erp.purchase_orders.get("1").notes == "Theirs"


@pytest.mark.parametrize("field", ["vendor", "company", "currency"])
def test_what_is_fixed_at_creation_is_refused_and_not_ignored_in_silence(system, erp, field):
    order = erp.purchase_orders.get("1")
    other = {"vendor": Ref(id="V10010"), "company": Ref(id="2"), "currency": "USD"}[field]
    with pytest.raises(NotRepresentable, match="set at creation"):
        erp.purchase_orders.update(order.model_copy(update={field: other}))
    assert not system.calls("PATCH")


def test_a_line_that_was_received_keeps_its_quantity(erp):
    order = erp.purchase_orders.get("2")
    less = order.lines[0].model_copy(update={"quantity": Decimal(1)})
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.update(order.model_copy(update={"lines": (less, order.lines[1])}))
    assert caught.value.problems[0].native.code == "-10/10000871"


def test_goods_received_show_on_the_line_until_it_closes(system, erp, say):
    erp.purchase_orders.create(say.order(), key="REQ-1")
    system.sandbox.receive(13, 0, "1.5")
    line = erp.purchase_orders.get("13").lines[0]
    assert (line.quantity_received, line.status) == (Decimal("1.5"), "partially_received")
    system.sandbox.receive(13, 0, "2.5")
    assert erp.purchase_orders.get("13").status == "closed"


def test_cancel_and_close_are_actions_and_no_document_is_deleted(system, erp):
    assert erp.purchase_orders.cancel("1").status == "cancelled"
    assert erp.purchase_orders.close("2").status == "closed"
    with pytest.raises(InvalidRecord):
        erp.purchase_orders.cancel("3")  # it was received
    actions = [call.target.rpartition("/")[2] for call in system.calls("POST", "PurchaseOrders(")]
    assert actions == ["Cancel", "Close", "Cancel"]
    with pytest.raises(NotSupported, match="cancelled or closed"):
        erp.purchase_orders.delete("1")
    assert not system.calls("DELETE")


def test_an_action_on_an_order_that_changed_is_a_conflict(system, erp):
    version = erp.purchase_orders.get("1").version
    system.sandbox.touch(1)
    with pytest.raises(Conflict):
        erp.purchase_orders.cancel("1", version=version)
    assert erp.purchase_orders.get("1").status == "open"


@pytest.mark.parametrize("answer_404", [False, True])
def test_an_order_kept_for_approval_is_a_draft_and_found_again(make, say, answer_404):
    system = make(approval_above=Decimal(1000), approval_answers_not_found=answer_404)
    with system.connect() as erp:
        done = erp.purchase_orders.create(say.order(), key="REQ-1")
        assert (done.record.id, done.record.status) == ("draft-1", "pending_approval")
        assert erp.purchase_orders.create(say.order(), key="REQ-1").record.id == "draft-1"
        assert (system.count(), system.count("Drafts")) == (12, 1)
        assert erp.purchase_orders.get("draft-1").lines[0].item.id == "A1001"
        changed = erp.purchase_orders.update(done.record.model_copy(update={"notes": "Please"}))
        assert changed.record.notes == "Please"
        with pytest.raises(NotSupported, match="withdrawn"):
            erp.purchase_orders.cancel("draft-1")


def test_an_order_kept_for_approval_without_a_key_is_said_to_be_unknown(make, say):
    system = make(approval_above=Decimal(1000))
    with system.connect() as erp, pytest.raises(OutcomeUnknown, match="approval") as caught:
        erp.purchase_orders.create(say.order())
    assert "key=" in caught.value.hint


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


def test_a_draft_that_was_approved_is_the_order_that_was_made_of_it(make, say):
    system = make(approval_above=Decimal(1000))
    with system.connect() as erp:
        waiting = erp.purchase_orders.create(say.order(), key="REQ-1").record
        system.sandbox.world.approval_above = None
        body = {"CardCode": "V10000", "U_ExternalRef": "REQ-1", "DocumentLines": [{"ItemCode": "A1001", "Quantity": 4}]}
        with system.sandbox.world.store.together():
            document.create(system.sandbox.world, "PurchaseOrders", body)
        system.put("Drafts", 1, AuthorizationStatus="dasGenerated", DocumentStatus="bost_Close")
        order = erp.purchase_orders.get(waiting.id)
        assert (order.id, order.status) == ("13", "open")
        assert erp.purchase_orders.create(say.order(), key="REQ-1").record.id == "13"


def test_many_orders_look_for_their_keys_in_one_request_each_twenty(system, erp, say):
    orders = [say.order(vendor_reference=f"Q-{n}") for n in range(25)]
    report = erp.purchase_orders.create_many(orders, keys=lambda one: f"K-{one.vendor_reference}")
    assert [one.outcome for one in report] == ["applied"] * 25
    again = erp.purchase_orders.create_many(orders, keys=lambda one: f"K-{one.vendor_reference}")
    assert [one.id for one in again] == [one.id for one in report]
    assert system.count() == 37


def test_many_orders_kept_for_approval_are_found_among_the_drafts(make, say):
    system = make(approval_above=Decimal(1000))
    orders = [say.order(vendor_reference=f"Q-{n}") for n in range(3)]
    with system.connect() as erp:
        for _ in range(2):
            report = erp.purchase_orders.create_many(orders, keys=lambda one: f"K-{one.vendor_reference}")
            assert [one.id for one in report] == ["draft-1", "draft-2", "draft-3"]
    assert system.count("Drafts") == 3


def test_more_keys_than_one_filter_holds_are_all_found(make, say):
    system = make()
    with system.connect() as erp:
        for n in range(30):
            erp.purchase_orders.create(say.order(), key=f"K'{n}")
        context = erp.collection("purchase_orders")._operations.context
        found = erp._runner.run(PURCHASE_ORDERS.find_many(context, [f"K'{n}" for n in range(31)]))
    assert {key: native["DocEntry"] for key, native in found.items()} == {f"K'{n}": 13 + n for n in range(30)}


def test_a_lost_answer_to_a_change_does_not_add_its_line_twice(system, erp, say):
    order = erp.purchase_orders.get("1")
    more = order.model_copy(update={"lines": (*order.lines, say.line())})
    system.sandbox.faults = [Once(lose_after, when=lambda call: call.method == "PATCH")]
    with pytest.raises(OutcomeUnknown):
        erp.purchase_orders.update(more)
    with pytest.raises(Conflict):
        erp.purchase_orders.update(more)  # the version says that it was done
    assert len(system.calls("PATCH")) == 1
    assert len(erp.purchase_orders.get("1").lines) == 3


def test_an_overlay_over_fields_that_the_company_lacks_is_told(system):
    rules = [
        {"rule": "map", "field": "extra.site", "path": "U_Nowhere"},
        {"rule": "map", "in": "lines", "field": "extra.plan", "path": "U_NoPlan"},
    ]
    with system.connect(custom_fields=False) as plain:
        for rule in rules:
            erp = type(plain)(plain.connector, plain._context, plain._transport, overlays={"purchase_orders": [rule]})
            with pytest.raises(ConfigError, match=rf"{rule['field']} <-> .*{rule['path']}: .* no such field"):
                list(erp.purchase_orders.list())
            assert not {check.name: check.ok for check in erp.check()}["purchase_orders"]
