"""Flows: what is new here is written there, once, whatever happens in between."""

from __future__ import annotations

import threading
from collections import Counter

import jsonschema
import pytest
from anyerp.errors import NotSupported
from anyerp.testing.sandbox import serve
from anyerp_hub import Hub
from anyerp_hub.error import NoSuchThing
from anyerp_hub.event.catalogue import schema_of
from anyerp_hub.flow.definition import Transform
from anyerp_hub.flow.transform import transformed
from anyerp_sap.sandbox import S4Sandbox
from sample import order

SAP = "sap-s4hana"
PO = "purchase_orders"


@pytest.fixture
def pair(small: Hub, sap):
    """Two systems, of which the second has none of the first one's new orders."""
    other = S4Sandbox()
    with serve(other) as base_url:
        first = small.connect(SAP, **sap[1], name="first").id
        settings = {**other.settings(base_url), "purchasing_organization": "1010"}
        second = small.connect(SAP, settings=settings, credentials=other.credentials, name="second").id
        yield first, second, sap[0], other


def flow(pair, **more) -> dict:
    keep = ["company.number", "vendor.number", "buyer.number", "currency", "lines.item.number", "lines.quantity",
            "lines.unit", "lines.unit_price", "lines.location.id"]  # fmt: skip
    transform = {"only": {"external_reference": ["A", "B", "C"]}, "keep": keep}
    read, write = ({"connection": id, "resource": PO} for id in pair[:2])
    return {"name": "copy-orders", "read": read, "write": write, "transform": transform, **more}


def new_orders(hub: Hub, con: str, *keys: str) -> None:
    for number, key in enumerate(keys, 1):
        hub.connection(con).purchase_orders.create(order(number), key=key)


def references(hub: Hub, con: str) -> Counter:
    found = hub.connection(con).purchase_orders.list()
    return Counter(one.external_reference for one in found if one.external_reference)


def test_new_orders_are_copied_once_and_only_new_ones_the_next_time(small: Hub, pair):
    new_orders(small, pair[0], "A", "B")
    before = references(small, pair[1])
    small.flows.put(flow(pair))
    run = small.flows.run("copy-orders")
    assert (run.state, run.error) == ("writing", None)
    small.worker().work()
    (run,) = small.flows.runs("copy-orders")
    assert (run.state, run.counts["applied"]) == ("succeeded", 2)
    copied = references(small, pair[1]) - before
    assert sorted(copied.values()) == [1, 1]
    assert small.flows.run("copy-orders").counts["read"] == 0
    new_orders(small, pair[0], "C")
    assert small.flows.run("copy-orders").counts["read"] == 1
    small.worker().work()
    assert sorted((references(small, pair[1]) - before).values()) == [1, 1, 1]
    for event in small.events(types="flow.*"):
        jsonschema.validate(event.data, schema_of(event.type))
    assert [event.type for event in small.events(types="flow.*")][:3] == [
        "flow.started", "flow.succeeded", "flow.started",
    ]  # fmt: skip


def test_a_run_that_dies_after_writing_is_repeated_without_a_double(small: Hub, pair, monkeypatch):
    new_orders(small, pair[0], "A", "B")
    before = references(small, pair[1])
    small.flows.put(flow(pair))
    small.flows.run("copy-orders")
    small.worker().work()
    with small.database.begin() as tx:  # as a copy of the database from before the run would have it
        tx.exec_driver_sql("UPDATE flow SET position = NULL, epoch = 0")
    small.flows.run("copy-orders")
    small.worker().work()
    assert small.flows.runs("copy-orders")[0].counts["applied"] == 2
    assert sorted((references(small, pair[1]) - before).values()) == [1, 1]


