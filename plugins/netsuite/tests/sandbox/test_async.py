"""Jobs: accepted, polled, with one task per record; batches; the idempotency key that counts only here."""

from __future__ import annotations

import pytest
from anyerp_netsuite.sandbox import NetSuiteSandbox

from .conftest import HOST, Client, detail, new_order

ASYNC = {"prefer": "respond-async"}
KEY = {"x_netsuite_idempotency_key": "cac827ea-3543-4cda-add2-bae634326c27"}
COLLECTION = {"content_type": "application/vnd.oracle.resource+json; type=collection"}


def job(answer):
    assert (answer.status, answer.content) == (202, b"")
    assert answer.headers["preference-applied"] == "respond-async"
    return answer.headers["location"].removeprefix(f"https://{HOST}")


def results(client, path):
    """Poll to the end and fetch every task's result."""
    while not client.get(path)["completed"]:
        pass
    links = client.get(f"{path}/task")["items"][0]["links"]
    return [client.ask("GET", link["href"].removeprefix(f"https://{HOST}") + "/result") for link in links]


def test_an_asynchronous_create_is_polled_to_its_result(client):
    path = job(client.ask("POST", "purchaseOrder", new_order(), **ASYNC))
    assert path == "/services/rest/async/v1/job/1"
    first = client.get(path)
    assert (first["completed"], first["progress"], first["id"]) == (False, "pending", "1")
    second = client.get(path)
    assert (second["completed"], second["progress"]) == (True, "succeeded")
    task = client.get(path + "/task/1")
    assert task.keys() == {"links", "completed", "id", "progress", "startTime", "endTime"}
    (result,) = results(client, path)
    assert result.status == 204
    client.get(result.headers["location"].removeprefix(f"https://{HOST}"))


def test_a_result_is_not_there_before_the_job_is_done(clock):
    client = Client(NetSuiteSandbox(now=clock, pending_polls=3), clock).log_on()
    path = job(client.ask("PATCH", "purchaseOrder/2173", {"memo": "later"}, **ASYNC))
    assert client.ask("GET", path + "/task/1/result").status == 404
    assert "endTime" not in client.get(path + "/task/1")
    assert [client.get(path)["completed"] for _ in range(4)] == [False, False, False, True]
    assert client.ask("GET", path + "/task/1/result").status == 204


def test_a_failed_job_answers_like_the_call_would_have(client):
    path = job(client.ask("PATCH", "purchaseOrder/2173", {"tranDate": "soon"}, **ASYNC))
    (result,) = results(client, path)
    assert detail(result)["o:errorPath"] == "tranDate"
    assert client.get(path)["progress"] == "failed"


def test_a_repeated_key_is_a_400_called_conflict_that_leads_to_the_first_job(client):
    path = job(client.ask("POST", "purchaseOrder", new_order(), **ASYNC, **KEY))
    again = client.ask("POST", "purchaseOrder", new_order(), **ASYNC, **KEY)
    assert detail(again)["o:errorCode"] == "IDEMPOTENCY_ERROR"
    assert again.json()["title"] == "Conflict"
    assert again.headers["location"] == path
    assert client.get("purchaseOrder")["totalResults"] == 13


def test_a_synchronous_call_neither_uses_nor_respects_a_key(client):
    client.ask("POST", "purchaseOrder", new_order(), **KEY)
    job(client.ask("POST", "purchaseOrder", new_order(), **ASYNC, **KEY))
    assert client.ask("POST", "purchaseOrder", new_order(), **KEY).status == 204


def test_a_batch_has_one_task_per_record_and_one_bad_record_harms_no_other(client):
    body = {"items": [new_order(externalId="B-1"), new_order(entity={"id": 1}), new_order(externalId="B-3")]}
    first, second, third = results(client, job(client.ask("POST", "purchaseOrder", body, **ASYNC, **COLLECTION)))
    assert (first.status, third.status) == (204, 204)
    assert detail(second)["o:errorPath"] == "entity"
    assert client.get("purchaseOrder/eid:B-3")["externalId"] == "B-3"


def test_batches_change_upsert_and_delete_by_id_or_external_id(client):
    def batch(method, *items):
        answer = client.ask(method, "purchaseOrder", {"items": list(items)}, **ASYNC, **COLLECTION)
        return [result.status for result in results(client, job(answer))]

    assert batch("PATCH", {"id": "2174", "memo": "a"}, {"id": "1", "memo": "b"}) == [204, 404]
    assert batch("PUT", new_order(externalId="U-1"), {"externalId": "REQ-2173", "memo": "c"}) == [204, 204]
    assert [client.get(f"purchaseOrder/{id}")["memo"] for id in ("2174", "2173")] == ["a", "c"]
    assert batch("DELETE", {"id": "2174"}, {"id": "eid:U-1"}) == [204, 204]
    answer = client.ask("DELETE", "purchaseOrder?ids=2175,2176", **ASYNC)
    assert [one.status for one in results(client, job(answer))] == [204, 204]
    assert client.get("purchaseOrder")["totalResults"] == 9


def test_a_batch_read_gives_whole_records(client):
    path = job(client.ask("GET", "purchaseOrder?expandRecords=true&ids=2173,eid:REQ-2173,9", **ASYNC))
    first, second, third = results(client, path)
    assert first.json()["item"]["items"][0]["item"]["id"] == second.json()["item"]["items"][0]["item"]["id"] == "84"
    assert third.status == 404


def test_a_batch_holds_a_hundred_at_most_and_is_asynchronous_only(client):
    many = {"items": [new_order()] * 101}
    assert detail(client.ask("POST", "purchaseOrder", many, **ASYNC, **COLLECTION))["o:errorCode"] == "INVALID_REQUEST"
    assert (
        detail(client.ask("POST", "purchaseOrder", {"items": [new_order()]}, **COLLECTION))["o:errorHeader"] == "Prefer"
    )
    assert detail(client.ask("GET", "purchaseOrder?expandRecords=true&ids=2173"))["o:errorHeader"] == "Prefer"
    assert client.ask("GET", "purchaseOrder?ids=2173", **ASYNC).status == 400
    assert client.ask("POST", "purchaseOrder", [], **ASYNC, **COLLECTION).status == 400


def test_suiteql_is_never_asynchronous(client):
    answer = client.ask("POST", "/services/rest/query/v1/suiteql", {"q": "SELECT id FROM currency"}, **ASYNC)
    assert detail(answer)["o:errorHeader"] == "Prefer"


@pytest.mark.parametrize("path", ["2", "1/task/2", "1/task/x", "1/nonsense", "1/task/1/result/1"])
def test_jobs_and_tasks_that_do_not_exist_are_404s(client, path):
    job(client.ask("PATCH", "purchaseOrder/2173", {}, **ASYNC))
    assert detail(client.ask("GET", f"/services/rest/async/v1/job/{path}"), 404)
