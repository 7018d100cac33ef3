"""A key is one record, however often, by however many and in whatever order it is written."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from anyerp.model import Vendor
from many import ANYBODY, WAYS, refs, vendors
from tiny import IN_BATCHES, aconnect, connect


@WAYS
def test_a_given_key_is_one_record_however_often_it_is_written(tiny, opened, way):
    records = [Vendor(name="A", external_reference="k1"), Vendor(name="B"), Vendor(name="A", external_reference="k1")]
    first = opened(way).vendors.create_many(records)
    again = opened(way).vendors.create_many(records[:1])
    assert [one.settled for one in first] == ["answer", "answer", "before"]
    assert first[0].id == first[2].id == again[0].id
    assert again[0].settled == "before"
    assert refs(tiny).count("k1") == 1


def test_keys_may_be_given_by_a_function_and_none_be_made(tiny, opened):
    opened().vendors.create_many(vendors(2), keys=lambda vendor: f"key {vendor.name}")
    opened().vendors.create_many(vendors(1), make_keys=False)
    assert refs(tiny) == ["key N0", "key N1", None]


def test_made_keys_differ_from_run_to_run_and_fit_their_field(tiny, opened):
    for _ in range(2):
        opened().vendors.create_many(vendors(40))
    assert len(set(refs(tiny))) == 80
    assert all(8 <= len(ref) <= 20 and ref.isalnum() and ref == ref.upper() for ref in refs(tiny))


@WAYS
def test_a_hundred_creates_of_one_key_at_once_by_one_call_are_one_record(tiny, opened, way):
    report = opened(way).vendors.create_many([Vendor(name="A", external_reference="k")] * 100, parallel=8)
    assert report.ok
    assert len(tiny.rows) == 1


@pytest.mark.parametrize("way", ["create", "create_many"])
def test_a_hundred_creates_with_one_key_at_once_are_one_record(tiny, way):
    """Fifty threads of two connections, fifty tasks of a third, at once."""
    tiny.valid = {"Bearer anybody"}
    vendor, start, found = Vendor(name="A", external_reference="k"), threading.Barrier(51), []

    def once(erp):
        start.wait()
        if way == "create":
            found.append(erp.vendors.create(vendor, key="k").record.id)
        else:
            found.extend(one.id for one in erp.vendors.create_many([vendor]))

    async def tasks():
        async with aconnect(tiny, ANYBODY) as erp:
            await asyncio.to_thread(start.wait)
            if way == "create":
                done = await asyncio.gather(*(erp.vendors.create(vendor, key="k") for _ in range(50)))
                found.extend(one.record.id for one in done)
            else:
                done = await asyncio.gather(*(erp.vendors.create_many([vendor]) for _ in range(50)))
                found.extend(one.id for report in done for one in report)

    with connect(tiny, ANYBODY) as one, connect(tiny, ANYBODY) as other:
        threads = [threading.Thread(target=once, args=(erp,)) for erp in (one, other) * 25]
        for thread in threads:
            thread.start()
        asyncio.run(tasks())
        for thread in threads:
            thread.join()
    assert len(found) == 100
    assert set(found) == set(tiny.rows) == {"001"}


def test_two_bulk_writes_of_the_same_keys_in_opposite_orders_do_not_wait_for_each_other(tiny):
    tiny.valid = {"Bearer anybody"}
    records = [Vendor(name=f"N{n}", external_reference=f"k{n}") for n in range(20)]
    with connect(tiny, replace(IN_BATCHES, authorize=ANYBODY.authorize)) as erp:
        threads = [
            threading.Thread(target=erp.vendors.create_many, args=(list(given),), kwargs={"batch_size": 7})
            for given in (records, reversed(records)) * 3
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)
    assert sorted(refs(tiny)) == sorted(f"k{n}" for n in range(20))
