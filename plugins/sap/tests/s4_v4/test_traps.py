"""Traps that both services of purchase orders have, and those of V4's own values (sap sheet §4-§6, §8, §10)."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from decimal import Decimal

import pytest
from anyerp import Ref
from anyerp.errors import InvalidRecord
from anyerp.wire import Headers, Response

ORDER = "4500000001"


@pytest.fixture(params=["v2", "v4"])
def either(system, request):
    return system.connect(purchase_orders=request.param)


@pytest.fixture
def v4(system):
    return system.connect(purchase_orders="v4")


@pytest.fixture(params=["America/Los_Angeles", "Pacific/Kiritimati"])
def far_away(request, monkeypatch):
    """Put the host into another time zone."""
    with monkeypatch.context() as here:
        here.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def answers(system, change):
    """A fault that changes what is read."""

    def strike(call, proceed):
        answer = proceed()
        return Response(answer.status, answer.headers, change(answer.content)) if call.method == "GET" else answer

    system.sandbox.faults.append(strike)


def bodies(system, method):
    return [json.loads(call.content, parse_float=Decimal) for call in system.calls(method)]


def test_days_and_moments_are_the_same_wherever_the_host_is(system, either, say, far_away):
    order = either.purchase_orders.get(ORDER)
    stored = system.row("A_PurchaseOrder", ORDER)
    assert order.order_date == stored["PurchaseOrderDate"]
    assert order.updated_at == stored["LastChangeDateTime"].replace(
        microsecond=stored["LastChangeDateTime"].microsecond // 1000 * 1000
    )
    made = either.purchase_orders.create(say.order(order_date=dt.date(2025, 3, 30))).record
    row = system.row("A_PurchaseOrder", made.id)
    assert (made.order_date, row["PurchaseOrderDate"]) == (dt.date(2025, 3, 30), dt.date(2025, 3, 30))
    assert made.lines[0].requested_date == dt.date(2030, 7, 1)


def test_rows_that_share_a_stamp_are_all_among_the_changes(system, either):
    stamp = dt.datetime(2026, 5, 1, 10, 0, 0, 123000, tzinfo=dt.UTC)
    for order in (ORDER, "4500000004"):
        system.sandbox.touch(order, LastChangeDateTime=stamp)
        row = system.row("A_PurchaseOrder", order)
        system.sandbox.world.store.put("A_PurchaseOrder", {**row, "LastChangeDateTime": stamp})
    read = either.purchase_orders.get(ORDER).updated_at
    assert [order.id for order in either.purchase_orders.list(updated_since=read)] == [ORDER, "4500000004"]


def test_a_field_is_emptied_by_an_empty_text_and_never_by_null(system, either, say):
    made = either.purchase_orders.create(say.order(incoterms="FCA", incoterms_location="Kiel")).record
    nothing = {"incoterms_location": None, "vendor_reference": None, "incoterms": None}
    now = either.purchase_orders.update(made.model_copy(update=nothing)).record
    assert (now.incoterms, now.incoterms_location) == (None, None)
    assert bodies(system, "PATCH") == [{"IncotermsClassification": "", "IncotermsLocation1": ""}]


def test_many_orders_and_keys_are_named_in_several_short_addresses(make, say):
    for service in ("v2", "v4"):
        system = make(orders=120)
        erp = system.connect(purchase_orders=service)
        since = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        assert len(list(erp.purchase_orders.list(updated_since=since, page_size=200))) == 133
        wanted = [say.order(external_reference=f"REQ-{number:08}") for number in range(60)]
        assert erp.purchase_orders.create_many(wanted, batch_size=60).ok
        lists = [call.target for call in system.calls("GET") if "%20or%20" in call.target.replace("+", "%20")]
        assert len(lists) > 6
        assert max(map(len, lists)) < 2048


def test_v4_says_when_it_wants_an_etag_and_gets_it_once(system, v4):
    def without_etags(call, proceed):
        answer = proceed()
        if "$select" not in call.target.replace("%24", "$"):
            return answer
        fields = [(name, value) for name, value in answer.headers.items_with_repeats() if name.lower() != "etag"]
        return Response(answer.status, Headers(fields), answer.content.replace(b'"@odata.etag"', b'"@odata.was"'))

    system.sandbox.faults = [without_etags]
    order = v4.purchase_orders.get(ORDER)
    assert order.version is None
    done = v4.purchase_orders.update(order.model_copy(update={"vendor_reference": "Q-9"}))
    assert done.record.vendor_reference == "Q-9"
    assert [call.headers.get("if-match") is not None for call in system.calls("PATCH")] == [False, True]


def test_a_stamp_of_seven_digits_is_read_as_that_of_v2(system, v4):
    stamp = rb'"LastChangeDateTime":"2025-02-14T11:34:54.3258047Z"'
    answers(system, lambda content: re.sub(rb'"LastChangeDateTime":"[^"]*"', stamp, content))
    updated = v4.purchase_orders.get(ORDER).updated_at
    assert updated == dt.datetime(2025, 2, 14, 11, 34, 54, 325000, tzinfo=dt.UTC)


def test_an_amount_keeps_digits_that_no_float_holds(system, v4):
    answers(system, lambda content: content.replace(b'"NetAmount":62.50', b'"NetAmount":9999999999999.999'))
    assert v4.purchase_orders.get(ORDER).lines[0].amount == Decimal("9999999999999.999")


def test_empty_texts_zeros_and_falses_of_v4_are_nothing(system, v4):
    empty = (b'"IncotermsClassification":"[^"]*"', b'"PaymentTerms":"[^"]*"', b'"TaxCode":"[^"]*"')

    def emptied(content):
        for field in empty:
            content = re.sub(field, field.partition(b":")[0] + b':""', content)
        return re.sub(rb'"NetPriceQuantity":\d+', b'"NetPriceQuantity":0', content)

    answers(system, emptied)
    order = v4.purchase_orders.get(ORDER)
    assert (order.incoterms, order.payment_terms) == (None, None)
    assert (order.lines[0].tax_code, order.lines[0].price_quantity) == (None, None)
    assert order.lines[0].amount == Decimal("62.50")


def test_a_material_longer_than_this_system_has_is_refused_and_never_cut(system, v4, say):
    with pytest.raises(InvalidRecord) as caught:
        v4.purchase_orders.create(say.order(say.line(item=Ref(id="TG11-IS-A-LONG-NUMBER"))))
    assert "Material" in str(caught.value)
    (body,) = bodies(system, "POST")
    assert body["_PurchaseOrderItem"][0]["Material"] == "TG11-IS-A-LONG-NUMBER"
