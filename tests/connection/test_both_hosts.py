"""Synchronous and asynchronous hosts get the same; what is not there is said to be so."""

from __future__ import annotations

import asyncio

import anyerp
import pytest
from anyerp import NotFound
from anyerp.errors import NotSupported
from anyerp.model import Ref, Vendor
from tiny import Tiny, aconnect, connect


def test_what_this_erp_lacks_is_not_supported_with_the_reason(erp):
    with pytest.raises(NotSupported, match="never: tiny"):
        erp.vendors.cancel("001")
    with pytest.raises(NotSupported, match="purchase_orders is not offered here"):
        erp.purchase_orders.list()


def outcome(call):
    """A result or an error in comparable form."""
    try:
        return call()
    except anyerp.AnyErpError as error:
        return type(error).__name__, str(error)


CALLS = {
    "get": lambda vendors: vendors.get("001"),
    "missing": lambda vendors: vendors.get("999"),
    "page": lambda vendors: vendors.page(page_size=100),
    "create": lambda vendors: vendors.create(Vendor(name="New"), key="k"),
    "refused": lambda vendors: vendors.create(Vendor(phone="1")),
    "plan": lambda vendors: vendors.create(Vendor(name="New", payment_terms=Ref(id="N30")), dry_run=True),
    "update": lambda vendors: vendors.update(Vendor(id="001", name="X")),
    "conflict": lambda vendors: vendors.update(Vendor(id="001", name="X", version="0")),
    "no id": lambda vendors: vendors.update(Vendor(name="X")),
    "cancel": lambda vendors: vendors.cancel("001"),
    "bad cursor": lambda vendors: vendors.page("nonsense"),
}


@pytest.mark.parametrize("name", CALLS)
def test_synchronous_and_asynchronous_hosts_get_the_same(name):
    here, there = Tiny(), Tiny()
    with connect(here) as erp:
        expected = outcome(lambda: CALLS[name](erp.vendors))

    async def main():
        async with aconnect(there) as erp:
            return await CALLS[name](erp.vendors)

    assert outcome(lambda: asyncio.run(main())) == expected
    assert here.calls == there.calls


def test_lists_are_the_same_for_both(tiny):
    async def main():
        async with aconnect(tiny) as erp:
            return [record async for record in erp.vendors.list()]

    with connect(tiny) as erp:
        assert list(erp.vendors.list()) == asyncio.run(main())


def test_a_record_that_is_not_there_is_not_found(erp):
    with pytest.raises(NotFound):
        erp.vendors.get("999")


def test_the_check_says_for_each_resource_whether_it_can_be_read(tiny, erp):
    assert all(check.ok for check in erp.check())
    with connect(tiny, credentials={"user": "u", "password": "no"}) as stranger:
        assert [check.name for check in stranger.check() if check.ok] == ["address"], "it answers, and refuses"
