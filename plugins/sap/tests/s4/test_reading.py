"""Reading from S/4HANA: every record once, whatever the page size and the age of the Gateway (sap sheet §4, §6)."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal

import anyerp
import pytest
from anyerp.errors import NotFound, Unavailable, UnexpectedPayload
from anyerp.testing.sandbox import Call, Once, answer_with, serve
from anyerp.wire import Headers, Response
from anyerp_sap.sandbox import S4Sandbox
from anyerp_sap.sandbox.faults import overloaded, throttled

COUNTS = {
    "companies": 5,
    "locations": 24,
    "vendors": 9,
    "customers": 5,
    "items": 9,
    "purchase_orders": 13,
    "goods_receipts": 6,
    "vendor_invoices": 8,
    "sales_orders": 5,
    "stock_levels": 11,
}


@pytest.mark.parametrize("paging", ["keyset", "server"])
@pytest.mark.parametrize("server_page", [2, 100, None])
@pytest.mark.parametrize("name", COUNTS)
def test_every_record_comes_once_at_any_page_size(make, name, server_page, paging):
    system = make(server_page=server_page)
    with system.connect(paging=paging) as erp:
        for size in range(1, 8):
            found = erp.collection(name).list(page_size=size)
            ids = [record.id for record in found]
            assert not found.rejected
            assert len(ids) == len(set(ids)) == COUNTS[name]
            assert ids == [r.id for r in erp.collection(name).list()]


@pytest.mark.parametrize("name", COUNTS)
def test_an_async_host_reads_the_same(system, name):
    async def read():
        async with system.aconnect() as erp:
            return [record async for record in erp.collection(name).list(page_size=4)]

    with system.connect() as erp:
        assert asyncio.run(read()) == list(erp.collection(name).list())


@pytest.mark.parametrize("name", COUNTS)
def test_one_record_is_what_the_list_says(erp, name):
    for record in erp.collection(name).list():
        assert erp.collection(name).get(record.id) == record


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("companies", "9999"),
        ("locations", "9999"),
        ("locations", "1010~ZZZZ"),
        ("vendors", "99999999"),
        ("items", "NO-SUCH"),
        ("purchase_orders", "4599999999"),
        ("purchase_orders", "it's none"),
    ],
)
def test_what_is_not_there_is_not_found(erp, name, id):
    with pytest.raises(NotFound) as caught:
        erp.collection(name).get(id)
    assert caught.value.retry == "never"


def test_more_than_a_hundred_rows_come_without_a_top_of_ours(make):
    system = make(orders=230)
    with system.connect(paging="server") as erp:
        assert len({o.id for o in erp.purchase_orders.list()}) == 243
    assert all("%24top" not in c.target and "$top" not in c.target for c in system.calls("GET", "A_PurchaseOrder"))


def test_a_page_that_is_cut_short_with_a_next_link_is_not_the_end(make):
    system = make(most_top=3)
    with system.connect() as erp:
        assert len({o.id for o in erp.purchase_orders.list(page_size=10)}) == 13


def test_orders_inserted_while_paging_neither_skip_nor_repeat(system, erp, say):
    page = erp.purchase_orders.page(page_size=4)
    ids = [o.id for o in page.records]
    new = erp.purchase_orders.create(say.order()).record.id
    while page.cursor:
        page = erp.purchase_orders.page(page.cursor, page_size=4)
        ids += [o.id for o in page.records]
    assert len(ids) == len(set(ids)) == 14
    assert new in ids


def test_changed_since_takes_the_rows_that_share_a_truncated_stamp(system, erp):
    stamp = next(erp.purchase_orders.list()).updated_at
    assert stamp is not None
    since = list(erp.purchase_orders.list(updated_since=stamp))
    assert "4500000001" in [o.id for o in since]
    last = max(o.updated_at for o in since)
    assert [o.updated_at for o in erp.purchase_orders.list(updated_since=last)] == [last]
    assert "datetimeoffset" in system.calls("GET", "A_PurchaseOrder?")[-1].target


def test_a_moment_in_another_zone_is_asked_in_utc_without_a_plus(system, erp):
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    moment = dt.datetime(2025, 2, 1, 5, 30, tzinfo=east)
    utc = [o.id for o in erp.purchase_orders.list(updated_since=moment.astimezone(dt.UTC))]
    assert [o.id for o in erp.purchase_orders.list(updated_since=moment)] == utc
    assert 0 < len(utc) < 13
    assert "+" not in system.sandbox.calls[-1].target


def test_resources_without_a_stamp_refuse_changed_since(erp):
    for name in ("companies", "locations", "vendors"):
        with pytest.raises(anyerp.NotSupported):
            erp.collection(name).list(updated_since=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))


def test_a_supplier_whose_partner_number_differs_goes_by_its_supplier_number(erp):
    vendor = erp.vendors.get("17300080")
    assert (vendor.id, vendor.extra["BusinessPartner"]) == ("17300080", "9980000042")


def test_an_item_costs_what_its_valuation_says(erp):
    assert erp.items.get("66").cost == Decimal("3.15")  # moving average: the standard price beside it is 0
    assert erp.items.get("RM-M8X20").cost == Decimal("0.125")  # 12.50 per 100


def test_an_item_is_named_in_english_and_else_in_what_there_is(system):
    with system.connect() as erp:
        assert erp.items.get("66").name == "Zinc granulate"
        assert {i.id: i.name for i in erp.items.list()}["OIL-15W40"] == "Engine oil 15W-40"
    for product in ("66", "TG11"):
        system.sandbox.world.store.remove("A_ProductDescription", (product, "EN"))
    with system.connect() as erp:
        assert erp.items.get("66").name == "Zinkgranulat"
        assert {i.id: i.name for i in erp.items.list()}["TG11"] == "Handelsware 11"


def test_flags_become_statuses(system, erp):
    assert erp.items.get("OLD-1").status == "inactive"
    assert erp.vendors.get("10300009").status == "blocked"
    assert erp.vendors.get("10300001").status == "active"


def test_an_overloaded_system_is_asked_again_and_then_given_up(system, erp):
    system.sandbox.faults = [Once(overloaded("2"))]
    assert len(list(erp.companies.list())) == 5
    assert any(wait >= 2 for wait in system.waits)
    system.sandbox.faults = [Once(overloaded(), times=99)]
    with pytest.raises(Unavailable) as caught:
        list(erp.companies.list())
    assert caught.value.status == 503
    assert "<" not in str(caught.value)  # its HTML is nobody's message


def test_a_throttled_call_is_repeated_after_the_pause_it_asks_for(system, erp):
    system.sandbox.faults = [Once(throttled("3"))]
    assert len(list(erp.companies.list())) == 5
    assert any(wait >= 3 for wait in system.waits)
    system.sandbox.faults = [Once(throttled(), times=99)]
    with pytest.raises(anyerp.RateLimited) as caught:
        list(erp.companies.list())
    assert caught.value.retry == "later"


@pytest.mark.parametrize(
    "content", [b"<html>", b"{}", b'{"d": []}', b'{"d": {"results": 5}}', b"[]", b'{"d":{"results":[1']
)
def test_an_answer_in_no_known_form_is_said_so(system, erp, content):
    nonsense = Response(200, Headers({"content-type": "application/json"}), content)
    system.sandbox.faults = [Once(answer_with(nonsense), times=9)]
    with pytest.raises(anyerp.UnexpectedPayload):
        list(erp.purchase_orders.list())
    if content != b'{"d": {"results": 5}}':
        with pytest.raises(anyerp.UnexpectedPayload):
            erp.companies.get("1010")


def test_json_is_asked_for_in_english_with_the_client_number(system):
    with system.connect(sap_client="100") as erp:
        list(erp.purchase_orders.list(page_size=5))
        erp.purchase_orders.close("4500000001")
    assert len(system.sandbox.calls) > 5
    for call in system.sandbox.calls:
        assert call.headers["accept"].startswith("application/json")
        assert call.headers["accept-language"] == "en"
        assert call.headers["sap-client"] == "100"


def test_a_user_who_logs_on_in_german_still_gets_english_units(make):
    system = make(language="DE")
    with system.connect() as erp:
        assert erp.items.get("RM-M8X20").purchase_unit == "CT"
        assert erp.items.get("RM-M8X20").native_purchase_unit == "CAR"
        assert erp.items.get("MAINT-HOUR").unit == "HUR"


def test_one_session_serves_many_calls(make):
    system = make(sessions=2)
    with system.connect() as erp:
        for _ in range(5):
            list(erp.companies.list())
        list(erp.purchase_orders.list(page_size=1))


def test_a_whole_walk_over_a_real_socket(say):
    sandbox = S4Sandbox()
    with serve(sandbox) as url:
        settings = {**sandbox.settings(url), "purchasing_organization": "1010"}
        with anyerp.connect("sap-s4hana", settings=settings, credentials=sandbox.credentials) as erp:
            assert all(check.ok for check in erp.check())
            assert len(list(erp.purchase_orders.list(page_size=5))) == 13
            done = erp.purchase_orders.create(say.order(), key="req-42")
            assert erp.purchase_orders.cancel(done.record.id).status == "cancelled"


def test_an_async_walk_over_a_real_socket(say):
    sandbox = S4Sandbox()

    async def walk(url: str) -> None:
        settings = {**sandbox.settings(url), "purchasing_organization": "1010"}
        async with anyerp.aconnect("sap-s4hana", settings=settings, credentials=sandbox.credentials) as erp:
            done = await erp.purchase_orders.create(say.order(), key="req-43")
            changed = done.record.model_copy(update={"vendor_reference": "Q-1"})
            assert (await erp.purchase_orders.update(changed)).record.vendor_reference == "Q-1"
            assert (await erp.purchase_orders.cancel(done.record.id)).status == "cancelled"

    with serve(sandbox) as url:
        asyncio.run(walk(url))


def test_a_system_that_has_every_field_is_never_asked_for_its_metadata(system, erp):
    for name in COUNTS:
        list(erp.collection(name).list())
    assert not system.calls("GET", "$metadata")
    # Locations are two sets; movements, invoice items and the odd ones of the invoices are asked for with orders.
    assert len(system.sandbox.calls) == len(COUNTS) + 1 + 3


def _refuses(*names: str):
    """A system whose release lacks some fields: naming them is a 400, and its metadata does not have them."""

    def strike(call: Call, proceed):
        if call.method != "GET":
            return None
        if call.target.endswith("$metadata"):
            answer = proceed()
            content = answer.content
            for name in names:
                content = content.replace(f'Name="{name}"'.encode(), f'Name="Other{name}"'.encode())
            return Response(answer.status, answer.headers, content)
        asked = call.target.partition("$select=")[2].partition("&")[0].replace("%2C", ",").split(",")
        if any(path.rpartition("/")[2] in names for path in asked):
            body = (
                b'{"error":{"code":"005056A509B11EE1B9A8FEC11C21D78E","message":{"lang":"en","value":"No property"}}}'
            )
            return Response(400, Headers({"content-type": "application/json"}), body)
        return None

    return strike


def test_an_older_release_is_asked_only_for_the_fields_it_has(system, erp):
    system.sandbox.faults = [_refuses("IncotermsLocation1", "SupplierQuotationExternalID")]
    orders = list(erp.purchase_orders.list(page_size=5))
    assert len(orders) == 13
    assert {o.incoterms_location for o in orders} == {None}
    assert erp.purchase_orders.get("4500000001").currency == "EUR"
    assert len(system.calls("GET", "$metadata")) == 1  # big: once a connection


def test_a_400_that_is_no_matter_of_fields_is_told(system, erp):
    refused = Response(
        400, Headers({"content-type": "application/json"}), b'{"error":{"code":"X/1","message":{"value":"No"}}}'
    )
    system.sandbox.faults = [Once(answer_with(refused), when=lambda c: "A_PurchaseOrder" in c.target, times=99)]
    with pytest.raises(anyerp.InvalidRecord) as caught:
        list(erp.purchase_orders.list())
    assert caught.value.problems[0].native.code == "X/1"


BROKEN = {
    "purchase_orders": ("A_PurchaseOrder?", b'"PurchaseOrderItem":"10"', b'"PurchaseOrderItem":"ten"'),
    "goods_receipts": ("A_MaterialDocumentHeader?", b'"QuantityInEntryUnit":"16.000"', b'"QuantityInEntryUnit":"many"'),
    "vendor_invoices": ("A_SupplierInvoice?", b'"TaxAmount":"67.83"', b'"TaxAmount":"much"'),
    "sales_orders": ("A_SalesOrder?", b'"DeliveredQtyInOrderQtyUnit":"2.000"', b'"DeliveredQtyInOrderQtyUnit":"two"'),
    "items": ("A_Product?", b'"GrossWeight":"0.250"', b'"GrossWeight":"heavy"'),
    "stock_levels": ("A_MatlStkInAcctMod?", b"812.50000000000000", b"plenty"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_broken_record_never_takes_its_page_with_it(system, erp, name):
    where, sound, broken = BROKEN[name]

    def strike(call: Call, proceed):
        if where not in call.target:
            return None
        answer = proceed()
        assert sound in answer.content
        return Response(answer.status, answer.headers, answer.content.replace(sound, broken, 1))

    whole = list(erp.collection(name).list())
    system.sandbox.faults = [strike]
    found = erp.collection(name).list()
    left = list(found)
    assert len(left) == len(whole) - 1
    assert all(record in whole for record in left)
    (rejected,) = found.rejected
    assert rejected.reasons[0].message


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("items", "A_Product?"),
        ("goods_receipts", "A_MaterialDocumentHeader?"),
        ("vendor_invoices", "A_SupplierInvoice?"),
        ("sales_orders", "A_SalesOrder?"),
        ("purchase_orders", "A_PurchaseOrder?"),
    ],
)
def test_a_page_that_comes_twice_ends_a_list_with_an_error(system, resource, name):
    first = []

    def again(call, proceed):
        if name not in call.target:
            return None
        first.append(proceed())
        return first[0]

    system.sandbox.faults = [again]
    with system.connect(custom_fields=True) as erp, pytest.raises(UnexpectedPayload, match="same page twice"):
        list(erp.collection(resource).list(page_size=2))
