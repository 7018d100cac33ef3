"""Many records as one job: its tasks, its key against sending twice, and what is known when it fails (sheet §3)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from anyerp import Item, Ref, Vendor
from anyerp.errors import InvalidRecord, OutcomeUnknown
from anyerp.testing.sandbox import Once, answer_with, lose_after, lose_before
from anyerp.wire import Headers, Response

COLLECTION = "application/vnd.oracle.resource+json; type=collection"


def _posts(place):
    return [call for call in place.calls("POST", "/record/v1/purchaseOrder") if "!transform" not in call.target]


def _keys(count):
    numbers = iter(range(count))
    return lambda _: f"MANY-{next(numbers)}"


def test_a_hundred_orders_are_one_collection_of_an_asynchronous_call(place, erp, order):
    report = erp.purchase_orders.create_many([order()] * 100, batch_size=100, keys=_keys(100), look="doubtful")
    assert [one.outcome for one in report] == ["applied"] * 100
    (post,) = _posts(place)
    assert post.headers["prefer"] == "respond-async"
    assert post.headers["content-type"] == COLLECTION
    assert post.headers["x-netsuite-propertynamevalidation"] == "Error"
    assert UUID(post.headers["x-netsuite-idempotency-key"])
    # What all came of it is one query, not a request for each.
    assert not place.calls("GET", "/task/")
    assert {one.number for one in report} == {o.number for o in erp.purchase_orders.list() if o.external_reference in
                                              {f"MANY-{n}" for n in range(100)}}  # fmt: skip


def test_a_refused_order_is_told_in_netsuite_s_words_and_harms_no_other(place, erp, order):
    records = [order(), order(vendor=Ref(id="1")), order()]
    report = erp.purchase_orders.create_many(records, keys=_keys(3), look="doubtful")
    assert [one.outcome for one in report] == ["applied", "not_applied", "applied"]
    assert isinstance(report[1].error, InvalidRecord)
    assert "entity" in str(report[1].error)
    assert len(place.calls("GET", "/result")) == 3
    assert len(_posts(place)) == 1


def test_what_cannot_be_sent_keeps_the_others_not_back(place, erp, order):
    strange = order().lines[0].model_copy(update={"unit": "KGM"})
    report = erp.purchase_orders.create_many([order(), order(strange), order()], keys=_keys(3), look="doubtful")
    assert [one.outcome for one in report] == ["applied", "not_applied", "applied"]
    assert "not counted in 'Kilogram'" in str(report[1].error)


def test_records_without_a_key_are_told_by_their_tasks(place, erp, order):
    report = erp.purchase_orders.create_many([order()] * 3, make_keys=False)
    assert [one.outcome for one in report] == ["applied"] * 3
    assert {one.id for one in report} <= {found.id for found in erp.purchase_orders.list()}
    assert all(one.number for one in report)
    assert len(place.calls("GET", "/result")) == 3


@pytest.mark.parametrize("lost", [lose_after, lose_before])
def test_a_lost_answer_to_the_job_is_asked_for_again_under_its_key_and_nothing_is_made_twice(place, erp, order, lost):
    before = len(list(erp.purchase_orders.list(fields=["number"])))
    place.sandbox.faults.append(Once(lost, when=lambda call: "respond-async" in call.headers.get("prefer", "")))
    report = erp.purchase_orders.create_many([order()] * 4, keys=_keys(4), look="doubtful")
    assert [one.outcome for one in report] == ["applied"] * 4
    first, second = _posts(place)
    assert first.headers["x-netsuite-idempotency-key"] == second.headers["x-netsuite-idempotency-key"]
    assert len(list(erp.purchase_orders.list(fields=["number"]))) == before + 4


def test_a_job_is_waited_for_and_the_records_are_looked_for_when_nobody_can_follow_it(place, erp, order):
    gone = answer_with(Response(404, Headers({"Content-Type": "text/html"}), b"gone"))
    place.sandbox.faults.append(Once(gone, when=lambda call: "/async/" in call.target, times=99))
    report = erp.purchase_orders.create_many([order()] * 2, keys=_keys(2), look="doubtful")
    assert [(one.outcome, one.settled) for one in report] == [("applied", "look")] * 2


def test_an_accepted_job_that_is_not_named_leaves_the_outcome_open(place, erp, order):
    nameless = answer_with(Response(202, Headers({"Preference-Applied": "respond-async"}), b""))
    place.sandbox.faults.append(Once(nameless, when=lambda call: "respond-async" in call.headers.get("prefer", "")))
    report = erp.purchase_orders.create_many([order()] * 2, make_keys=False)
    assert [one.outcome for one in report] == ["unknown"] * 2
    assert isinstance(report[0].error, OutcomeUnknown)


def test_a_job_s_address_on_another_host_is_followed_on_this_one(place, erp, order):
    def elsewhere(call, proceed):
        answer = proceed()
        path = answer.headers["location"].partition("/services")[2]
        return replace(answer, headers=Headers({"Location": f"https://evil.example/services{path}"}))

    place.sandbox.faults.append(Once(elsewhere, when=lambda call: "respond-async" in call.headers.get("prefer", "")))
    assert erp.purchase_orders.create_many([order()] * 2, keys=_keys(2)).ok
    assert not [call for call in place.sandbox.calls if "evil" in call.target]


def test_a_slow_job_is_looked_at_again_and_again(place, order):
    place.open(pending_polls=6)
    with place.connect() as erp:
        assert erp.purchase_orders.create_many([order()] * 2, keys=_keys(2)).ok
    assert len([call for call in place.calls("GET", "/async/") if "/task" not in call.target]) == 7


def test_vendors_and_customers_go_as_collections_too(place, erp):
    vendors = [Vendor(name=f"Supplier {n}", extra={"subsidiary": "1"}) for n in range(3)]
    report = erp.vendors.create_many(vendors, keys=_keys(3), look="doubtful")
    assert report.ok
    assert len(place.calls("POST", "/record/v1/vendor")) == 1
    assert erp.vendors.get(report[2].id).external_reference == "MANY-2"


def test_the_units_of_an_item_are_asked_for_once_and_anew_for_one_that_is_missing(place, erp, order):
    for key in ("ONE", "TWO"):
        erp.purchase_orders.create(order(), key=key)
    asked = [query for query in place.queries() if "unitstypeuom" in query and "i.id IN (84)" in query]
    assert len(asked) == 1
    place.sandbox.store.get("unitstype", "1").values["uom"].append(
        {"internalId": 77, "unitName": "Gross", "conversionRate": Decimal(144), "baseUnit": False}
    )
    place.sandbox.store.put(place.sandbox.store.get("unitstype", "1"))
    line = order().lines[0].model_copy(update={"unit": None, "native_unit": "Gross"})
    assert erp.purchase_orders.create(order(line)).record.lines[0].native_unit == "Gross"


def test_more_units_than_an_answer_has_rows_are_asked_for_in_parts(place, erp, order):
    kind = place.sandbox.store.get("unitstype", "1")
    kind.values["uom"] += [
        {"internalId": 1000 + n, "unitName": f"Pack of {n}", "conversionRate": Decimal(n), "baseUnit": False}
        for n in range(2, 602)
    ]
    place.sandbox.store.put(kind)
    packs = [
        order().lines[0].model_copy(update={"item": Ref(id=item), "unit": None, "native_unit": "Pack of 600"})
        for item in ("84", "85")
    ]
    made = erp.purchase_orders.create(order(*packs)).record
    assert [line.native_unit for line in made.lines] == ["Pack of 600"] * 2


def test_vendor_and_items_of_many_orders_are_looked_up_once_and_a_minute_later_anew(place, clock, erp, order):
    items = [order().lines[0].model_copy(update={"item": Ref(number=number)}) for number in ("BOLT-M8", "GEARBOX")]
    given = order(*items, vendor=Ref(number="V-1001"))

    def asked() -> list[str]:
        return [query for query in place.queries() if "itemid IN" in query or "entityid IN" in query]

    assert erp.purchase_orders.create_many([given] * 20, keys=_keys(20), look="doubtful").ok
    assert len(asked()) == 2
    clock.advance(seconds=61)
    assert erp.purchase_orders.create(given).record.lines[1].item.number == "GEARBOX"
    assert len(asked()) == 4


def test_a_number_that_nobody_had_is_asked_for_again(place, erp, order):
    given = order(order().lines[0].model_copy(update={"item": Ref(number="NEW-1"), "unit": None}))
    with pytest.raises(InvalidRecord, match="no records have the number 'NEW-1'"):
        erp.purchase_orders.create(given)
    erp.items.create(Item(number="NEW-1", kind="goods"))
    assert erp.purchase_orders.create(given).record.lines[0].item.number == "NEW-1"
