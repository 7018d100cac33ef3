"""Gateway's words as ours, held against recorded answers (sap sheet §7)."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from anyerp.connector import Request, Response
from anyerp.errors import Conflict, InvalidRecord, NotFound, OutcomeUnknown, Unavailable
from anyerp.wire import Headers
from anyerp_sap.s4.auth import explain, messages

READ, WRITE = Request("GET", "/x"), Request("POST", "/x")


def answer(status: int, body: object, media_type: str = "application/json;charset=utf-8") -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, Headers({"content-type": media_type}), content)


def told(status: int, body: object, request: Request = READ, media_type: str = "application/json"):
    return explain(None, request, answer(status, body, media_type))  # the context is not asked


@pytest.fixture
def sample(shared):
    return lambda name: json.loads((shared.parent / "samples" / name).read_text())


def test_a_recorded_business_error_is_told_without_noise_and_warnings(sample):
    error = told(400, sample("s4_v2_error_business.json"), WRITE)
    assert isinstance(error, InvalidRecord)
    assert "Enter Company Code" in [p.message for p in error.problems]
    assert not {"/IWBEP/CX_MGW_BUSI_EXCEPTION", "06/436"} & {p.native.code for p in error.problems}
    assert len(set(error.problems)) == len(error.problems)


def test_a_recorded_404_is_not_found_with_its_transaction(sample):
    error = told(404, sample("s4_v2_error_not_found.json"))
    assert isinstance(error, NotFound)
    assert error.problems[0].native.code == "/IWBEP/CM_MGW_RT/020"
    assert error.request_id == "4FDF3748112322F4E10000000A420C41"


def test_a_text_in_the_part_that_looks_ignorable_is_kept_beside_the_other(erp):
    with pytest.raises(NotFound) as caught:
        erp.purchase_orders.get("4599999999")
    assert caught.value.message == "there is no purchase order 4599999999"
    first, second = caught.value.problems
    assert first.message in str(caught.value)
    assert "4599999999" in second.message
    assert second.message in str(caught.value)


def test_a_recorded_demand_for_an_etag_is_a_conflict(sample):
    assert isinstance(told(428, sample("s4_v2_error_etag_missing.json"), WRITE), Conflict)


@pytest.mark.parametrize(
    "text", ["User MEIER already processing purchase order 45", "Order 45 is locked by user MEIER"]
)
def test_a_locked_document_is_for_later(text):
    error = told(400, {"error": {"code": "ME/006", "message": {"lang": "en", "value": text}}}, WRITE)
    assert (type(error), error.retry) == (Conflict, "later")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Service Unavailable</html>",
        b'{"error": 5}',
        b"[]",
        b"{",
        {"error": {"message": 5, "innererror": 5}},
        {"error": {"message": {"value": None}, "innererror": {"errordetails": [5, None, {"severity": "error"}]}}},
    ],
)
def test_an_error_in_no_known_form_is_still_an_error_of_ours(body):
    for status, kind in ((400, InvalidRecord), (404, NotFound), (503, Unavailable)):
        error = told(status, body)
        assert isinstance(error, kind)
        assert error.status == status
        assert "<" not in str(error)
    assert isinstance(told(500, body, WRITE), OutcomeUnknown)


def test_html_that_calls_itself_json_shows_no_html():
    assert "<" not in str(told(400, b"<html>no</html>"))


def test_long_texts_are_cut():
    error = told(400, {"error": {"code": "X/1", "message": {"value": "x" * 100_000}}})
    assert len(str(error)) < 2000


BODY = json.dumps({
    "code": "06/040", "message": "Can delivery date be met?", "severity": "warning",
    "details": [
        {"code": "X/1", "message": "Über", "severity": "info"},
        {"code": "06/040", "message": "Can delivery date be met?", "severity": "warning"},
    ],
})  # fmt: skip


@pytest.mark.parametrize("header", [BODY, quote(BODY)])
def test_remarks_on_a_success_are_read_plain_and_url_encoded(header):
    found = messages(Response(201, Headers({"sap-message": header})))
    assert [(w.native.code, w.message) for w in found] == [("06/040", "Can delivery date be met?"), ("X/1", "Über")]


@pytest.mark.parametrize("header", ["", "<notification/>", "[]", "{", "5", '{"details": 5}', '{"details": [5]}', "%"])
def test_remarks_in_no_known_form_do_not_spoil_a_success(header):
    assert messages(Response(201, Headers({"sap-message": header}))) == []
