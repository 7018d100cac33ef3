"""Orders written by V4, each trap of its service, and the two dialects writing one order (sap sheet §5, §8, §12)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import anyerp
import pytest
from anyerp.errors import AnyErpError, Conflict, NotSupported
from anyerp.testing.sandbox import Once, lose_after, lose_before
from anyerp.wire import Headers, Response


def bodies(system, method, part="/odata4/"):
    return [json.loads(call.content, parse_float=Decimal) for call in system.calls(method, part) if call.content]


def test_an_order_written_by_one_service_is_read_by_the_other(system, say):
    v2, v4 = system.connect(purchase_orders="v2"), system.connect(purchase_orders="v4")
    for writer, reader in ((v4, v2), (v2, v4)):
        made = writer.purchase_orders.create(say.order(notes="By the gate"), key=f"k-{writer is v4}").record
        read = reader.purchase_orders.get(made.id)
        assert read.model_dump(exclude={"version"}) == made.model_dump(exclude={"version"})
        assert (read.notes, read.lines[0].amount) == ("By the gate", Decimal("62.50"))


def test_numbers_are_sent_as_numbers_with_their_units(system, erp, say):
    erp.purchase_orders.create(say.order(), key="k")
    (body,) = bodies(system, "POST")
    (item,) = body["_PurchaseOrderItem"]
    assert (item["OrderQuantity"], item["PurchaseOrderQuantityUnit"], item["OrderPriceUnit"]) == (5, "PC", "PC")
    assert (item["NetPriceAmount"], item["DocumentCurrency"]) == (Decimal("12.50"), "EUR")
    (line,) = item["_PurchaseOrderScheduleLineTP"]
    assert line == {
        "ScheduleLineDeliveryDate": "2030-07-01", "ScheduleLineOrderQuantity": 5, "PurchaseOrderQuantityUnit": "PC",
    }  # fmt: skip
    assert body["PurchaseOrderDate"] == "2025-06-02"


def test_each_part_is_changed_by_a_request_of_its_own(system, erp, say):
    made = erp.purchase_orders.create(say.order(say.line(), say.line(quantity=Decimal(9))), key="k").record
    first, second = made.lines
    changed = first.model_copy(
        update={"quantity": Decimal(7), "unit_price": Decimal(13), "requested_date": dt.date(2030, 8, 1)}
    )
    lines = [changed, say.line(quantity=Decimal(2))]
    erp.purchase_orders.update(made.model_copy(update={"vendor_reference": "OFFER-1", "lines": lines}))
    now = system.connect(purchase_orders="v2").purchase_orders.get(made.id)
    assert now.vendor_reference == "OFFER-1"
    assert [(one.number, one.quantity, one.status) for one in now.lines] == [
        (10, 7, "open"), (second.number, 9, "cancelled"), (30, 2, "open"),
    ]  # fmt: skip
    assert (now.lines[0].unit_price, now.lines[0].requested_date) == (13, dt.date(2030, 8, 1))
    targets = [call.target.rpartition("/0001/")[2].partition("(")[0] for call in system.calls("PATCH", "/odata4/")]
    assert sorted(targets) == ["PurchaseOrder", "PurchaseOrderItem", "PurchaseOrderScheduleLine"]
    assert [call.target.rpartition("/")[2] for call in system.calls("POST", "/odata4/")][1:] == ["_PurchaseOrderItem"]
    patch = next(body for body in bodies(system, "PATCH") if "OrderQuantity" in body)
    assert patch == {
        "OrderQuantity": 7, "PurchaseOrderQuantityUnit": "PC", "NetPriceAmount": 13, "DocumentCurrency": "EUR",
    }  # fmt: skip


def test_a_note_is_made_by_v4_and_changed_by_v2(system, erp, say):
    bare = erp.purchase_orders.create(say.order(), key="k").record
    erp.purchase_orders.update(bare.model_copy(update={"notes": "Ring twice"}))
    read = erp.purchase_orders.get(bare.id)
    assert (read.notes, len(system.calls("POST", "_PurchaseOrderNote"))) == ("Ring twice", 1)
    erp.purchase_orders.update(read.model_copy(update={"notes": "Ring once"}))
    assert erp.purchase_orders.get(bare.id).notes == "Ring once"
    assert len(system.calls("PATCH", "A_PurchaseOrderNote")) >= 1


def test_a_note_that_nothing_can_change_is_said_to_be_one(system, erp, say):
    made = erp.purchase_orders.create(say.order(notes="Ring twice"), key="k").record
    system.sandbox.revoke("API_PURCHASEORDER_PROCESS_SRV")
    with pytest.raises(NotSupported, match=r"notes \(PlainLongText\)"):
        erp.purchase_orders.update(made.model_copy(update={"notes": "Ring once"}))


def test_an_assignment_comes_with_the_order_and_changes_by_itself(system, erp, say):
    account = anyerp.Ref(id="61008000")
    service = say.line(
        item=None, description="Rework", unit="C62", account=account, dimensions={"cost_center": "10101101"}
    )
    erp = system.connect(purchase_orders="v4", material_group="YBSVS1")
    made = erp.purchase_orders.create(say.order(service), key="k").record
    line = made.lines[0].model_copy(update={"dimensions": {"cost_center": "10101201"}})
    erp.purchase_orders.update(made.model_copy(update={"lines": [line]}))
    assert erp.purchase_orders.get(made.id).lines[0].dimensions == {"cost_center": "10101201"}
    assert len(system.calls("PATCH", "PurchaseOrderAccountAssignment")) == 1


def test_an_order_is_cancelled_and_closed(system, erp, say):
    gone = erp.purchase_orders.create(say.order(), key="k1").record
    erp.purchase_orders.cancel(gone.id)
    done = erp.purchase_orders.create(say.order(), key="k2").record
    erp.purchase_orders.close(done.id)
    assert erp.purchase_orders.get(gone.id).status == "cancelled"
    assert erp.purchase_orders.get(done.id).status == "closed"
    assert not system.calls("DELETE", "PROCESS_SRV") + system.calls("PATCH", "PROCESS_SRV")


def test_somebody_elses_change_in_between_is_a_conflict(system, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    system.sandbox.touch(made.id)
    with pytest.raises(Conflict):
        erp.purchase_orders.update(made.model_copy(update={"vendor_reference": "LATE"}))


def test_every_detail_of_a_refusal_is_told(erp, say):
    with pytest.raises(AnyErpError) as caught:
        erp.purchase_orders.create(
            say.order(say.line(item=anyerp.Ref(id="NOPE"), tax_code="ZZ"), buyer=anyerp.Ref(id="9ZZ")), key="k"
        )
    told = str([problem.message for problem in caught.value.problems])
    assert "Purchasing group 9ZZ does not exist" in told
    assert "Material NOPE does not exist" in told
    assert "Tax code ZZ does not exist" in told


def test_what_a_success_remarks_is_told(erp, say):
    late = say.order(say.line(requested_date=dt.date(2020, 1, 1)))
    done = erp.purchase_orders.create(late, key="k")
    assert [problem.message for problem in done.warnings] == ["Can delivery date be met?"]


def test_many_orders_go_in_one_batch_each_apart(system, say):
    erp = system.connect(purchase_orders="v4")
    orders = [say.order(), say.order(buyer=anyerp.Ref(id="9ZZ")), say.order()]
    report = erp.purchase_orders.create_many(orders)
    assert [one.index for one in report.not_applied] == [1]
    assert "9ZZ" in report[1].error.problems[0].message
    assert len(system.calls("POST", "/0001/$batch")) == 1
    assert not system.calls("POST", "/0001/PurchaseOrder")
    for one in report.applied:
        assert erp.purchase_orders.get(one.id).external_reference == one.key


@pytest.mark.parametrize(("strike", "made"), [(lose_after, 2), (lose_before, 0)])
def test_a_lost_answer_to_a_batch_is_settled_by_looking(system, erp, say, strike, made):
    erp.purchase_orders.page()
    before = len(system.sandbox.world.store.rows("A_PurchaseOrder"))
    system.sandbox.faults.append(Once(strike, lambda call: "/$batch" in call.target))
    report = erp.purchase_orders.create_many([say.order(), say.order()])
    assert len(report.applied) == made
    assert len(system.sandbox.world.store.rows("A_PurchaseOrder")) == before + made


def test_a_lost_answer_to_a_create_is_found_by_its_key(system, erp, say):
    erp.purchase_orders.page()
    system.sandbox.faults.append(Once(lose_after, lambda call: call.method == "POST"))
    done = erp.purchase_orders.create(say.order(), key="lost-1")
    assert (done.record.external_reference, len(system.calls("POST", "/0001/PurchaseOrder"))) == ("lost-1", 1)


@pytest.mark.parametrize("v4", [True, False])
def test_a_dry_run_shows_the_request_of_the_service_that_will_get_it(make, say, v4):
    system = make(v4=v4)
    plan = system.connect(purchase_orders="auto").purchase_orders.create(say.order(), key="k", dry_run=True)
    (request,) = plan.requests
    assert request.url.endswith("/0001/PurchaseOrder" if v4 else "/A_PurchaseOrder")
    assert not system.calls("POST")


@pytest.mark.parametrize("meanwhile", [False, True])
def test_an_etag_that_our_own_changes_moved_is_read_again_and_nobody_elses(system, erp, say, meanwhile):
    """A service may make a part's etag from the whole document, which the header's PATCH has just changed."""
    made = erp.purchase_orders.create(say.order(), key="k").record

    def stale(call, proceed):
        if meanwhile:
            system.sandbox.touch(made.id, "10", TaxCode="V0")
        return Response(
            412, Headers({"content-type": "application/json"}), b'{"error":{"code":"X","message":"changed"}}'
        )

    item = Once(stale, lambda call: call.method == "PATCH" and "PurchaseOrderItem(" in call.target)
    system.sandbox.faults.append(item)
    line = made.lines[0].model_copy(update={"quantity": Decimal(8)})
    wanted = made.model_copy(update={"vendor_reference": "OFFER-2", "lines": [line]})
    if not meanwhile:
        erp.purchase_orders.update(wanted)
        assert erp.purchase_orders.get(made.id).lines[0].quantity == 8
        return
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(wanted)
    assert "1 of 2 changes of the order are written already" in str(caught.value.hint)
