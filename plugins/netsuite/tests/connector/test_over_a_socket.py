"""The connector over real sockets: two ways to log on, pages, a write, an asynchronous host."""

from __future__ import annotations

import asyncio

import anyerp
import pytest
from anyerp.testing.sandbox import serve
from anyerp_netsuite.sandbox import NetSuiteSandbox


@pytest.mark.parametrize("auth", ["client_credentials", "tba"])
def test_orders_are_read_and_written_over_a_socket(auth):
    box = NetSuiteSandbox(auth=auth, orders=30)
    with serve(box) as url, anyerp.connect("netsuite", settings=box.settings(url), credentials=box.credentials) as erp:
        orders = list(erp.purchase_orders.list(page_size=7))
        assert len(orders) == 42
        done = erp.purchase_orders.update(orders[2].model_copy(update={"notes": "Über den Draht"}))
        assert erp.purchase_orders.get(done.record.id).notes == "Über den Draht"
        assert [one.id for one in erp.purchase_orders.list(filters={"vendor": "1725"})] == ["2178"]


def test_an_asynchronous_host_reads_the_same():
    box = NetSuiteSandbox(orders=30)

    async def read(url):
        async with anyerp.aconnect("netsuite", settings=box.settings(url), credentials=box.credentials) as erp:
            return [one.number async for one in erp.purchase_orders.list(page_size=9)]

    with serve(box) as url:
        found = asyncio.run(read(url))
    assert len(set(found)) == len(found) == 42
