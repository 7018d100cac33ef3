"""Reading: pages, stamps, codes, amounts and user fields as a company has them (sap sheet §13, Wire)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from urllib.parse import unquote

import anyerp
import pytest
from anyerp import Ref, VendorInvoice
from anyerp.errors import InvalidRecord, NotFound, UnexpectedPayload
from anyerp.model import VendorInvoiceLine
from anyerp.testing.sandbox import Call, Once
from anyerp.wire import Headers, Response, dump_json, load_json
from anyerp_sap.b1.sandbox.rules import document

UTC = dt.UTC


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_a_page_is_as_large_as_asked_not_twenty(make):
    system = make(orders=60)
    with system.connect() as erp:
        assert len(list(erp.purchase_orders.list())) == 72
        assert len(system.calls("GET", "/PurchaseOrders?")) == 1
        assert len(erp.purchase_orders.page(page_size=33).records) == 33


@pytest.mark.parametrize("options", [{}, {"bare_links": True}])
def test_a_server_that_ignores_the_page_size_is_read_to_its_end(make, options):
    system = make(orders=60, **options)

    def deaf(call, proceed):
        return system.sandbox._locked(
            type(call)(call.method, call.target, type(call.headers)(
                [(n, v) for n, v in call.headers.items_with_repeats() if n.lower() != "prefer"]), call.content)
        )  # fmt: skip

    system.sandbox.faults = [Once(deaf, when=lambda call: call.method == "GET", times=99)]
    with system.connect() as erp:
        ids = [order.id for order in erp.purchase_orders.list()]
    assert len(ids) == len(set(ids)) == 72
    assert len(system.calls("GET", "/PurchaseOrders?")) == 4  # 20, 20, 20, 12


def test_only_what_the_lens_reads_is_asked_for(system, erp):
    erp.purchase_orders.page(page_size=1)
    (call,) = system.calls("GET", "/PurchaseOrders?")
    chosen = re.search(r"\$select=([^&]*)", unquote(call.target))[1].split(",")
    assert {"DocEntry", "DocumentLines", "AddressExtension", "U_ExternalRef", "U_Urgent"} <= set(chosen)
    assert not {"JournalMemo", "WithholdingTaxDataCollection"} & set(chosen)
    assert not any("/" in name or "@" in name for name in chosen)


def test_docentry_is_the_id_and_docnum_only_what_people_read(erp):
    order = erp.purchase_orders.get("6")
    assert (order.id, order.number) == ("6", "11")
    assert erp.purchase_orders.get("11").number == "16"


@pytest.mark.parametrize("id", ["0", "99999", "x", "1)", "6'", "\uff11", "-1", "draft-7", "draft-x"])
def test_an_id_that_nothing_has_is_not_found(erp, id):
    with pytest.raises(NotFound):
        erp.purchase_orders.get(id)


def test_stamps_are_company_time_whatever_their_z_says(erp):
    order = erp.purchase_orders.get("2")
    assert order.created_at == moment("2025-02-04T08:04:44+00:00")  # 10:04:44 in the company
    assert order.updated_at == moment("2025-02-10T08:10:50+00:00")


def test_a_named_zone_keeps_summer_time(system):
    system.put("PurchaseOrders", 1, UpdateDate=dt.date(2025, 7, 1), UpdateTime="12:00:00")
    with system.connect(time_zone="Europe/Paris") as erp:
        order = erp.purchase_orders.get("1")
    assert order.updated_at == moment("2025-07-01T10:00:00+00:00")
    assert order.created_at == moment("2025-02-03T09:03:43+00:00")


def test_an_order_that_was_never_changed_stands_as_it_was_made(system, erp):
    system.put("PurchaseOrders", 1, UpdateDate=None, UpdateTime=None)
    order = erp.purchase_orders.get("1")
    assert order.updated_at == order.created_at == moment("2025-02-03T08:03:43+00:00")


def test_changes_are_those_since_the_second_though_the_erp_filters_by_day(system, erp):
    since = moment("2025-02-10T08:10:50+00:00")
    found = [order.id for order in erp.purchase_orders.list(updated_since=since, page_size=4)]
    assert found == ["2", "3", "5", "8", "9", "10", "11", "12"]
    later = since + dt.timedelta(seconds=1)
    assert "2" not in [order.id for order in erp.purchase_orders.list(updated_since=later)]
    assert any("UpdateDate ge '2025-02-10'" in unquote(c.target) for c in system.calls("GET"))


def test_a_change_in_the_night_is_found_by_the_day_of_the_company(system, erp):
    system.put("PurchaseOrders", 4, UpdateDate=dt.date(2025, 3, 2), UpdateTime="00:30:00")  # the 1st in UTC, 22:30
    since = moment("2025-03-01T22:00:00+00:00")
    assert [order.id for order in erp.purchase_orders.list(updated_since=since)] == ["4"]
    assert any("UpdateDate ge '2025-03-02'" in unquote(c.target) for c in system.calls("GET"))


def test_a_new_order_without_a_day_of_change_is_among_the_changes(system, erp):
    system.put("PurchaseOrders", 4, UpdateDate=None, UpdateTime=None, CreationDate=dt.date(2025, 3, 1))
    since = moment("2025-03-01T00:00:00+00:00")
    assert [order.id for order in erp.purchase_orders.list(updated_since=since)] == ["4"]


@pytest.mark.parametrize(
    ("day", "clock", "since"),
    [
        (dt.date(2025, 10, 26), "02:30:00", "2025-10-26T01:10:00+00:00"),  # the hour that comes twice, its second time
        (dt.date(2025, 5, 2), "10:00", "2025-05-02T08:00:30+00:00"),  # an older release has no seconds
        (dt.date(2025, 5, 2), None, "2025-05-02T08:00:30+00:00"),
    ],
)
def test_a_stamp_that_may_mean_later_is_among_the_changes(system, day, clock, since):
    system.put("PurchaseOrders", 4, UpdateDate=day, UpdateTime=clock)
    with system.connect(time_zone="Europe/Paris") as erp:
        assert [order.id for order in erp.purchase_orders.list(updated_since=moment(since))] == ["4"]


def test_changes_can_be_listed_with_few_fields(erp):
    since = moment("2025-02-20T00:00:00+00:00")
    found = list(erp.purchase_orders.list(updated_since=since, fields=["number"]))
    assert [order.number for order in found] == ["15", "16"]


def test_amounts_are_in_the_orders_own_currency(erp):
    orders = {order.id: order for order in erp.purchase_orders.list()}
    yen, dinar = orders["4"], orders["5"]
    assert (yen.currency, yen.total_excl_tax, yen.total_tax, yen.total_incl_tax) == ("JPY", 246639, 49327, 295966)
    assert [line.amount for line in yen.lines] == [183702, 62937]
    assert (dinar.currency, dinar.total_excl_tax, dinar.exchange_rate) == ("KWD", Decimal("385.000"), Decimal("2.98"))
    assert dinar.lines[0].unit_price == Decimal("0.385")
    assert orders["1"].total_incl_tax == Decimal("1421.86")


def test_digits_that_a_double_adds_are_cut(system, erp):
    def smeared(call, proceed):
        page = proceed().json()
        page["value"][0]["DocumentLines"][0]["UnitPrice"] = Decimal("42.50000000000001")
        page["value"][0]["DocTotal"] = Decimal("0.30000000000000004")
        return Response(200, proceed().headers, dump_json(page))

    erp.purchase_orders.get("1")
    system.sandbox.faults = [Once(smeared, when=lambda call: "/PurchaseOrders?" in call.target)]
    (order,) = erp.purchase_orders.page(page_size=1).records
    assert order.lines[0].unit_price == Decimal("42.5")
    assert order.total_incl_tax == Decimal("0.3")


def test_a_line_tells_what_came_as_long_as_it_is_open(erp):
    partly = erp.purchase_orders.get("2")
    assert (partly.status, partly.native_status) == ("partially_received", "bost_Open")
    assert [(line.status, line.quantity_received) for line in partly.lines] == [("partially_received", 4), ("open", 0)]
    untouched = erp.purchase_orders.get("1")
    assert untouched.status == "open"


def test_a_closed_line_waits_for_nothing_and_its_receipts_say_whether_all_came(erp):
    orders = {order.id: order for order in erp.purchase_orders.list()}
    received, closed_by_hand = orders["3"], orders["5"]
    for order, came in ((received, 100), (closed_by_hand, 0)):
        assert (order.status, order.lines[0].status, order.lines[0].quantity_received) == ("closed", "closed", came)
        assert erp.purchase_orders.get(order.id) == order


def test_what_was_billed_is_in_the_invoices_of_the_order_and_of_its_receipts(system, erp):
    billed = {order.id: [line.quantity_billed for line in order.lines] for order in erp.purchase_orders.list()}
    assert (billed["1"], billed["2"], billed["3"], billed["7"]) == ([0, 0], [0, 0], [100], [0])
    of_receipt = VendorInvoiceLine(goods_receipt=Ref(id="1"), goods_receipt_line=0, quantity=Decimal(3))
    straight = VendorInvoiceLine(purchase_order=Ref(id="2"), purchase_order_line=1, quantity=Decimal(500))
    for n, one in enumerate((of_receipt, straight)):
        erp.vendor_invoices.create(VendorInvoice(lines=(one,)), key=f"I-{n}")
    lines = erp.purchase_orders.get("2").lines
    assert [(line.status, line.quantity_received, line.quantity_billed) for line in lines] == [
        ("partially_received", 4, 3),
        ("closed", 500, 500),
    ]
    erp.vendor_invoices.cancel("4")
    assert [line.quantity_billed for line in erp.purchase_orders.get("2").lines] == [3, 0]


def test_quantities_of_a_receipt_in_another_unit_are_those_of_the_order(system, erp, say):
    boxes = say.line(item=Ref(id="A1000"), unit="BX", quantity=Decimal(2))
    order = erp.purchase_orders.create(say.order(boxes), key="REQ-1").record
    pieces = {"BaseType": 22, "BaseEntry": int(order.id), "BaseLine": 0, "Quantity": 24, "UoMEntry": 1}
    with system.sandbox.world.store.together():
        body = {"CardCode": "V10000", "DocumentLines": [pieces]}
        document.create(system.sandbox.world, "PurchaseDeliveryNotes", body)
    (line,) = erp.purchase_orders.get(order.id).lines
    assert (line.status, line.quantity_received, line.native_unit) == ("closed", 2, "BOX12")


def test_a_page_of_orders_asks_once_for_receipts_and_once_for_invoices(system, erp):
    list(erp.purchase_orders.list())
    assert len(system.calls("GET", "crossjoin(PurchaseDeliveryNotes")) == 1
    assert len(system.calls("GET", "crossjoin(PurchaseInvoices")) == 1
    erp.purchase_orders.get("1")  # nothing was copied from it
    erp.purchase_orders.get("7")  # it was cancelled
    list(erp.purchase_orders.list(fields=["number"]))
    assert len(system.calls("GET", "crossjoin")) == 2


def test_copies_that_come_in_several_pages_are_all_counted(system, erp):
    def cut(call, proceed):
        fields = [
            (n, "odata.maxpagesize=1" if n.lower() == "prefer" else v) for n, v in call.headers.items_with_repeats()
        ]
        return system.sandbox._locked(Call(call.method, call.target, Headers(fields), call.content))

    system.sandbox.receive(1, 0, "5")
    system.sandbox.receive(1, 0, "15")
    system.sandbox.faults = [Once(cut, when=lambda call: "crossjoin" in call.target, times=99)]
    line = erp.purchase_orders.get("1").lines[0]
    assert (line.status, line.quantity_received) == ("closed", 20)
    assert len(system.calls("GET", "crossjoin(PurchaseDeliveryNotes")) == 2


@pytest.mark.parametrize("hidden", ["PurchaseDeliveryNotes", "PurchaseInvoices"])
def test_where_receipts_or_invoices_may_not_be_seen_nobody_knows_and_nobody_asks_again(system, erp, hidden):
    system.sandbox.revoke(hidden)
    for _ in range(2):
        line = erp.purchase_orders.get("3").lines[0]
        assert (line.quantity_received, line.quantity_billed) == (None, None)
    assert erp.purchase_orders.get("2").lines[0].quantity_received == 4  # the order itself says it
    assert len(system.calls("GET", f"crossjoin({hidden}")) == 1


def test_receipts_and_invoices_may_be_left_unread(system):
    with system.connect(received_and_billed="skip") as erp:
        line = erp.purchase_orders.get("3").lines[0]
    assert (line.quantity_received, line.quantity_billed) == (None, None)
    assert not system.calls("GET", "crossjoin")


def test_a_cancelled_order_is_closed_as_well_and_says_cancelled(erp):
    order = erp.purchase_orders.get("7")
    assert (order.status, order.native_status) == ("cancelled", "bost_Close")
    assert [(line.status, line.quantity_received) for line in order.lines] == [("cancelled", 0)]


def test_an_order_that_is_not_confirmed_waits_for_approval(erp):
    assert erp.purchase_orders.get("12").status == "pending_approval"


def test_units_are_the_companys_own_with_the_code_that_they_mean(erp):
    orders = {order.id: order for order in erp.purchase_orders.list()}
    assert [(line.unit, line.native_unit) for line in orders["1"].lines] == [("BX", "BOX12"), ("C62", "PC")]
    assert [(line.unit, line.native_unit) for line in orders["6"].lines] == [(None, "sachet")]
    assert [(line.unit, line.native_unit) for line in orders["9"].lines] == [("HUR", "h")]


def test_units_are_read_once_and_again_for_a_new_one(system, erp):
    list(erp.purchase_orders.list())
    list(erp.purchase_orders.list())
    assert len(system.calls("GET", "/UnitOfMeasurements")) == 1
    unit = {"AbsEntry": 90, "Code": "DZ", "Name": "Dozen", "InternationalSymbol": "DZN"}
    system.sandbox.world.store.put("UnitOfMeasurements", 90, unit)
    order = system.row("PurchaseOrders", 1)
    lines = [{**order["DocumentLines"][0], "UoMEntry": 90}]
    system.put("PurchaseOrders", 1, DocumentLines=lines)
    assert erp.purchase_orders.get("1").lines[0].unit == "DZN"
    assert len(system.calls("GET", "/UnitOfMeasurements")) == 2


def test_a_user_who_may_not_see_units_reads_orders_without_their_codes(system, erp):
    system.sandbox.revoke("UnitOfMeasurements")
    (first, second) = erp.purchase_orders.get("1").lines
    assert (first.unit, first.native_unit, first.quantity) == (None, "Box of 12", 20)
    assert second.item.id == "A1002"


def test_user_fields_arrive_in_extra_and_yes_and_no_are_truths(system, erp):
    system.put("PurchaseOrders", 1, U_Urgent="tYES")
    lines = [{**line, "U_ExternalRef": "L-1"} for line in system.row("PurchaseOrders", 1)["DocumentLines"]]
    system.put("PurchaseOrders", 1, DocumentLines=lines)
    order = erp.purchase_orders.get("1")
    assert order.extra["U_Urgent"] is True
    assert erp.purchase_orders.get("2").extra["U_Urgent"] is False
    assert [line.extra for line in order.lines] == [{"U_ExternalRef": "L-1"}] * 2
    assert "U_ExternalRef" not in order.extra  # it is external_reference already


def test_a_user_fields_number_stays_exact(system, erp):
    system.sandbox.world.add_user_field("Document", "U_Weight", "number")
    system.put("PurchaseOrders", 1, U_Weight=Decimal("0.1"))
    (listed, *_) = erp.purchase_orders.list()
    assert listed.extra["U_Weight"] == Decimal("0.1")
    assert erp.purchase_orders.get("1") == listed


def test_the_metadata_is_read_once_and_not_at_all_without_custom_fields(system):
    with system.connect() as erp:
        list(erp.purchase_orders.list(page_size=2))
    assert len(system.calls("GET", "$metadata")) == 1
    with system.connect(custom_fields=False) as erp:
        orders = list(erp.purchase_orders.list())
    assert len(system.calls("GET", "$metadata")) == 1
    assert all("U_Urgent" not in (order.extra or {}) for order in orders)
    assert orders[9].external_reference == "REQ-10"


def test_metadata_that_is_none_is_told_and_not_remembered(system, erp):
    page = Response(200, Headers({"Content-Type": "text/html"}), b"<html>Please log in</html>")
    system.sandbox.faults = [Once(lambda call, proceed: page, when=lambda call: "$metadata" in call.target)]
    with pytest.raises(UnexpectedPayload, match="metadata"):
        list(erp.purchase_orders.list())
    assert erp.purchase_orders.get("2").extra["U_Urgent"] is False


@pytest.mark.parametrize("row", ["null", "5", '"x"', "[]"])
def test_a_page_with_a_row_that_is_no_record_is_an_error_and_no_empty_order(system, erp, row):
    def odd(call, proceed):
        page = proceed().json()
        page["value"].append(load_json(row))
        return Response(200, proceed().headers, dump_json(page))

    erp.purchase_orders.get("1")
    system.sandbox.faults = [Once(odd, when=lambda call: "/PurchaseOrders?" in call.target)]
    with pytest.raises(UnexpectedPayload, match="no page"):
        erp.purchase_orders.page()


@pytest.mark.parametrize("custom_fields", [True, False])
def test_a_company_without_the_field_for_keys_is_read_all_the_same(system, custom_fields):
    document = system.sandbox.world.types["Document"]
    fields = {name: field for name, field in document.fields.items() if name != "U_ExternalRef"}
    system.sandbox.world.types["Document"] = type(document)(document.name, fields, document.key, document.associations)
    with system.connect(custom_fields=custom_fields) as erp:
        assert len(list(erp.purchase_orders.list())) == 12
        assert erp.purchase_orders.get("10").external_reference is None
        with pytest.raises(anyerp.errors.ConfigError, match="U_ExternalRef") as caught:
            erp.purchase_orders.create(anyerp.PurchaseOrder(vendor=anyerp.Ref(id="V10000")), key="REQ-1")
    assert "user-defined field ExternalRef" in caught.value.hint
    assert not system.calls("POST", "/PurchaseOrders")


def test_a_currency_that_is_no_iso_code_is_kept_apart(system, erp):
    system.put("PurchaseOrders", 1, DocCurrency="$")
    order = erp.purchase_orders.get("1")
    assert (order.currency, order.extra["DocCurrency"]) == (None, "$")


def test_the_etag_is_a_counter_so_it_names_a_version_and_no_order(erp):
    first, fourth = erp.purchase_orders.get("1"), erp.purchase_orders.get("4")
    assert first.version == fourth.version == 'W/"356A192B7913B04C54574D18C28D46E6395428AB"'
    assert first.id != fourth.id


def test_a_refusal_of_either_form_is_read(system, erp, say):
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(say.order(vendor=anyerp.Ref(id="C10000")))
    (problem,) = caught.value.problems
    assert (problem.native.code, problem.native.field) == ("-5002", "OPOR.CardCode")
