"""Asynchronous hosts have the same, and may be cancelled."""

from __future__ import annotations

import asyncio

import pytest
from many import WAYS, agree, vendors
from tiny import aconnect


@WAYS
@pytest.mark.parametrize("parallel", [1, 3])
def test_an_asynchronous_host_has_the_same(tiny, tmp_path, way, parallel):
    async def go(records):
        async with aconnect(tiny, way) as erp:
            return await erp.vendors.create_many(
                records, batch_size=2, parallel=parallel, report=tmp_path / "report.jsonl"
            )

    async def one_by_one():
        for vendor in vendors(7):
            yield vendor

    report = asyncio.run(go(one_by_one()))
    assert report.ok
    agree(tiny, report)
    assert asyncio.run(go(vendors(7))).ok
    assert len(tiny.rows) == 7


@pytest.mark.slow
def test_an_asynchronous_host_that_is_cancelled_leaves_a_report_to_go_on_from(tiny, tmp_path):
    path, reached = tmp_path / "report.jsonl", asyncio.Event()
    handle = tiny.handle

    def watching(method, target, headers, content):
        found = handle(method, target, headers, content)
        if len(tiny.rows) == 3:
            reached.set()
        return found

    tiny.handle = watching

    async def cancelled():
        async with aconnect(tiny) as erp:
            task = asyncio.create_task(erp.vendors.create_many(vendors(9), report=path, parallel=2))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    async def go_on():
        async with aconnect(tiny) as erp:
            return await erp.vendors.create_many(vendors(9), report=path)

    asyncio.run(cancelled())
    assert len(tiny.rows) < 9
    report = asyncio.run(go_on())
    assert report.ok
    agree(tiny, report)