def test_a_run_that_dies_before_its_end_advances_nothing(small: Hub, pair, monkeypatch):
    new_orders(small, pair[0], "A")
    small.flows.put(flow(pair))

    class Died(BaseException):
        pass

    def die(*_):
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(small.jobs, "release", die)
        with pytest.raises(Died):
            small.flows.run("copy-orders")
    assert small.jobs.list() == []
    assert small.worker().work() == 0
    small.flows.run("copy-orders")
    small.worker().work()
    assert small.flows.runs("copy-orders")[0].counts["applied"] == 1


def test_of_two_runs_at_once_one_advances(small: Hub, pair):
    new_orders(small, pair[0], "A", "B")
    before = references(small, pair[1])
    small.flows.put(flow(pair))
    runs = []
    threads = [threading.Thread(target=lambda: runs.append(small.flows.run("copy-orders"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    small.worker().work()
    assert sorted((references(small, pair[1]) - before).values()) == [1, 1]
    assert Counter(run.state for run in runs)["writing"] >= 1


@pytest.mark.parametrize(
    ("policy", "state", "counts"),
    [
        ("stop", "failed", {}),
        ("skip", "succeeded", {"read": 2, "skipped": 1, "applied": 1}),
        ("dead-letter", "partial", {"read": 2, "skipped": 1, "applied": 1, "not_applied": 1}),
    ],
)
def test_a_record_that_cannot_be_translated_does_what_the_flow_says(small: Hub, pair, policy, state, counts):
    erp = small.connection(pair[0])
    erp.purchase_orders.create(order(1), key="A")
    erp.purchase_orders.create(order(2, vendor="10300002"), key="B")
    declared = flow(pair, on_problem=policy)
    declared["transform"]["translate"] = {"vendor.number": {"10300001": "10300001"}}
    small.flows.put(declared)
    small.flows.run("copy-orders")
    small.worker().work()
    run = small.flows.runs("copy-orders")[0]
    assert run.state == state
    assert {k: v for k, v in run.counts.items() if k != "read"} == {k: v for k, v in counts.items() if k != "read"}
    if policy == "stop":
        assert "no translation of '10300002'" in run.error["problems"][0]["message"]
    if policy == "dead-letter":
        letter = small.jobs.records(run.job_id, state="not_applied")[0]
        assert letter.error["code"] == "not_representable"


def test_a_scheduled_flow_runs_at_its_time_and_sooner_again_after_a_failure(small: Hub, pair, clock):
    new_orders(small, pair[0], "A")
    small.flows.put(flow(pair, every=3600))
    assert small.flows.run_due()
    assert not small.flows.run_due()
    small.worker().work()
    clock.advance(hours=1)
    small.pause(pair[0])
    assert small.flows.run_due()
    assert small.flows.runs("copy-orders")[0].state == "failed"
    small.resume(pair[0])
    clock.advance(hours=1)
    assert small.flows.run_due()
    assert small.flows.runs("copy-orders")[0].state == "succeeded"


def test_a_new_version_goes_on_where_the_old_one_was(small: Hub, pair):
    new_orders(small, pair[0], "A")
    assert small.flows.put(flow(pair)) == 1
    small.flows.run("copy-orders")
    assert small.flows.put(flow(pair, batch_size=5)) == 2
    assert small.flows.run("copy-orders").counts["read"] == 0
    assert small.flows.get("copy-orders").batch_size == 5
    small.flows.remove("copy-orders")
    with pytest.raises(NoSuchThing):
        small.flows.get("copy-orders")


def test_a_target_that_cannot_be_searched_is_refused(small: Hub, pair):
    declared = flow(pair)
    declared["write"]["resource"] = "companies"
    small.flows.put(declared)
    run = small.flows.run("copy-orders")
    assert (run.state, run.error["code"]) == ("failed", NotSupported.code)


def test_what_means_something_only_at_home_stays_at_home():
    copy = transformed(Transform(set={"lines.tax_code": "V0", "notes": "copied"}), order())
    assert copy["vendor"] == {"number": "10300001"}
    assert "extra" not in copy
    assert copy["lines"][0]["tax_code"] == "V0"
    assert copy["notes"] == "copied"
