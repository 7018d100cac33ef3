"""Goods receipts: posted by one request, reversed by a function import, read without other movements (sheet §12)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from anyerp import GoodsReceipt, GoodsReceiptLine, Ref
from anyerp.errors import InvalidRecord, NotFound, NotRepresentable, NotSupported
from anyerp.testing.sandbox import Once, lose_after

FIRST = "2025~5000000001"


def receipt(*lines, **values):
    return GoodsReceipt.model_validate({"lines": lines, "vendor_reference": "DN-4711", **values})


def line(order, quantity="2", **values):
    given = {"purchase_order": Ref(id=order), "purchase_order_line": 10, "quantity": Decimal(quantity), "unit": "C62",
             "location": Ref(id="1010~101B")}  # fmt: skip
    return GoodsReceiptLine.model_validate({**given, **values})


def test_a_receipt_is_posted_and_the_order_says_how_much_came(system, erp):
    made = erp.goods_receipts.create(receipt(line("4500000001"), receipt_date=dt.date(2025, 6, 1))).record
    (came,) = made.lines
    assert (came.kind, came.native_kind, came.quantity, came.unit) == ("receipt", "101", 2, "C62")
    assert (came.item.id, came.location.id, made.vendor.id) == ("TG11", "1010~101B", "10300001")
    assert (made.status, made.purchase_order.id) == ("posted", "4500000001")
    assert (made.receipt_date, made.document_date) == (dt.date(2025, 6, 1), dt.date(2025, 6, 1))
    order = erp.purchase_orders.get("4500000001")
    assert (order.lines[0].quantity_received, order.status) == (2, "partially_received")
    sent = json.loads(system.calls("POST")[0].content)
    assert sent["GoodsMovementCode"] == "01"
    item = sent["to_MaterialDocumentItem"]["results"][0]
    assert (item["GoodsMovementType"], item["GoodsMovementRefDocType"]) == ("101", "B")


def test_without_dates_a_receipt_is_of_today(erp):
    made = erp.goods_receipts.create(receipt(line("4500000001"))).record
    assert (made.receipt_date, made.document_date) == (dt.date(2025, 6, 2), dt.date(2025, 6, 2))


def test_the_callers_key_stands_beside_the_delivery_note(system, erp):
    first = erp.goods_receipts.create(receipt(line("4500000001")), key="gr-9").record
    again = erp.goods_receipts.create(receipt(line("4500000001")), key="gr-9")
    assert (again.settled, again.record.id) == ("before", first.id)
    assert (first.vendor_reference, first.external_reference) == ("DN-4711", "gr-9")
    assert len(system.calls("POST")) == 1


def test_a_lost_answer_is_settled_by_looking_and_nothing_comes_twice(system, erp):
    system.sandbox.faults = [Once(lose_after, when=lambda c: c.method == "POST")]
    assert erp.goods_receipts.create(receipt(line("4500000001")), key="gr-1").settled == "look"
    assert erp.purchase_orders.get("4500000001").lines[0].quantity_received == 2


def test_a_return_to_the_vendor_takes_what_came(erp):
    erp.goods_receipts.create(receipt(line("4500000001", "5")))
    back = erp.goods_receipts.create(receipt(line("4500000001", "3", kind="return"))).record
    assert back.lines[0].native_kind == "122"
    assert erp.purchase_orders.get("4500000001").lines[0].quantity_received == 2


def test_too_much_is_refused_with_the_systems_words(erp):
    with pytest.raises(InvalidRecord) as caught:
        erp.goods_receipts.create(receipt(line("4500000001", "6")))
    assert "PO quantity exceeded by 1" in str(caught.value)


def test_cancelling_reverses_the_document_by_another_that_is_in_the_list(system, erp):
    made = erp.goods_receipts.create(receipt(line("4500000001"))).record
    before = {one.id for one in erp.goods_receipts.list()}
    assert erp.goods_receipts.cancel(made.id).status == "cancelled"
    (new,) = {one.id for one in erp.goods_receipts.list()} - before
    assert [(one.kind, one.quantity) for one in erp.goods_receipts.get(new).lines] == [("reversal", 2)]
    assert erp.purchase_orders.get("4500000001").lines[0].quantity_received == 0
    call = system.calls("POST", "/Cancel?")[0]
    assert "MaterialDocumentYear='2025'" in call.target.replace("%27", "'")
    assert not call.content


def test_movements_that_are_no_receipts_are_left_out(system, erp):
    listed = {one.number for one in erp.goods_receipts.list()}
    every = system.sandbox.world.store.rows("A_MaterialDocumentHeader")
    assert {"5000000004", "5000000005"} == {row["MaterialDocument"] for row in every} - listed
    with pytest.raises(NotFound, match="5000000004"):
        erp.goods_receipts.get("2025~5000000004")


def test_a_page_of_none_but_other_movements_is_not_the_end(erp):
    page = erp.goods_receipts.page(page_size=1)
    ids = [one.id for one in page.records]
    sizes = []
    while page.cursor:
        page = erp.goods_receipts.page(page.cursor, page_size=1)
        ids += [one.id for one in page.records]
        sizes.append(len(page.records))
    assert 0 in sizes[:-1]
    assert len(ids) == len(set(ids)) == 6


def test_changed_since_asks_from_the_day_before(system, erp):
    since = dt.datetime(2025, 3, 3, 1, 0, tzinfo=dt.UTC)
    found = [one.number for one in erp.goods_receipts.list(updated_since=since)]
    assert found == ["5000000006", "5000000007", "5000000008"]
    assert "2025-03-02T00" in system.sandbox.calls[-1].target


def test_a_receipt_is_never_changed(erp):
    with pytest.raises(NotSupported, match="never changed"):
        erp.goods_receipts.update(erp.goods_receipts.get(FIRST))


def test_a_vendor_of_ones_own_is_refused_since_the_order_has_it(erp):
    with pytest.raises(NotRepresentable, match="vendor"):
        erp.goods_receipts.create(receipt(line("4500000001"), vendor=Ref(id="10300001")))


def test_one_receipt_for_two_orders_belongs_to_none_as_a_whole(erp):
    made = erp.goods_receipts.create(
        receipt(line("4500000001"), line("4500000005", unit="KGM", location=Ref(id="3010~101A")))
    ).record
    assert made.purchase_order is None
    assert [one.purchase_order.id for one in made.lines] == ["4500000001", "4500000005"]
    assert [one.number for one in made.lines] == [1, 2]
