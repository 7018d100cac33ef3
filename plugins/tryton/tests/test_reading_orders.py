"""Purchase orders of a live Tryton as a host reads them: every stage, any page, what changed, some fields only."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import anyerp
import pytest
from anyerp.connection.connection import AsyncConnection, Connection
from anyerp.errors import InvalidCursor, NotFound
from anyerp.lens import Map
from anyerp.model import PurchaseOrder
from anyerp.transport import HttpTransport
from anyerp.wire import Request, Response
from anyerp_tryton.codec import char
from anyerp_tryton.lens.purchase_order import PURCHASE_ORDER
from anyerp_tryton.live import Server
from anyerp_tryton.live.seed.orders import STAGES

pytestmark = pytest.mark.live

ALL = sum(STAGES.values())
TODAY = dt.date(2026, 11, 24)

Connect = Callable[..., Connection]
Facts = Callable[..., dict[str, Any]]


def test_every_stage_of_an_order_has_its_status(erp: Connection, tryton: Server) -> None:
    meaning = {
        "draft": "draft",
        "quotation": "pending_approval",
        "cancelled": "cancelled",
        "processing": "open",
        "partly_received": "partially_received",
        "received": "received",
        "billed": "received",
        "done": "closed",
    }
    listed = erp.purchase_orders.list(on_problem="raise")
    found = {record.id: record.status for record in listed}
    assert found == {str(id): meaning[stage] for stage, ids in tryton.seeds.purchases.items() for id in ids}
    assert listed.rejected == []


def test_pages_of_any_size_hold_each_order_once(erp: Connection, tryton: Server) -> None:
    expected = sorted(id for ids in tryton.seeds.purchases.values() for id in ids)
    for size in (7, ALL // 2, ALL, 200):
        found, cursor = [], None
        while True:
            page = erp.purchase_orders.page(cursor, page_size=size)
            assert len(page.records) <= size
            found += [int(record.id) for record in page.records]
            cursor = page.cursor
            if cursor is None:
                break
        assert found == expected
    cursor = erp.purchase_orders.page(page_size=7).cursor
    with pytest.raises(InvalidCursor):
        erp.purchase_orders.page(cursor, page_size=8)


def test_a_whole_order_says_what_tryton_says(erp: Connection, tryton: Server) -> None:
    (id, *_) = tryton.seeds.purchases["draft"]
    got = erp.purchase_orders.get(str(id))
    fields = ["number", "party.code", "reference", "description", "comment", "currency.code", "total_amount"]
    (row,) = tryton.rpc().read("purchase.purchase", [id], *fields)
    assert got.vendor is not None
    assert (got.number, got.vendor.number) == (row["number"], row["party."]["code"])
    assert (got.vendor_reference, got.external_reference) == (row["reference"], row["description"])
    assert (got.notes, got.currency) == (row["comment"], row["currency."]["code"])
    assert got.total_incl_tax == row["total_amount"] == got.total_excl_tax + got.total_tax
    assert got.total_excl_tax == sum(line.amount for line in got.lines if line.amount is not None)
    assert [line.kind for line in got.lines] == ["item", "item", "text"]
    assert got.lines[0].item.number in tryton.seeds.products
    assert got.lines[0].requested_date > TODAY
    assert got.created_at.tzinfo is dt.UTC
    assert got.lines[0].location.number in tryton.seeds.warehouses


def test_a_partly_received_order_says_how_much_of_each_line_came(erp: Connection, tryton: Server) -> None:
    rpc = tryton.rpc()
    for id in tryton.seeds.purchases["partly_received"]:
        for line in erp.purchase_orders.get(str(id)).lines:
            if line.item is None:
                assert line.quantity_received is None
                continue
            moves = rpc.call(
                "model.stock.move.search_read",
                [["origin", "=", f"purchase.line,{line.id}"], ["state", "=", "done"]],
                0,
                None,
                None,
                ["quantity"],
            )
            assert line.quantity_received == sum(Decimal(repr(move["quantity"])) for move in moves)
            assert line.status == "partially_received"
            assert 0 < line.quantity_received < line.quantity
            assert line.quantity_billed == 0


@pytest.mark.parametrize(("stage", "received", "billed"), [("draft", 0, 0), ("received", 1, 0), ("billed", 1, 1)])
def test_lines_are_received_and_billed_as_far_as_the_stage_says(
    erp: Connection, tryton: Server, stage: str, received: int, billed: int
) -> None:
    for id in tryton.seeds.purchases[stage]:
        for line in erp.purchase_orders.get(str(id)).lines:
            if line.item is not None:
                assert line.quantity_received == received * line.quantity
                assert line.quantity_billed == billed * line.quantity


def test_writing_back_what_was_read_changes_nothing(erp: Connection) -> None:
    listed = list(erp.purchase_orders.list(raw=True))
    assert len(listed) == ALL
    for record in listed:
        native = record.raw
        read = PURCHASE_ORDER.get(native)
        assert read == record.model_copy(update={"raw": None})
        put = PURCHASE_ORDER.put(native, read)
        assert put.problems == ()
        assert not put.changes
        assert put.native == native


def test_one_at_a_time_and_page_by_page_read_the_same(erp: Connection) -> None:
    for record in erp.purchase_orders.page(page_size=10).records:
        assert erp.purchase_orders.get(record.id) == record


def test_what_is_changed_is_read_back_from_the_native_form(erp: Connection) -> None:
    for record in erp.purchase_orders.list(raw=True):
        changed = record.model_copy(
            update={
                "notes": "other",
                "order_date": TODAY,
                "lines": tuple(
                    line.model_copy(update={"description": "other", "requested_date": TODAY}) for line in record.lines
                ),
            }
        )
        put = PURCHASE_ORDER.put(record.raw, changed)
        assert put.problems == ()
        again = PURCHASE_ORDER.get(put.native)
        assert (again.notes, again.order_date) == ("other", TODAY)
        assert {(line.description, line.requested_date) for line in again.lines} == {("other", TODAY)}
        assert PURCHASE_ORDER.put(put.native, changed).native == put.native


def test_an_unknown_id_is_not_found(erp: Connection) -> None:
    for id in ("999999", "0", "-1", "abc", "9" * 40, "1.0"):
        with pytest.raises(NotFound):
            erp.purchase_orders.get(id)


def test_only_what_changed_since_a_moment_is_listed(fresh_tryton: Server, connect: Connect) -> None:
    rpc = fresh_tryton.rpc()
    header, line, *_ = fresh_tryton.seeds.purchases["draft"]
    since = dt.datetime.now(dt.UTC)
    with connect(fresh_tryton) as erp:
        later = since + dt.timedelta(seconds=6)
        assert list(erp.purchase_orders.list(updated_since=later)) == []
        rpc.write("purchase.purchase", [header], {"reference": "changed"})
        (first, *_) = rpc.read("purchase.purchase", [line], "lines")[0]["lines"]
        rpc.write("purchase.line", [first], {"note": "changed by itself"})
        found = {record.id for record in erp.purchase_orders.list(updated_since=since)}
        assert {str(header), str(line)} <= found
        # The seeded orders may be only seconds old, so that the overlap reaches them; those of a day ago are all.
        assert len(list(erp.purchase_orders.list(updated_since=since - dt.timedelta(days=400)))) == ALL


def test_some_fields_only_are_asked_for(tryton: Server, connect: Connect) -> None:
    asked: list[list[str]] = []

    class Watching(HttpTransport):
        def send(self, request: Request, url: str, headers: Mapping[str, str] = {}) -> Response:
            if request.json["method"].endswith("search_read"):
                asked.append(request.json["params"][4])
            return super().send(request, url, headers)

    with connect(tryton, transport=Watching(trust_origin=tryton.base_url)) as erp:
        found = list(erp.purchase_orders.list(fields=["vendor", "total_incl_tax"]))
    assert len(found) == ALL
    assert all(record.total_incl_tax is not None and record.vendor.number for record in found)
    assert all(
        set(names) == {"id", "_timestamp", "party", "party.code", "party.name", "total_amount"} for names in asked
    )


def test_an_asynchronous_host_reads_the_same(erp: Connection, tryton: Server, facts: Facts) -> None:
    async def read() -> list[PurchaseOrder]:
        connection: AsyncConnection
        async with anyerp.aconnect("tryton", **facts(tryton)) as connection:
            return [record async for record in connection.purchase_orders.list(page_size=30)]

    assert asyncio.run(read()) == list(erp.purchase_orders.list())


def test_a_field_of_the_tenants_own_is_read_by_an_overlay(tryton: Server, connect: Connect) -> None:
    overlay = {"purchase_orders": lambda lens: lens.extended(Map("extra.key", "rec_name", char(), read_only=True))}
    with connect(tryton, overlays=overlay) as erp:
        (id, *_) = tryton.seeds.purchases["quotation"]
        got = erp.purchase_orders.get(str(id))
        assert got.extra["key"].startswith(got.number)
