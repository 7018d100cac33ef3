"""Jobs: one outcome for each record, whatever happens to the connection, the host's wishes, or the worker."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import jsonschema
import pytest
from anyerp import Ref
from anyerp.errors import ConfigError, NotSupported, OutcomeUnknown
from anyerp.testing.sandbox import Once, lose_after
from anyerp_hub import Hub
from anyerp_hub.error import NoSuchThing, WrongState
from anyerp_hub.event.catalogue import schema_of
from anyerp_hub.job import lease as leasing
from anyerp_hub.job import worker as working
from anyerp_hub.job.lease import Fenced, hold, take
from sample import order

SAP = "sap-s4hana"
PO = "purchase_orders"


@pytest.fixture
def con(hub: Hub, sap) -> str:
    return hub.connect(SAP, **sap[1]).id


def references(hub: Hub, con: str) -> Counter:
    """How often each key stands in the ERP."""
    found = hub.connection(con).purchase_orders.list()
    return Counter(one.external_reference for one in found if one.external_reference)


def submitted(hub: Hub, con: str, count: int, **options) -> str:
    return hub.jobs.submit(con, PO, [order(n + 1) for n in range(count)], **options).id


def test_a_job_writes_every_record_once_and_tells_what_became_of_it(hub: Hub, con):
    before = references(hub, con)
    id = submitted(hub, con, 7, batch_size=3)
    assert hub.worker().work() == 3
    job = hub.jobs.get(id)
    assert (job.state, job.counts, job.total) == ("succeeded", {"applied": 7}, 7)
    records = hub.jobs.records(id)
    assert [one.position for one in records] == list(range(7))
    assert all(one.number and one.record_id and one.settled == "answer" for one in records)
    assert references(hub, con) - before == Counter({one.key: 1 for one in records})
    assert [event.type for event in hub.events(types="job.*")] == ["job.queued", "job.running", "job.succeeded"]


def test_a_bad_record_takes_no_other_down(hub: Hub, con):
    unfit = {"vendor": {"number": "10300001"}, "currency": "euros"}
    refused = order().model_copy(update={"vendor": Ref(number="99999999")})
    id = hub.jobs.submit(con, PO, [order(1), unfit, refused, order(2)]).id
    hub.worker().work()
    assert hub.jobs.get(id).state == "partial"
    first, second, third, fourth = hub.jobs.records(id)
    assert (first.state, second.state, third.state, fourth.state) == (
        "applied", "not_applied", "not_applied", "applied",
    )  # fmt: skip
    assert second.error["problems"][0]["pointer"] == "/currency"
    assert "99999999" in third.error["message"]
    assert second.attempts == 0


def test_records_are_given_as_json_as_well_and_own_keys_are_kept(hub: Hub, con):
    one = order().model_dump(mode="json", exclude_unset=True)
    id = hub.jobs.submit(con, PO, [{**one, "external_reference": f"MINE-{n}"} for n in range(2)]).id
    hub.worker().work()
    assert [record.key for record in hub.jobs.records(id)] == ["MINE-0", "MINE-1"]
    again = hub.jobs.submit(con, PO, [{**one, "external_reference": "MINE-1"}]).id
    hub.worker().work()
    assert hub.jobs.records(again)[0].settled == "before"
    assert references(hub, con)["MINE-1"] == 1


def test_one_key_twice_in_a_job_is_one_record(hub: Hub, con):
    id = hub.jobs.submit(con, PO, [order(1), order(2)], key=lambda _: "SAME").id
    hub.worker().work()
    assert [record.state for record in hub.jobs.records(id)] == ["applied", "not_applied"]
    assert references(hub, con)["SAME"] == 1


def test_an_update_job_changes_and_says_what_it_cannot(hub: Hub, con):
    erp = hub.connection(con)
    orders = [one for one in erp.purchase_orders.list() if one.external_reference is None][:1]
    changed = [one.model_copy(update={"external_reference": "NEW-REF"}) for one in orders]
    id = hub.jobs.submit(con, PO, [*changed, order()], kind="update").id
    hub.worker().work()
    assert [record.state for record in hub.jobs.records(id)] == ["applied", "not_applied"]
    assert erp.purchase_orders.get(orders[0].id).external_reference == "NEW-REF"


def test_what_cannot_be_a_job_is_refused_and_leaves_nothing_behind(hub: Hub, con):
    def broken():
        yield order()
        raise RuntimeError("the source broke")

    with pytest.raises(ConfigError, match="needs records"):
        hub.jobs.submit(con, PO, [])
    with pytest.raises(NotSupported):
        hub.jobs.submit(con, "dragons", [order()])
    with pytest.raises(NotSupported, match="companies"):
        hub.jobs.submit(con, "companies", [{}])
    with pytest.raises(ConfigError, match="batch_size"):
        hub.jobs.submit(con, PO, [order()], batch_size=0)
    with pytest.raises(RuntimeError):
        hub.jobs.submit(con, PO, broken())
    with pytest.raises(NoSuchThing):
        hub.jobs.submit("con_x", PO, [order()])
    assert hub.jobs.list() == []
    assert hub.worker().work() == 0


def test_the_source_of_a_job_may_be_a_connection_of_the_same_hub(hub: Hub, con):
    erp = hub.connection(con)
    vendors = (order(vendor=one.number) for one in erp.vendors.list() if one.number == "10300001")
    assert hub.jobs.submit(con, PO, vendors).total == 1


def test_a_paused_job_rests_after_its_batch_and_goes_on_where_it_was(hub: Hub, con):
    id = submitted(hub, con, 6, batch_size=2)
    worker = hub.worker()
    worker.work_one()
    hub.jobs.pause(id)
    assert worker.work() == 0
    assert (hub.jobs.get(id).state, hub.jobs.get(id).counts) == ("paused", {"applied": 2, "pending": 4})
    hub.jobs.resume(id)
    worker.work()
    assert hub.jobs.get(id).counts == {"applied": 6}


def test_a_running_job_sees_the_wish_before_its_next_batch(hub: Hub, con, monkeypatch):
    id = submitted(hub, con, 6, batch_size=2)
    sent = working.Worker._send

    def while_sending(self, *facts):
        hub.jobs.cancel(id)
        return sent(self, *facts)

    monkeypatch.setattr(working.Worker, "_send", while_sending)
    hub.worker().work()
    job = hub.jobs.get(id)
    assert (job.state, job.counts) == ("cancelled", {"applied": 2, "cancelled": 4})
    with pytest.raises(WrongState, match="cancelled"):
        hub.jobs.pause(id)
    monkeypatch.undo()
    hub.jobs.retry(id)
    hub.worker().work()
    assert hub.jobs.get(id).counts == {"applied": 6}


def test_between_batches_a_job_pauses_as_it_was_asked(hub: Hub, con, clock):
    id = submitted(hub, con, 3, batch_size=1, pause=30)
    worker = hub.worker()
    assert worker.work() == 1
    clock.advance(seconds=29)
    assert worker.work() == 0
    clock.advance(seconds=2)
    assert worker.work() == 1
    assert hub.jobs.get(id).counts == {"applied": 2, "pending": 1}


def test_connections_and_jobs_take_turns(hub: Hub, sap, con, clock):
    other = hub.connect(SAP, **sap[1]).id
    big = submitted(hub, con, 8, batch_size=1)
    small = submitted(hub, other, 2, batch_size=1)
    worker = hub.worker()
    for _ in range(4):
        clock.advance(seconds=1)
        worker.work_one()
    assert hub.jobs.get(small).state == "succeeded"
    assert hub.jobs.get(big).counts["applied"] == 2


def test_a_job_waits_for_new_credentials_and_goes_on_when_it_has_them(hub: Hub, sap, con):
    sandbox, _ = sap
    before = references(hub, con)
    id = submitted(hub, con, 4, batch_size=2)
    worker = hub.worker()
    worker.work_one()
    sandbox.rotate_credentials()
    worker.work()
    job = hub.jobs.get(id)
    assert (job.state, job.reason) == ("waiting", "credentials_rejected")
    assert job.counts == {"applied": 2, "pending": 2}
    hub.reconnect(con, credentials=sandbox.credentials)
    worker.work()
    assert hub.jobs.get(id).counts == {"applied": 4}
    assert set((references(hub, con) - before).values()) == {1}
    for event in hub.events(types="job.*"):
        jsonschema.validate(event.data, schema_of(event.type))


def test_a_job_of_a_paused_connection_waits_until_it_is_resumed(hub: Hub, con):
    id = submitted(hub, con, 2)
    hub.pause(con)
    hub.worker().work()
    assert (hub.jobs.get(id).state, hub.jobs.get(id).counts) == ("waiting", {"pending": 2})
    hub.resume(con)
    hub.worker().work()
    assert hub.jobs.get(id).state == "succeeded"


def test_waiting_grows_longer_and_ends_at_once_on_request(hub: Hub, sap, con, clock):
    id = submitted(hub, con, 1)
    hub.pause(con)
    waits = []
    for _ in range(7):
        hub.worker().work()
        wake = hub.jobs.get(id).wake_at
        waits.append((wake - clock.at).total_seconds())
        clock.at = wake
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_a_lost_answer_is_settled_by_looking(hub: Hub, sap, con):
    before = references(hub, con)
    sap[0].faults.append(Once(lose_after, when=lambda call: call.method == "POST", times=1))
    id = submitted(hub, con, 3)
    hub.worker().work()
    assert hub.jobs.get(id).counts == {"applied": 3}
    assert "look" in {record.settled for record in hub.jobs.records(id)}
    assert sum((references(hub, con) - before).values()) == 3


class Died(BaseException):
    """Stands for a process that is no more."""


@pytest.mark.parametrize("moment", ["before anything was sent", "after everything was sent"])
def test_a_worker_that_dies_is_followed_by_one_that_looks_first(hub: Hub, con, clock, monkeypatch, moment):
    before = references(hub, con)
    id = submitted(hub, con, 4, batch_size=2)
    sent = working.Worker._send
    noted = working.Worker._note

    def die(*_):
        raise Died

    monkeypatch.setattr(working.Worker, *(("_send", die) if moment.startswith("before") else ("_note", die)))
    with pytest.raises(Died):
        hub.worker().work()
    monkeypatch.setattr(working.Worker, "_send", sent)
    monkeypatch.setattr(working.Worker, "_note", noted)
    assert hub.jobs.get(id).counts == {"submitting": 2, "pending": 2}
    assert hub.worker().work() == 0  # it may still be at work
    clock.advance(seconds=leasing.LEASE + 1)
    hub.worker().work()
    assert hub.jobs.get(id).counts == {"applied": 4}
    assert sorted((references(hub, con) - before).values()) == [1, 1, 1, 1]


def test_without_a_key_nobody_guesses_and_the_record_is_unknown(hub: Hub, con, clock, monkeypatch):
    monkeypatch.setattr("anyerp_hub.job.ledger.keys_of", lambda *_: None)
    id = submitted(hub, con, 2)

    def die(*_):
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(working.Worker, "_send", die)
        with pytest.raises(Died):
            hub.worker().work()
    clock.advance(seconds=leasing.LEASE + 1)
    before = references(hub, con)
    hub.worker().work()
    assert references(hub, con) == before
    assert hub.jobs.get(id).counts == {"unknown": 2}
    assert hub.jobs.records(id)[0].error["code"] == OutcomeUnknown.code
    with pytest.raises(WrongState, match="no record that could be tried again"):
        hub.jobs.retry(id)


def test_a_worker_that_was_thought_dead_can_write_nothing_any_more(hub: Hub, con, clock):
    submitted(hub, con, 2)
    old = take(hub._database, "old", 10)
    clock.advance(seconds=11)
    new = take(hub._database, "new", 10)
    assert new.epoch == old.epoch + 1
    with hub._database.begin() as tx:
        assert hold(tx, new, clock.at + timedelta(seconds=10)) is None
        with pytest.raises(Fenced):
            hold(tx, old, clock.at + timedelta(seconds=10))


def test_a_stopped_worker_that_wakes_up_stops_after_the_record_in_its_hands(hub: Hub, con, clock, monkeypatch):
    before = references(hub, con)
    id = submitted(hub, con, 6, batch_size=6)
    noted, slept = working.Worker._note, []

    def long_sleep(self, *facts):
        if not slept:  # while it sleeps, its lease ends and another does the work
            slept.append(True)
            clock.advance(seconds=leasing.LEASE + 1)
            hub.worker().work()
        return noted(self, *facts)

    monkeypatch.setattr(working.Worker, "_note", long_sleep)
    hub.worker().work()
    assert hub.jobs.get(id).counts == {"applied": 6}
    assert sorted((references(hub, con) - before).values()) == [1] * 6


def test_workers_side_by_side_write_each_record_once(hub: Hub, con):
    before = references(hub, con)
    ids = [submitted(hub, con, 6, batch_size=1) for _ in range(3)]
    threads = [threading.Thread(target=hub.worker().work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hub.worker().work()
    assert {hub.jobs.get(id).state for id in ids} == {"succeeded"}
    assert set((references(hub, con) - before).values()) == {1}


def test_a_bug_ends_the_job_and_not_the_worker(hub: Hub, con, monkeypatch):
    id = submitted(hub, con, 2)
    other = submitted(hub, con, 1)
    with monkeypatch.context() as broken:
        broken.setattr(working.Worker, "_send", lambda *_: {}["nothing"])
        hub.worker().work_one()
    assert (hub.jobs.get(id).state, hub.jobs.get(id).reason) == ("failed", "KeyError")
    hub.worker().work()
    assert hub.jobs.get(other).state == "succeeded"
    hub.jobs.retry(id)
    hub.worker().work()
    assert hub.jobs.get(id).counts == {"applied": 2}


def test_the_background_carries_jobs_out_and_stops_when_told(sqlite_url, keys, sap):
    with Hub(sqlite_url, keys=keys) as hub:
        con = hub.connect(SAP, **sap[1]).id
        hub.start()
        done = threading.Event()
        id = submitted(hub, con, 5, batch_size=2)
        for _ in range(200):
            if hub.jobs.get(id).ended:
                break
            done.wait(0.05)
        assert hub.jobs.get(id).state == "succeeded"
        hub.stop()
        late = submitted(hub, con, 1)
        assert hub.jobs.get(late).state == "queued"
