"""Purchase orders written to a live Tryton: made once for a key, changed in one write, cancelled and deleted."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import anyerp
import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import Conflict, InvalidRecord, NotFound
from anyerp.model import PurchaseOrder, PurchaseOrderLine, Ref
from anyerp.transport import HttpTransport
from anyerp.wire import Request, Response
from anyerp_tryton.connector import CONNECTOR
from anyerp_tryton.live import Server

pytestmark = pytest.mark.live

TODAY = dt.date(2026, 11, 24)

Connect = Callable[..., Connection]
Order = Callable[..., PurchaseOrder]
Facts = Callable[..., dict[str, Any]]


def test_an_order_is_made_as_a_draft_and_only_once_for_a_key(own: Connection, order: Order) -> None:
    done = own.purchase_orders.create(order(), key="req-once")
    made = done.record
    assert (done.settled, made.status, made.external_reference) == ("answer", "draft", "req-once")
    assert (made.vendor.number, made.currency, made.payment_terms.name) == ("V-1002", "EUR", "Net 30")
    assert made.notes == "Gate 4,\nring twice"
    assert [line.number for line in made.lines] == [10, 20, 30]
    bolts, rods, text = made.lines
    assert (bolts.quantity, bolts.unit, bolts.unit_price, bolts.tax_code) == (100, "C62", Decimal("0.125"), "VAT 20%")
    assert (bolts.requested_date, bolts.location.number) == (TODAY + dt.timedelta(days=30), "QUAY")
    assert (rods.unit, rods.quantity, rods.amount) == ("KGM", Decimal("12.34"), Decimal("15.42"))
    assert (text.kind, text.description) == ("text", "With certificates.")
    assert (made.total_excl_tax, made.total_tax) == (Decimal("27.92"), Decimal("2.50"))

    again = own.purchase_orders.create(order(), key="req-once")
    assert (again.settled, again.record) == ("before", made)


def test_a_made_order_can_be_quoted_in_tryton(own: Connection, written: Server, order: Order) -> None:
    made = own.purchase_orders.create(order()).record
    written.rpc().click("purchase.purchase", "quote", [int(made.id)])
    quoted = own.purchase_orders.get(made.id)
    assert quoted.status == "pending_approval"
    assert quoted.number


def test_the_plan_shows_the_call_and_makes_nothing(own: Connection, order: Order) -> None:
    plan = own.purchase_orders.create(order(), key="req-plan", dry_run=True)
    (request,) = plan.requests
    assert request.body["method"] == "model.purchase.purchase.create"
    (values,) = request.body["params"][0]
    assert values["description"] == "req-plan"
    assert len(values["lines"][0][1]) == 3
    assert plan.problems == ()
    with connect_again(own) as erp:
        assert "req-plan" not in {record.external_reference for record in erp.purchase_orders.list()}


@contextmanager
def connect_again(erp: Connection) -> Iterator[Connection]:
    """The same account without anything remembered."""
    context = erp._context
    connection = anyerp.connect(
        CONNECTOR,
        settings=context.settings.model_dump(),
        credentials={
            "username": context.credentials.username,
            "password": context.credentials.password.get_secret_value(),
        },
    )
    with connection:
        yield connection


def test_the_header_and_a_line_are_changed_in_one_write(own: Connection, order: Order) -> None:
    made = own.purchase_orders.create(order()).record
    bolts, rods, text = made.lines
    wanted = made.model_copy(
        update={
            "vendor_reference": "QUOTE 7",
            "notes": None,
            "vendor": Ref(number="V-1001"),
            "lines": (
                bolts.model_copy(update={"quantity": Decimal(150), "tax_code": None, "requested_date": None}),
                rods.model_copy(update={"tax_code": "VAT 20%"}),
                text,
            ),
        }
    )
    changed = own.purchase_orders.update(wanted).record
    assert (changed.vendor_reference, changed.notes, changed.vendor.number) == ("QUOTE 7", None, "V-1001")
    first, second, third = changed.lines
    assert (first.id, first.quantity, first.tax_code, first.requested_date) == (bolts.id, 150, None, None)
    assert (second.id, second.tax_code, second.quantity) == (rods.id, "VAT 20%", rods.quantity)
    assert third == text
    assert changed.version != made.version


def test_lines_are_removed_and_added(own: Connection, order: Order) -> None:
    made = own.purchase_orders.create(order()).record
    bolts, _, text = made.lines
    new = PurchaseOrderLine(item=Ref(number="GEARBOX"), quantity=Decimal(2), unit_price=Decimal("139.5"))
    changed = own.purchase_orders.update(made.model_copy(update={"lines": (bolts, new, text)})).record
    assert [(line.id, line.number) for line in changed.lines[:2]] == [(bolts.id, 10), (text.id, 30)]
    added = changed.lines[2]
    assert (added.item.number, added.quantity, added.unit, added.number) == ("GEARBOX", 2, "C62", 40)
    assert own.purchase_orders.get(made.id) == changed


def test_lines_without_id_are_matched_by_their_number(own: Connection, order: Order) -> None:
    made = own.purchase_orders.create(order()).record
    lines = tuple(PurchaseOrderLine(number=line.number, description=f"line {line.number}") for line in made.lines)
    changed = own.purchase_orders.update(PurchaseOrder(id=made.id, lines=lines)).record
    assert [line.id for line in changed.lines] == [line.id for line in made.lines]
    assert [line.description for line in changed.lines] == ["line 10", "line 20", "line 30"]
    assert changed.lines[0].quantity == 100


def test_the_warehouse_is_one_for_all_lines(own: Connection, order: Order) -> None:
    made = own.purchase_orders.create(order()).record
    assert {line.location.number for line in made.lines} == {"QUAY"}
    elsewhere = Ref(number="WH")
    first, second, text = made.lines
    one = first.model_copy(update={"location": elsewhere})
    for other in (second, second.model_copy(update={"description": "changed, but not moved"})):
        with pytest.raises(InvalidRecord, match="one warehouse"):
            own.purchase_orders.update(made.model_copy(update={"lines": (one, other, text)}))
    every = tuple(line.model_copy(update={"location": elsewhere}) for line in made.lines)
    moved = own.purchase_orders.update(made.model_copy(update={"lines": every})).record
    assert {line.location.number for line in moved.lines} == {"WH"}


def test_an_update_that_changes_nothing_sends_nothing(own: Connection, order: Order) -> None:
    made = own.purchase_orders.create(order()).record
    assert own.purchase_orders.update(made).record == made


def test_a_stale_version_is_a_conflict_with_the_order_as_it_is(own: Connection, order: Order) -> None:
    made = own.purchase_orders.create(order()).record
    theirs = own.purchase_orders.update(made.model_copy(update={"notes": "theirs"})).record
    mine = made.model_copy(update={"notes": "mine"})
    with pytest.raises(Conflict) as conflict:
        own.purchase_orders.update(mine)
    assert conflict.value.current == theirs
    with pytest.raises(Conflict):
        own.purchase_orders.cancel(made.id, version=made.version)
    assert own.purchase_orders.get(made.id) == theirs


def test_a_line_changed_between_reading_and_writing_is_a_conflict_too(
    own: Connection, written: Server, connect: Connect, order: Order
) -> None:
    made = own.purchase_orders.create(order()).record
    rpc = written.rpc()

    class Meddling(HttpTransport):
        def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
            if request.json["method"].endswith("purchase.write"):
                rpc.write("purchase.line", [int(made.lines[0].id)], {"quantity": 7.0})
            return super().send(request, url, headers)

    lines = (made.lines[0].model_copy(update={"description": "mine"}), *made.lines[1:])
    mine = made.model_copy(update={"notes": "mine", "lines": lines})
    transport = Meddling(trust_origin=written.base_url)
    with connect(written, transport=transport) as erp, pytest.raises(Conflict) as conflict:
        erp.purchase_orders.update(mine)
    assert conflict.value.current.lines[0].quantity == 7
    assert conflict.value.current.lines[0].description is None
    assert conflict.value.current.notes == made.notes


def test_an_order_is_cancelled_and_then_deleted(own: Connection, order: Order) -> None:
    made = own.purchase_orders.create(order()).record
    assert own.purchase_orders.cancel(made.id).status == "cancelled"
    assert own.purchase_orders.cancel(made.id).status == "cancelled"
    own.purchase_orders.delete(made.id)
    with pytest.raises(NotFound):
        own.purchase_orders.get(made.id)


def test_an_order_under_way_is_not_cancelled(own: Connection, written: Server) -> None:
    (id, *_) = written.seeds.purchases["processing"]
    with pytest.raises(InvalidRecord, match="only what is draft or quotation"):
        own.purchase_orders.cancel(str(id))
    with pytest.raises(InvalidRecord, match="must cancel"):
        own.purchase_orders.delete(str(id))
    got = own.purchase_orders.get(str(id))
    with pytest.raises(InvalidRecord, match="Currency"):
        own.purchase_orders.update(got.model_copy(update={"currency": "KWD" if got.currency != "KWD" else "EUR"}))
    assert own.purchase_orders.get(str(id)) == got


def test_an_asynchronous_host_writes_the_same(written: Server, order: Order, facts: Facts) -> None:
    async def write() -> None:
        async with anyerp.aconnect("tryton", **facts(written)) as erp:
            done = await erp.purchase_orders.create(order(), key="req-async")
            assert (await erp.purchase_orders.create(order(), key="req-async")).settled == "before"
            changed = await erp.purchase_orders.update(done.record.model_copy(update={"notes": "async"}))
            assert changed.record.notes == "async"
            with pytest.raises(Conflict):
                await erp.purchase_orders.update(done.record.model_copy(update={"notes": "stale"}))
            assert (await erp.purchase_orders.cancel(done.record.id)).status == "cancelled"
            with pytest.raises(NotFound):
                await erp.purchase_orders.get("999999")

    asyncio.run(write())
