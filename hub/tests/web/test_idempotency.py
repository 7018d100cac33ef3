"""A key is done once, however many send it, whoever dies, and for a day."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from anyerp.connection.collection import Collection
from anyerp_hub.store import table
from anyerp_hub.web import idempotency
from calling import Api, body_of


def test_the_same_key_is_done_once_however_many_send_it(api: Api, hub, made):
    headers = {"Idempotency-Key": "k1"}
    barrier = threading.Barrier(8)

    def go(_: int) -> tuple[int, str]:
        barrier.wait()
        answer = api.post("/v1/purchase_orders", json=body_of(), headers=headers)
        return answer.status_code, answer.json().get("number", "")

    before = len(list(hub.connection(made.id).purchase_orders.list()))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(go, range(8)))
    assert {status for status, _ in answers} <= {201, 409}
    created = {number for status, number in answers if status == 201}
    assert len(created) == 1
    assert len(list(hub.connection(made.id).purchase_orders.list())) == before + 1
    again = api.post("/v1/purchase_orders", json=body_of(), headers=headers)
    assert (again.status_code, again.json()["number"]) == (201, created.pop())
    assert again.headers["idempotency-replayed"] == "true"
    other = api.post("/v1/purchase_orders", json=body_of(2), headers=headers)
    assert other.status_code == 422


@pytest.mark.parametrize(("more", "status"), [({"external_reference": "DIED-1"}, 201), ({}, 502)])
def test_a_key_whose_process_died_is_taken_over_after_its_lease_and_nothing_is_doubled(api, hub, made, more, status):
    body, headers = body_of(**more), {"Idempotency-Key": "died"}
    first = api.post("/v1/purchase_orders", json=body, headers=headers)
    count = len(list(hub.connection(made.id).purchase_orders.list()))
    with hub.database.begin() as tx:  # as it stands when the process dies between the ERP's answer and ours
        tx.execute(table.idempotency.update().values(status=None, headers=None, body=None))
    assert api.post("/v1/purchase_orders", json=body, headers=headers).status_code == 409, "its lease still holds"
    with hub.database.begin() as tx:
        past = hub.database.now(tx) - timedelta(seconds=1)
        tx.execute(table.idempotency.update().values(lease_until=past))
    again = api.post("/v1/purchase_orders", json=body, headers=headers)
    assert again.status_code == status
    if status == 201:
        assert again.json()["number"] == first.json()["number"]
    else:
        assert (again.json()["code"], again.json()["outcome"]) == ("outcome_unknown", "unknown")
        assert api.post("/v1/purchase_orders", json=body, headers=headers).status_code == 502, "it stays so"
    assert len(list(hub.connection(made.id).purchase_orders.list())) == count


def test_a_write_that_takes_longer_than_its_lease_keeps_its_key(api, hub, made, monkeypatch):
    monkeypatch.setattr(idempotency, "LEASE", 0.3)
    entered, go_on = threading.Event(), threading.Event()
    real = Collection.create

    def slow(*args, **options):
        entered.set()
        assert go_on.wait(20)
        return real(*args, **options)

    monkeypatch.setattr(Collection, "create", slow)
    headers, renewed = {"Idempotency-Key": "slow"}, []

    def lease():
        with hub.database.read() as tx:
            return tx.execute(sa.select(table.idempotency.c.lease_until)).scalar_one()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(api.post, "/v1/purchase_orders", json=body_of(external_reference="S-1"), headers=headers)
        assert entered.wait(20)
        begun = lease()
        for _ in range(200):
            if lease() > begun + timedelta(seconds=0.4):  # by then the first lease is over
                renewed.append(True)
                break
            threading.Event().wait(0.02)
        go_on.set()
        assert first.result().status_code == 201
    assert renewed


def test_a_key_is_forgotten_after_a_day(api: Api, hub):
    headers = {"Idempotency-Key": "yesterday"}
    assert api.post("/v1/purchase_orders", json=body_of(), headers=headers).status_code == 201

    def age(hours: float) -> None:
        with hub.database.begin() as tx:
            tx.execute(table.idempotency.update().values(begun_at=hub.database.now(tx) - timedelta(hours=hours)))

    age(23.9)
    assert api.post("/v1/purchase_orders", json=body_of(2), headers=headers).status_code == 422
    age(24.1)
    assert api.post("/v1/purchase_orders", json=body_of(2), headers=headers).status_code == 201


def test_a_refused_write_does_not_use_up_its_key(api: Api):
    headers, nobody = {"Idempotency-Key": "k2"}, body_of(vendor={"number": "99999999"})
    assert api.post("/v1/purchase_orders", json=nobody, headers=headers).status_code == 422
    assert api.post("/v1/purchase_orders", json=body_of(), headers=headers).status_code == 201
