"""Traps of Gateway and of SAP's documents that no other test holds (sap sheet §2-§11)."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import anyerp
import pytest
from anyerp import GoodsReceipt, GoodsReceiptLine, Item, Ref, Vendor
from anyerp.errors import NotFound, NotSupported, OutcomeUnknown, PermissionDenied
from anyerp.testing.sandbox import Call, Once, answer_with, serve
from anyerp.wire import Headers, Response
from anyerp_sap.sandbox import S4Sandbox
from anyerp_sap.sandbox.auth import TOKEN_PATH

MOVED, INVOICE, BILLED = "A_MaterialDocumentItem", "A_SupplierInvoice", "A_SuplrInvcItemPurOrdRef"


def is_fetch(call: Call) -> bool:
    return call.headers.get("x-csrf-token", "").lower() == "fetch"


def came(**values) -> GoodsReceipt:
    given = {"purchase_order": Ref(id="4500000001"), "purchase_order_line": 10, "quantity": Decimal(1), "unit": "C62",
             "location": Ref(id="1010~101B")}  # fmt: skip
    return GoodsReceipt(lines=(GoodsReceiptLine.model_validate({**given, **values}),))


def test_every_cookie_of_the_session_goes_with_its_token_whatever_its_name(system, erp, say):
    def balanced(call, proceed):
        answer = proceed()
        fields = [*answer.headers.items_with_repeats(), ("set-cookie", "whatever7=node3; path=/")]
        return Response(answer.status, Headers(fields), answer.content)

    system.sandbox.faults = [Once(balanced, when=is_fetch)]
    erp.purchase_orders.create(say.order())
    (post,) = system.calls("POST")
    sent = {cookie.strip().partition("=")[0] for cookie in post.headers["cookie"].split(";")}
    assert {"SAP_SESSIONID_S4H_100", "sap-XSRF_S4H_100", "sap-usercontext", "whatever7"} <= sent


def test_an_access_token_lives_as_long_as_its_answer_says(make):
    system = make(auth="oauth")
    system.sandbox.access.token_life = 300
    with system.connect() as erp:
        list(erp.companies.list())
        system.clock.advance(seconds=299)
        list(erp.companies.list())
    assert len(system.calls("POST", TOKEN_PATH)) == 2
    assert not [event for event in system.events if getattr(event, "status", None) == 401]


def test_one_csrf_token_serves_every_service(system, erp, say):
    erp.purchase_orders.create(say.order())
    erp.vendors.create(Vendor(name="Acme"))
    erp.items.update(erp.items.get("TG11").model_copy(update={"name": "Other"}))
    erp.goods_receipts.create(came())
    assert len({call.target.split("/")[5] for call in system.sandbox.calls if call.method in ("POST", "PATCH")}) == 4
    assert len([call for call in system.sandbox.calls if is_fetch(call)]) == 1


def test_a_service_that_is_not_active_may_be_forbidden_as_well(system):
    body = b'{"error":{"code":"/IWFND/MED/170","message":{"lang":"en","value":"No service found for namespace"}}}'
    system.sandbox.faults = [answer_with(Response(403, Headers({"content-type": "application/json"}), body))]
    with system.connect() as erp, pytest.raises(PermissionDenied, match="No service found") as caught:
        list(erp.companies.list())
    assert "activate API_COMPANYCODE_SRV" in caught.value.hint


@pytest.mark.parametrize(("resource", "id"), [("companies", "1010"), ("purchase_orders", "4500000001")])
def test_a_service_that_is_not_active_is_no_record_that_is_not_there(system, resource, id):
    body = b'{"error":{"code":"/IWFND/MED/170","message":{"lang":"en","value":"No service found for namespace"}}}'
    system.sandbox.faults = [answer_with(Response(404, Headers({"content-type": "application/json"}), body))]
    with system.connect() as erp, pytest.raises(NotFound) as caught:
        erp.collection(resource).get(id)
    assert caught.value.message == "No service found for namespace"
    assert "activate API_" in caught.value.hint


def test_no_more_than_four_calls_are_in_flight_however_many_threads_a_host_has():
    sandbox, lock = S4Sandbox(), threading.Lock()
    now, most = 0, 0

    def slow(call, proceed):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1

    with serve(sandbox) as url:
        sandbox.faults = [slow]
        with (
            anyerp.connect("sap-s4hana", settings=sandbox.settings(url), credentials=sandbox.credentials) as erp,
            ThreadPoolExecutor(12) as pool,
        ):
            assert len(list(pool.map(lambda _: erp.companies.get("1010"), range(24)))) == 24
    assert 1 < most <= 4


def test_orders_with_all_that_hangs_on_them_come_a_hundred_at_a_time(make):
    system = make(orders=230)
    with system.connect() as erp:
        assert len(list(erp.purchase_orders.list())) == 243
    sizes = [call.target.replace("%24", "$").partition("$top=")[2] for call in system.calls("GET", "A_PurchaseOrder?")]
    assert {size.partition("&")[0] for size in sizes} == {"100"}


@pytest.mark.parametrize(
    ("resource", "record"),
    [
        ("purchase_orders", None),
        ("vendors", Vendor(name="Acme")),
        ("items", Item(name="Gasket", kind="goods", unit="C62", group="L001")),
        ("goods_receipts", came()),
    ],
)
@pytest.mark.parametrize("body", [b'{"d":{}}', b'{"d":{"results":{}}}', b'{"d":[]}', b"<ok/>"])
def test_a_new_record_that_is_answered_without_its_key_is_looked_for_and_else_unknown(
    system, erp, say, resource, record, body
):
    def keyless(call, proceed):
        answer = proceed()
        return Response(answer.status, answer.headers, body)

    given = record or say.order()
    system.sandbox.faults = [Once(keyless, when=lambda call: call.method == "POST")]
    assert erp.collection(resource).create(given, key="K-1").settled == "look"
    system.sandbox.faults = [Once(keyless, when=lambda call: call.method == "POST")]
    with pytest.raises(OutcomeUnknown, match="accepted the write"):
        erp.collection(resource).create(given)


def test_a_new_record_may_be_answered_inside_of_results(system, erp, say):
    def wrapped(call, proceed):
        answer = proceed()
        body = json.dumps({"d": {"results": json.loads(answer.content)["d"]}})
        return Response(answer.status, answer.headers, body.encode())

    system.sandbox.faults = [Once(wrapped, when=lambda call: call.method == "POST")]
    assert erp.purchase_orders.create(say.order()).settled == "answer"


def test_a_number_that_is_shown_with_zeros_is_the_number_without_them(system, erp, say):
    made = erp.purchase_orders.create(say.order(say.line(item=Ref(id="66"), unit="KGM"))).record

    def padded(call, proceed):
        answer = proceed()
        content = answer.content.replace(b'"Supplier":"10300001"', b'"Supplier":"0010300001"')
        return Response(answer.status, answer.headers, content.replace(b'"66"', b'"%s"' % b"66".zfill(40)))

    system.sandbox.faults = [padded]
    shown = erp.purchase_orders.get(made.id)
    assert (shown.vendor.id, shown.lines[0].item.id) == ("10300001", "66")
    erp.purchase_orders.update(made.model_copy(update={"version": None}))
    assert not system.calls("PATCH")


@pytest.mark.parametrize("code", ["L", "X"])
def test_either_deletion_code_means_deleted(system, erp, code):
    system.put("A_PurchaseOrderItem", ("4500000002", "10"), PurchasingDocumentDeletionCode=code)
    order = erp.purchase_orders.get("4500000002")
    assert ([line.status for line in order.lines], order.status) == (["cancelled", "open"], "open")
    assert order.total_excl_tax == order.lines[1].amount
    system.put("A_PurchaseOrder", ("4500000002",), PurchasingDocumentDeletionCode=code)
    assert erp.purchase_orders.get("4500000002").status == "cancelled"


def test_what_lies_in_blocked_stock_has_come_when_it_is_released(system, erp, say):
    order = erp.purchase_orders.create(say.order()).record.id
    for quantity in (3, 2):
        system.sandbox.receive(order, "10", Decimal(quantity))
    blocked, released = (row for row in system.sandbox.world.store.rows(MOVED) if row.get("PurchaseOrder") == order)
    for row, kind in ((blocked, "103"), (released, "105")):
        system.sandbox.world.store.put(MOVED, {**row, "GoodsMovementType": kind})
    assert erp.purchase_orders.get(order).lines[0].quantity_received == 2


def test_one_number_in_two_years_is_two_invoices(system, erp):
    store = system.sandbox.world.store
    (item,) = (row for row in store.rows(BILLED) if row["PurchaseOrder"] == "4500000002")
    head = system.row(INVOICE, item["SupplierInvoice"], item["FiscalYear"])
    billed = erp.purchase_orders.get("4500000002").lines[0].quantity_billed
    earlier = {"FiscalYear": str(int(item["FiscalYear"]) - 1)}
    store.put(INVOICE, {**head, **earlier, "SupplierInvoiceIsCreditMemo": "X"})
    store.put(BILLED, {**item, **earlier, "QuantityInPurchaseOrderUnit": Decimal(1)})
    assert billed > 1
    assert erp.purchase_orders.get("4500000002").lines[0].quantity_billed == billed - 1
    number = item["SupplierInvoice"]
    kinds = [erp.vendor_invoices.get(f"{number}~{year['FiscalYear']}").kind for year in (item, earlier)]
    assert kinds == ["invoice", "credit_memo"]


@pytest.mark.parametrize("name", ["vendors", "customers", "stock_levels"])
def test_changes_of_what_has_no_stamp_are_refused_and_not_all_rows_given(system, erp, name):
    with pytest.raises(NotSupported):
        list(erp.collection(name).list(updated_since=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)))
    assert not system.sandbox.calls


@pytest.mark.parametrize(
    ("category", "kind"),
    [("", "item"), ("0", "item"), ("9", "service"), ("2", "other"), ("3", "other"), ("A", "other")],
)
def test_categories_are_told_by_their_internal_signs(system, erp, category, kind):
    system.put("A_PurchaseOrderItem", ("4500000001", "10"), PurchaseOrderItemCategory=category)
    assert erp.purchase_orders.get("4500000001").lines[0].kind == kind


def test_a_category_is_sent_by_its_internal_sign(system, erp, say):
    erp.purchase_orders.create(say.order(say.line(kind="item")))
    (item,) = json.loads(system.calls("POST")[0].content)["to_PurchaseOrderItem"]["results"]
    assert item["PurchaseOrderItemCategory"] == "0"


def test_a_text_of_forty_characters_fits_however_many_bytes_it_has(erp, say):
    text = "ü☃" * 20
    assert erp.purchase_orders.create(say.order(say.line(description=text))).record.lines[0].description == text
