"""What changed since last time, asked in one way of ERPs with a change stamp and of ERPs without."""

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import anyerp
import pytest
from anyerp.errors import InvalidCursor, NotSupported
from anyerp.testing.inprocess import Traffic, open_async, open_connection, prepared
from anyerp_sap.s4.connector import CONNECTOR

BASE_URL = "http://erp.example"


def without_a_stamp(connector):
    orders = replace(connector.resources["purchase_orders"], updated_since="none")
    return replace(connector, resources={**connector.resources, "purchase_orders": orders})


@contextmanager
def connected(connector):
    box = connector.sandbox()
    context = prepared(connector, box.settings(BASE_URL), box.credentials)
    with open_connection(connector, context, Traffic(), box) as erp:
        yield erp, box


@pytest.fixture(params=["by the stamp", "by comparing"])
def erp(request):
    with connected(CONNECTOR if request.param == "by the stamp" else without_a_stamp(CONNECTOR)) as (erp, _):
        yield erp


def test_at_the_beginning_everything_is_new(erp):
    created, updated, deleted, state = erp.purchase_orders.changes()
    assert created == list(erp.purchase_orders.list())
    assert (updated, deleted) == ([], [])
    assert isinstance(state, str)


def test_where_nothing_happened_nothing_changed(erp):
    state = erp.purchase_orders.changes().state
    for _ in range(2):
        created, updated, deleted, state = erp.purchase_orders.changes(state)
        assert (created, updated, deleted) == ([], [], [])


def test_what_was_made_and_what_was_changed_are_told_apart_and_told_once(erp):
    orders = erp.purchase_orders
    created, _, _, state = orders.changes()
    sample = created[0]
    old = orders.update(sample.model_copy(update={"notes": "Ring twice."})).record
    new = orders.create(
        anyerp.PurchaseOrder(
            company=sample.company,
            vendor=sample.vendor,
            order_date=sample.order_date,
            currency=sample.currency,
            buyer=sample.buyer,
            extra=sample.extra,
            lines=[line.model_copy(update={"quantity": Decimal(7)}) for line in (sample.lines or ())[:1]],
        ),
        on_loss="report",
    ).record
    created, updated, deleted, state = orders.changes(state)
    assert [order.id for order in created] == [new.id]
    assert [(order.id, order.notes) for order in updated] == [(old.id, "Ring twice.")]
    assert deleted == []
    assert orders.changes(state)[:3] == ([], [], [])


def test_a_field_that_was_not_asked_for_is_no_change(erp):
    orders = erp.purchase_orders
    created, _, _, state = orders.changes(fields=["currency"])
    assert created[0].lines is None
    one = orders.get(created[0].id)
    orders.update(one.model_copy(update={"notes": "Ring twice."}))
    found = orders.changes(state, fields=["currency"])
    assert found.created == []
    assert {order.id for order in found.updated} <= {one.id}, "only its version may have moved on"


def test_a_state_belongs_to_its_resource_and_its_fields(erp):
    state = erp.purchase_orders.changes().state
    with pytest.raises(InvalidCursor, match="made for other changes"):
        erp.vendors.changes(state)
    with pytest.raises(InvalidCursor, match="fields all"):
        erp.purchase_orders.changes(state, fields=["number"])


@pytest.mark.parametrize("state", ["", "x", "%%%%", "0" * 50])
def test_a_damaged_state_is_said_to_be_none(erp, state):
    with pytest.raises(InvalidCursor, match="no state of changes"):
        erp.purchase_orders.changes(state)


def test_every_cut_of_a_state_is_noticed(erp):
    state = erp.purchase_orders.changes(fields=["number"]).state
    for length in range(len(state)):
        with pytest.raises(InvalidCursor):
            erp.purchase_orders.changes(state[:length], fields=["number"])


def test_an_erp_with_a_stamp_is_asked_for_what_is_behind_it():
    with connected(CONNECTOR) as (erp, box):
        state = erp.purchase_orders.changes().state
        box.calls.clear()
        erp.purchase_orders.changes(state)
        assert any(
            "LastChangeDateTime%20ge" in call.target or "LastChangeDateTime+ge" in call.target for call in box.calls
        )


def test_how_far_it_is_is_told_on_the_way(erp, monkeypatch):
    monkeypatch.setattr("anyerp.connection.changed.STEP", 2)
    count, told = len(list(erp.purchase_orders.list())), []
    state = erp.purchase_orders.changes(progress=told.append).state
    assert told == [*range(2, count + 1, 2), count]
    told.clear()
    erp.purchase_orders.changes(state, deletions=True, progress=told.append)
    assert told[-1] >= count, "every record is looked at once more, to see what is gone"


def test_an_erp_without_a_stamp_sends_the_host_to_changes():
    with connected(without_a_stamp(CONNECTOR)) as (erp, _), pytest.raises(NotSupported) as caught:
        erp.purchase_orders.list(updated_since=erp.purchase_orders.page(page_size=1).records[0].updated_at)
    assert "changes(state)" in caught.value.hint


def test_an_asynchronous_host_sees_the_same():
    connector = CONNECTOR
    box = connector.sandbox()
    context = prepared(connector, box.settings(BASE_URL), box.credentials)

    async def twice():
        async with open_async(connector, context, Traffic(), box) as erp:
            first = await erp.purchase_orders.changes()
            return first, await erp.purchase_orders.changes(first.state, deletions=True)

    first, second = asyncio.run(twice())
    assert first.created
    assert second[:3] == ([], [], [])
