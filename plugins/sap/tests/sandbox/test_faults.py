"""The ways in which the system fails, over the wire and behind the host's back."""

from __future__ import annotations

import pytest
from anyerp.testing.sandbox import LostAnswer, Once, lose_after
from anyerp_sap.sandbox import faults


def test_an_overloaded_server_answers_with_a_page(client, sandbox):
    sandbox.faults.append(Once(faults.overloaded("30"), times=1))
    answer = client.get("A_PurchaseOrder")
    assert (answer.status, answer.media_type, answer.headers["retry-after"]) == (503, "text/html", "30")
    sandbox.faults.append(Once(faults.overloaded()))
    assert "retry-after" not in client.get("A_PurchaseOrder").headers
    assert client.get("A_PurchaseOrder").status == 200


def test_a_gateway_throttles(client, sandbox):
    sandbox.faults.append(Once(faults.throttled("2")))
    answer = client.get("A_PurchaseOrder")
    assert (answer.status, answer.headers["retry-after"]) == (429, "2")


def test_a_dump_after_the_commit_has_written(client, sandbox, order_body):
    order_body["CorrespncExternalReference"] = "DUMP"
    sandbox.faults.append(Once(faults.dump_after_commit, when=lambda call: call.method == "POST"))
    assert client.post("A_PurchaseOrder", order_body).status == 500
    assert len(client.rows("A_PurchaseOrder?$filter=CorrespncExternalReference eq 'DUMP'")) == 1


def test_a_lost_answer_has_written_too(client, sandbox, order_body):
    client.fetch_token()
    sandbox.faults.append(Once(lose_after))
    with pytest.raises(LostAnswer):
        client.post("A_PurchaseOrder", order_body)
    assert client.get("A_PurchaseOrder/$count").text() == "14"


def test_a_session_that_expires_just_before_a_write(client, sandbox, order_body):
    client.fetch_token()
    sandbox.faults.append(Once(faults.session_expiry(sandbox)))
    assert client.post("A_PurchaseOrder", order_body).headers["x-csrf-token"] == "Required"
    client.fetch_token()
    assert client.post("A_PurchaseOrder", order_body).status == 201


def test_what_was_asked_is_kept_in_order(client, sandbox):
    client.get("A_PurchaseOrder?$top=1")
    client.get("A_PurchaseOrder/$count")
    assert [call.target.rpartition("/")[2] for call in sandbox.calls] == ["A_PurchaseOrder?$top=1", "$count"]


def test_touching_moves_the_stamp_and_may_change_values(client, sandbox):
    before = client.one("A_PurchaseOrder('4500000001')")
    sandbox.touch("4500000001", CorrespncInternalReference="MM")
    after = client.one("A_PurchaseOrder('4500000001')")
    assert after["CorrespncInternalReference"] == "MM"
    assert after["LastChangeDateTime"] != before["LastChangeDateTime"]
    with pytest.raises(KeyError):
        sandbox.touch("4711")
