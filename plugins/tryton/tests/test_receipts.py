"""Goods receipts and vendor invoices of a live Tryton: made, settled by key, cancelled, and what orders say of them."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import anyerp
import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import InvalidRecord, NotSupported, OutcomeUnknown
from anyerp.model import GoodsReceipt, GoodsReceiptLine, Ref, VendorInvoice, VendorInvoiceLine
from anyerp.transport import HttpTransport
from anyerp.wire import Request, Response
from anyerp_tryton.lens.origin import joined, parted
from anyerp_tryton.live import Prepared, Rpc, Server, serve

pytestmark = pytest.mark.live


class Losing(HttpTransport):
    """Lets one call through and loses its answer."""

    lost = ""

    def send(self, request: Request, url: str, headers: Any = None) -> Response:
        answer = super().send(request, url, headers or {})
        if self.lost and (request.json or {}).get("method", "").endswith(self.lost):
            self.lost = ""
            raise OutcomeUnknown("the connection broke")
        return answer


@pytest.fixture(scope="module")
def server(prepared: Prepared) -> Iterator[Server]:
    with serve(prepared) as running:
        yield running


@pytest.fixture(scope="module")
def rpc(server: Server) -> Rpc:
    return server.rpc()


@pytest.fixture(scope="module")
def transport(server: Server) -> Losing:
    return Losing(trust_origin=[server.base_url])


@pytest.fixture(scope="module")
def erp(server: Server, transport: Losing) -> Iterator[Connection]:
    with anyerp.connect(
        "tryton",
        settings={"base_url": server.base_url, "database": server.database},
        credentials={"username": server.admin.login, "password": server.admin.password},
    ) as connection:
        transport._client = connection._transport._client
        connection._transport = connection._runner.transport = transport
        yield connection


def call_off(server: Server, erp: Connection) -> Any:
    """The order for years, of which one piece came."""
    return erp.purchase_orders.get(str(server.seeds.purchases["partly_received"][0]))


def one_line(order: Any, quantity: int = 2, **more: Any) -> GoodsReceipt:
    line = GoodsReceiptLine(purchase_order_line_id=order.lines[0].id, quantity=Decimal(quantity))
    return GoodsReceipt.model_validate({"vendor_reference": "DN-7", "lines": (line,), **more})


def test_a_receipt_needs_only_the_orders_line_and_how_much_came(erp: Connection, server: Server) -> None:
    before = call_off(server, erp)
    done = erp.goods_receipts.create(one_line(before), key="GR_1%")
    receipt = done.record
    assert (receipt.status, receipt.vendor_reference, receipt.external_reference) == ("posted", "DN-7", "GR_1%")
    assert receipt.vendor.id == before.vendor.id
    (line,) = receipt.lines
    assert (line.purchase_order.id, line.purchase_order_line) == (before.id, before.lines[0].number)
    assert receipt.purchase_order.number == before.number
    assert line.location.id == before.lines[0].location.id == receipt.location.id
    after = call_off(server, erp)
    assert after.lines[0].quantity_received == before.lines[0].quantity_received + 2
    assert erp.goods_receipts.create(one_line(before), key="GR_1%").settled == "before"
    assert erp.goods_receipts.create(one_line(before), key="GRX1Z").settled == "answer"


def test_the_orders_line_may_be_named_by_numbers(erp: Connection, server: Server) -> None:
    order = call_off(server, erp)
    line = {"purchase_order": Ref(number=order.number), "purchase_order_line": order.lines[0].number}
    made = erp.goods_receipts.create(GoodsReceipt(lines=(GoodsReceiptLine(**line, quantity=Decimal(1)),))).record
    assert made.lines[0].purchase_order_line_id == order.lines[0].id


@pytest.mark.parametrize("lost", ["stock.shipment.in.create", "stock.shipment.in.receive"])
def test_a_receipt_whose_answer_was_lost_half_way_is_gone_on_with(
    erp: Connection, server: Server, transport: Losing, rpc: Rpc, lost: str
) -> None:
    order, key = call_off(server, erp), f"lost {lost}"
    transport.lost = lost
    try:
        made = erp.goods_receipts.create(one_line(order), key=key)
    except OutcomeUnknown:
        made = erp.goods_receipts.create(one_line(order), key=key)
    assert made.record.status == "posted"
    assert len(rpc.ids("stock.shipment.in", [["reference", "=", joined("DN-7", key)]])) == 1
    assert call_off(server, erp).lines[0].quantity_received == order.lines[0].quantity_received + 2


def test_what_tryton_refuses_half_way_leaves_nothing_behind(erp: Connection, server: Server, rpc: Rpc) -> None:
    order = erp.purchase_orders.get(str(server.seeds.purchases["processing"][0]))
    drafts = [["state", "=", "draft"]]
    moves = [["origin", "=", f"purchase.line,{order.lines[0].id}"]]
    before = rpc.ids("stock.shipment.in", drafts), rpc.read("stock.move", rpc.ids("stock.move", moves), "quantity")
    with pytest.raises(InvalidRecord, match="in addition to"):
        erp.goods_receipts.create(one_line(order, 999), key="too much")
    after = rpc.ids("stock.shipment.in", drafts), rpc.read("stock.move", rpc.ids("stock.move", moves), "quantity")
    assert after == before


def test_what_a_receipt_says_of_an_order_must_agree_with_it(erp: Connection, server: Server) -> None:
    order = call_off(server, erp)
    line = {"purchase_order_line_id": order.lines[0].id, "quantity": Decimal(1)}
    for wrong, named in (
        ({**line, "item": Ref(number="COOLANT")}, "item"),
        ({**line, "purchase_order": Ref(id="1")}, "purchase_order"),
        ({**line, "purchase_order_line_id": "99999"}, "99999"),
        ({"purchase_order_line_id": order.lines[0].id}, "how much"),
    ):
        with pytest.raises(InvalidRecord, match=named):
            erp.goods_receipts.create(GoodsReceipt(lines=(GoodsReceiptLine(**wrong),)))
    draft = erp.purchase_orders.get(str(server.seeds.purchases["draft"][0]))
    with pytest.raises(InvalidRecord, match="draft"):
        erp.goods_receipts.create(one_line(draft))


def test_more_than_is_ordered_is_a_question_that_only_a_person_answers(erp: Connection, server: Server) -> None:
    done = erp.purchase_orders.get(str(server.seeds.purchases["received"][0]))
    with pytest.raises(InvalidRecord, match="waits for nothing more"):
        erp.goods_receipts.create(one_line(done, 1))
    line = GoodsReceiptLine(item=Ref(number="COOLANT"), quantity=Decimal("2.5"))
    with pytest.raises(InvalidRecord, match="nobody ordered"):
        erp.goods_receipts.create(GoodsReceipt(vendor=Ref(number="V-1002"), lines=(line,)))


def test_one_receipt_has_one_warehouse_and_one_vendor(erp: Connection, server: Server) -> None:
    order = call_off(server, erp)
    other = {"location": Ref(number="QUAY" if order.lines[0].location.number == "WH" else "WH")}
    with pytest.raises(InvalidRecord, match="warehouse"):
        erp.goods_receipts.create(one_line(order, 1, **other))
    with pytest.raises(InvalidRecord, match="vendor"):
        erp.goods_receipts.create(one_line(order, 1, vendor=Ref(id="1")))


def test_a_cancelled_receipt_counts_no_more(erp: Connection, server: Server) -> None:
    before = call_off(server, erp)
    made = erp.goods_receipts.create(one_line(before)).record
    changed = erp.goods_receipts.update(made.model_copy(update={"vendor_reference": "DN-8"})).record
    assert changed.vendor_reference == "DN-8"
    assert erp.goods_receipts.cancel(made.id).status == "cancelled"
    assert call_off(server, erp).lines[0].quantity_received == before.lines[0].quantity_received
    with pytest.raises(NotSupported, match="cancelled"):
        erp.goods_receipts.delete(made.id)


def test_two_references_share_one_field_and_come_back_apart() -> None:
    for pair in (("DN-1", "K"), (None, "K"), ("DN-1", None), (None, None)):
        assert parted(joined(*pair)) == pair
    assert parted("as ⟧ people ⟦ write") == ("as ⟧ people ⟦ write", None)


def test_orders_say_as_billed_what_their_invoices_say(erp: Connection) -> None:
    billed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for invoice in erp.vendor_invoices.list(on_problem="raise"):
        assert invoice.total_excl_tax == sum(line.amount or 0 for line in invoice.lines)
        for line in invoice.lines if invoice.status in ("open", "paid") else ():
            if line.purchase_order_line_id:
                billed[line.purchase_order_line_id] += line.quantity
    ordered = {line.id: line.quantity_billed for it in erp.purchase_orders.list() for line in it.lines}
    assert {line: quantity for line, quantity in ordered.items() if quantity} == billed
    assert billed


def test_a_paid_invoice_says_what_was_paid_and_an_open_one_when_it_is_due(erp: Connection, server: Server) -> None:
    found = {status: [] for status in ("draft", "open", "paid")}
    for invoice in erp.vendor_invoices.list():
        found[invoice.status].append(invoice)
    for invoice in found["paid"]:
        assert invoice.amount_paid == invoice.total_incl_tax
        assert invoice.posting_date == invoice.invoice_date
    assert all(it.amount_paid == 0 and it.due_date >= it.invoice_date and it.number for it in found["open"])
    assert all(it.amount_paid == 0 and it.number is None for it in found["draft"])
    assert any(line.goods_receipt for it in found["paid"] for line in it.lines)


def bill(order: Any, **more: Any) -> VendorInvoice:
    line = VendorInvoiceLine(purchase_order_line_id=order.lines[0].id, quantity=Decimal(1), tax_code="VAT 20%")
    return VendorInvoice.model_validate({
        "vendor": order.vendor, "currency": order.currency, "vendor_reference": "R-1", "lines": (line,), **more
    })  # fmt: skip


def test_an_invoice_is_made_as_a_draft_with_the_accounts_that_tryton_would_choose(
    erp: Connection, server: Server, rpc: Rpc
) -> None:
    order = call_off(server, erp)
    made = erp.vendor_invoices.create(bill(order), key="INV-1").record
    assert (made.kind, made.status, made.external_reference) == ("invoice", "draft", "INV-1")
    (line,) = made.lines
    assert (line.item.id, line.unit_price) == (order.lines[0].item.id, order.lines[0].unit_price)
    assert (line.account.number, made.total_tax > 0) == ("1002", True)
    assert erp.vendor_invoices.create(bill(order), key="INV-1").settled == "before"
    more = VendorInvoice(id=made.id, version=made.version, lines=(*made.lines, VendorInvoiceLine(
        description="Freight", quantity=Decimal(1), unit_price=Decimal(9))))  # fmt: skip
    changed = erp.vendor_invoices.update(more).record
    assert [it.description for it in changed.lines] == [None, "Freight"]
    rpc.write("account.invoice", [int(made.id)], {"invoice_date": server_day(rpc)})
    before = call_off(server, erp).lines[0].quantity_billed
    rpc.click("account.invoice", "post", [int(made.id)])
    assert erp.vendor_invoices.get(made.id).status == "open"
    assert call_off(server, erp).lines[0].quantity_billed == before + 1
    assert erp.vendor_invoices.cancel(made.id).status == "cancelled"


def server_day(rpc: Rpc) -> Any:
    return rpc.call("model.ir.date.today")


def test_a_credit_memo_is_positive_here_and_negative_in_tryton(erp: Connection, server: Server, rpc: Rpc) -> None:
    order = call_off(server, erp)
    made = erp.vendor_invoices.create(bill(order, kind="credit_memo", currency="EUR"), key="CM-1").record
    assert (made.kind, made.currency, made.lines[0].quantity) == ("credit_memo", "EUR", Decimal(1))
    assert made.total_incl_tax > 0
    assert rpc.read("account.invoice", [int(made.id)], "total_amount")[0]["total_amount"] == -made.total_incl_tax
    line = VendorInvoiceLine(id=made.lines[0].id, quantity=Decimal(3))
    changed = erp.vendor_invoices.update(VendorInvoice(id=made.id, version=made.version, lines=(line,))).record
    assert (changed.kind, changed.lines[0].quantity) == ("credit_memo", Decimal(3))


def test_a_currency_is_changed_with_that_of_every_line(erp: Connection, server: Server) -> None:
    made = erp.vendor_invoices.create(bill(call_off(server, erp), currency="USD")).record
    assert erp.vendor_invoices.update(made.model_copy(update={"currency": "EUR"})).record.currency == "EUR"


def test_paid_invoices_are_not_cancelled(erp: Connection) -> None:
    paid = next(it for it in erp.vendor_invoices.list() if it.status == "paid")
    with pytest.raises(InvalidRecord, match="it is paid"):
        erp.vendor_invoices.cancel(paid.id)
