"""What goes wrong is told in the Infolog's own sentences, and is final or not by what it is (dynamics sheet §1.8)."""

from __future__ import annotations

import pytest
from anyerp import Conflict, InvalidRecord, NotFound, OutcomeUnknown, RateLimited, Ref, Unavailable
from anyerp.connector import Request
from anyerp.model import Vendor
from anyerp.testing.sandbox import Once, answer_with
from anyerp.wire import Headers, Response, dump_json
from anyerp_dynamics.fno.auth import explain

WRITE = "Microsoft.Dynamics.Platform.Integration.Services.OData.AxODataWriteException"


def answer(status, message, kind=WRITE, **headers):
    inner = {"message": message, "type": kind, "stacktrace": "   at Microsoft.Dynamics.Secret.Path()"}
    body = {"error": {"code": "", "message": "An error has occurred.", "innererror": inner}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, Headers({"Content-Type": "application/json", **named}), dump_json(body))


def explained(response, method="POST"):
    return explain(None, Request(method, "/data/PurchaseOrderLinesV2"), response)


def test_the_infologs_sentences_are_told_without_what_repeats_them():
    error = explained(
        answer(
            400,
            "Write failed for table row of type 'PurchPurchaseOrderLineV2Entity'. Infolog: "
            "Warning: Item 'X' is blocked for 'Purchase order'.; Info: Item 'X' is blocked for 'Purchase order'.; "
            "Warning: validateWrite failed on "
            "data source 'PurchLine (PurchLine)'.",
        )
    )
    assert isinstance(error, InvalidRecord)
    assert [problem.message for problem in error.problems] == ["Item 'X' is blocked for 'Purchase order'."]
    assert error.message == "Item 'X' is blocked for 'Purchase order'."


def test_a_field_that_the_infolog_names_is_the_problems():
    error = explained(answer(400, "Infolog: Error: Field 'Vendor account' must be filled in."))
    assert error.problems[0].native.field == "Vendor account"


def test_the_stack_trace_is_told_nowhere():
    error = explained(answer(500, "Infolog: Error: No.", ms_dyn_aid="A-1"))
    assert "Secret.Path" not in str(error) + str(error.to_dict())
    assert error.request_id == "A-1"


@pytest.mark.parametrize("status", [400, 500])
def test_a_refused_write_is_final_whatever_its_status(status):
    assert isinstance(explained(answer(status, "Infolog: Info: The record already exists.")), InvalidRecord)


def test_another_500_leaves_a_write_open_and_a_read_for_later():
    assert isinstance(explained(answer(500, "Timeout.", "System.Exception")), OutcomeUnknown)
    assert isinstance(explained(answer(500, "Timeout.", "System.Exception"), "GET"), Unavailable)


def test_a_record_that_another_user_holds_is_a_conflict():
    text = "Infolog: Error: Cannot edit a record in PurchLine. An update conflict occurred due to another user process."
    assert isinstance(explained(answer(400, text)), Conflict)


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"error":"x"}', b'{"error":{"innererror":7}}'])
def test_a_body_that_says_nothing_is_explained_by_its_status(content):
    error = explained(Response(404, Headers({}), content))
    assert isinstance(error, NotFound)
    assert error.problems == ()


def test_the_erps_own_pause_is_kept(erp, system):
    busy = Response(429, Headers({"Retry-After": "11"}), b"")
    system.sandbox.faults.append(Once(answer_with(busy), lambda call: "/data/" in call.target, times=99))
    with pytest.raises(RateLimited) as told:
        erp.vendors.get("US-101")
    assert told.value.retry_after == 11
    assert min(system.waits) >= 11


def test_a_vendor_with_a_group_that_is_none_is_refused_in_words(erp):
    with pytest.raises(InvalidRecord, match="99") as told:
        erp.vendors.create(Vendor(name="New", group="99"), key="V-1")
    assert told.value.status == 400


def test_a_vendor_on_hold_takes_no_orders(erp, say):
    with pytest.raises(InvalidRecord, match="PL-001 is on hold"):
        erp.purchase_orders.create(say.order(vendor=Ref(number="PL-001")))
