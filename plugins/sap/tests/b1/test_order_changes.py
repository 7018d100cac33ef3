"""Purchase orders changed by one PATCH and ended by actions (sap sheet §13)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anyerp import Address, Ref
from anyerp.errors import ConfigError, Conflict, InvalidRecord, NotRepresentable, NotSupported, OutcomeUnknown
from anyerp.testing.sandbox import Once, lose_after
from anyerp.wire import load_json


def bodies(system, method: str = "PATCH") -> list:
    return [load_json(call.content) for call in system.calls(method, "/PurchaseOrders")]


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
