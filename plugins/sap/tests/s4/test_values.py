"""Values on the wire and in the model: exact, never shifted, nothing taken for something (sap sheet §4, §10)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from anyerp import Ref
from anyerp.errors import InvalidRecord, NotRepresentable, UnexpectedPayload
from anyerp.wire import Response
from anyerp_sap.s4.codec import amount, line_amount, plant_and_storage, price_quantity
from anyerp_sap.units import ALSO, TABLE


def with_answer(change):
    """A fault that changes the rows of orders on their way back."""

    def strike(call, proceed):
        answer = proceed()
        if call.method != "GET" or "A_PurchaseOrder" not in call.target or answer.status != 200:
            return answer
        body = json.loads(answer.content)
        for row in body["d"]["results"] if "results" in body["d"] else [body["d"]]:
            change(row)
        content = json.dumps(body).replace("/Date(", "\\/Date(").replace(")/", ")\\/")
        return Response(answer.status, answer.headers, content.encode())

    return strike


def items(row):
    return row["to_PurchaseOrderItem"]["results"]


@pytest.mark.parametrize(
    ("id", "currency", "total"),
    [
        ("4500000001", "EUR", "62.50"),
        ("4500000004", "JPY", "157900"),
        ("4500000005", "KWD", "117.938"),
        ("4500000006", "TND", "2567.760"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(erp, id, currency, total):
    order = erp.purchase_orders.get(id)
    assert (order.currency, str(order.total_excl_tax)) == (currency, total)


def test_a_carton_priced_in_pieces_is_worth_its_pieces(erp):
    line = erp.purchase_orders.get("4500000002").lines[0]
    assert (line.quantity, line.unit, line.unit_price, line.price_quantity) == (40, "CT", Decimal("12.50"), 100)
    assert line.amount == Decimal("1000.00")  # 40 cartons of 200, 12.50 per 100


def test_the_price_ratio_is_exact_and_rounded_once():
    assert line_amount(Decimal(1), Decimal(1), Decimal(3), None, None, "EUR") == Decimal("0.33")
    assert line_amount(Decimal(3), Decimal("0.335"), None, Decimal(1), Decimal(3), "EUR") == Decimal("0.34")
    assert line_amount(Decimal(1), Decimal("12.5"), Decimal(100), Decimal(200), Decimal(1), "JPY") == Decimal(25)
    assert line_amount(None, Decimal(1), None, None, None, "EUR") is None


def test_initial_values_are_nothing(system, erp):
    def initial(row):
        row.update(IncotermsClassification="", PaymentTerms="", ExchangeRate="0", SupplierQuotationExternalID="")
        for item in items(row):
            item.update(
                NetPriceQuantity="0", PurchaseRequisition="", StorageLocation="", OrderPriceUnitToOrderUnitNmrtr="0",
                OrdPriceUnitToOrderUnitDnmntr="0", TaxCode="", PurchaseOrderItemCategory="",
            )  # fmt: skip

    system.sandbox.faults = [with_answer(initial)]
    order = erp.purchase_orders.get("4500000001")
    assert (order.incoterms, order.payment_terms, order.vendor_reference) == (None, None, None)
    line = order.lines[0]
    assert (line.requisition, line.tax_code, line.location.id) == (None, None, "1010")
    assert (line.kind, line.price_quantity, line.amount) == ("item", None, Decimal("62.50"))


def test_empty_texts_of_master_data_are_nothing(erp):
    vendor = erp.vendors.get("10300001")
    assert vendor.native_status is None
    assert vendor.address.region is None
    assert erp.items.get("TG11").gtin is None


@pytest.mark.parametrize("shown", ["10", "00010"])
def test_item_numbers_are_the_same_with_and_without_zeros(system, erp, shown):
    system.sandbox.faults = [with_answer(lambda row: items(row)[0].update(PurchaseOrderItem=shown))]
    assert erp.purchase_orders.get("4500000001").lines[0].number == 10


def test_a_line_shown_with_zeros_is_changed_and_not_added_again(system, erp):
    system.sandbox.faults = [with_answer(lambda row: [i.update(PurchaseOrderItem="00010") for i in items(row)])]
    order = erp.purchase_orders.get("4500000001")
    line = order.lines[0].model_copy(update={"quantity": Decimal(6)})
    updated = erp.purchase_orders.update(order.model_copy(update={"lines": (line,)})).record
    assert [x.quantity for x in updated.lines] == [6]
    assert not system.calls("POST")


def test_a_supplier_given_with_zeros_is_the_same_supplier(erp, say):
    record = erp.purchase_orders.create(say.order(vendor=Ref(id="0010300001"))).record
    assert record.vendor.id == "10300001"
    again = erp.purchase_orders.update(record.model_copy(update={"vendor": Ref(id="0010300001")}))
    assert again.record.version == record.version  # nothing was different


def test_an_alphanumeric_supplier_is_no_number(erp):
    assert erp.purchase_orders.get("4500000010").vendor.id == "EWM17-SU01"
    assert erp.vendors.get("EWM17-SU01").id == "EWM17-SU01"


def test_a_unit_that_nobody_knows_keeps_its_native_text(system, erp):
    system.sandbox.faults = [with_answer(lambda row: [i.update(PurchaseOrderQuantityUnit="ZZX") for i in items(row)])]
    found = erp.purchase_orders.list()
    line = next(found).lines[0]
    assert (line.unit, line.native_unit) == (None, "ZZX")
    assert not found.rejected


def test_a_unit_that_nobody_knows_survives_a_change_beside_it(system, erp):
    system.put("A_PurchaseOrderItem", ("4500000001", "10"), PurchaseOrderQuantityUnit="TAG")
    system.sandbox.faults = [with_answer(lambda row: [i.update(PurchaseOrderQuantityUnit="ZZX") for i in items(row)])]
    order = erp.purchase_orders.get("4500000001")
    erp.purchase_orders.update(order.model_copy(update={"vendor_reference": "Q-1"}))
    assert system.row("A_PurchaseOrderItem", "4500000001", "10")["PurchaseOrderQuantityUnit"] == "TAG"


def test_a_status_that_nobody_knows_is_other_and_keeps_its_code(system, erp):
    system.sandbox.faults = [with_answer(lambda row: row.update(PurchasingProcessingStatus="42"))]
    order = erp.purchase_orders.get("4500000001")
    assert (order.status, order.native_status) == ("other", "42")


@pytest.mark.parametrize(
    ("id", "status"),
    [
        ("4500000001", "open"),
        ("4500000003", "received"),
        ("4500000007", "pending_approval"),
        ("4500000008", "open"),
        ("4500000009", "rejected"),
        ("4500000010", "cancelled"),  # all items deleted, no code in the header
        ("4500000011", "cancelled"),  # archived
        ("4500000013", "draft"),  # the completeness flag means incomplete
    ],
)
def test_an_order_stands_where_saps_own_screen_says(erp, id, status):
    assert erp.purchase_orders.get(id).status == status
    assert next(o for o in erp.purchase_orders.list() if o.id == id).status == status


def test_some_deleted_items_do_not_cancel_an_order(system, erp):
    system.put("A_PurchaseOrderItem", ("4500000002", "10"), PurchasingDocumentDeletionCode="L")
    order = erp.purchase_orders.get("4500000002")
    assert order.status == "open"
    assert [line.status for line in order.lines] == ["cancelled", "open"]
    assert order.total_excl_tax == order.lines[1].amount


def test_a_blocked_item_is_not_a_deleted_one(system, erp):
    system.put("A_PurchaseOrderItem", ("4500000001", "10"), PurchasingDocumentDeletionCode="S")
    order = erp.purchase_orders.get("4500000001")
    assert (order.lines[0].status, order.lines[0].native_status) == ("other", "S")
    assert order.status == "open"


@pytest.mark.parametrize(
    "day", [dt.date(1950, 3, 1), dt.date(1969, 12, 31), dt.date(2025, 3, 30), dt.date(9999, 12, 31)]
)
def test_days_are_read_and_written_as_days(erp, say, day):
    record = erp.purchase_orders.create(say.order(order_date=day)).record
    assert record.order_date == day
    assert erp.purchase_orders.get(record.id).order_date == day


def test_escaped_slashes_and_negative_milliseconds_are_read(system, erp):
    def old(row):
        row["PurchaseOrderDate"] = "/Date(-2208988800000)/"
        row["LastChangeDateTime"] = "/Date(-1+0000)/"

    system.sandbox.faults = [with_answer(old)]
    order = erp.purchase_orders.get("4500000001")
    assert order.order_date == dt.date(1900, 1, 1)
    assert order.updated_at == dt.datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=dt.UTC)


def test_an_offset_behind_the_milliseconds_shifts_nothing(system, erp):
    system.sandbox.faults = [with_answer(lambda row: row.update(LastChangeDateTime="/Date(1736755511204+0120)/"))]
    assert erp.purchase_orders.get("4500000001").updated_at == dt.datetime(2025, 1, 13, 8, 5, 11, 204000, tzinfo=dt.UTC)


def test_an_empty_date_is_nothing(system, erp):
    def undated(row):
        row["PurchaseOrderDate"] = None
        for item in items(row):
            for line in item["to_ScheduleLine"]["results"]:
                line["ScheduleLineDeliveryDate"] = None

    system.sandbox.faults = [with_answer(undated)]
    order = erp.purchase_orders.get("4500000001")
    assert (order.order_date, order.lines[0].requested_date) == (None, None)


def test_one_bad_record_is_set_aside_and_the_others_come(system, erp):
    def broken(row):
        if row["PurchaseOrder"] == "4500000003":
            row["PurchaseOrderDate"] = "yesterday"

    system.sandbox.faults = [with_answer(broken)]
    found = erp.purchase_orders.list(page_size=5)
    assert len(list(found)) == 12
    (rejected,) = found.rejected
    assert "PurchaseOrderDate" in str(rejected.reasons[0])
    with pytest.raises(UnexpectedPayload):
        erp.purchase_orders.get("4500000003")


def test_decimals_travel_as_text_and_never_as_numbers(system, erp, say):
    line = say.line(item=Ref(id="66"), unit="KGM", quantity=Decimal("123456789.123"), unit_price=Decimal("0.07"))
    record = erp.purchase_orders.create(say.order(line)).record
    assert record.lines[0].quantity == Decimal("123456789.123")
    assert record.lines[0].amount == Decimal("8641975.24")
    sent = json.loads(system.calls("POST")[0].content, parse_float=pytest.fail, parse_int=pytest.fail)
    assert sent["to_PurchaseOrderItem"]["results"][0]["OrderQuantity"] == "123456789.123"


@pytest.mark.parametrize(
    "values",
    [
        {"quantity": Decimal("1.2345")},
        {"quantity": Decimal(12345678901)},
        {"unit_price": Decimal("1.2345")},
        {"price_quantity": Decimal("0.5")},
        {"price_quantity": Decimal(100000)},
        {"unit": "XYZ"},
        {"description": "x" * 41},
        {"location": Ref(id="10101")},
        {"location": Ref(id="1010~12345")},
        {"tax_code": "V1X"},
    ],
)
def test_a_value_that_would_not_survive_is_refused_by_name_before_anything_is_sent(system, erp, say, values):
    with pytest.raises(NotRepresentable) as caught:
        erp.purchase_orders.create(say.order(say.line(**values)))
    assert next(iter(values)) in str(caught.value)
    assert not system.calls("POST")


def test_yen_with_decimals_are_refused_by_the_system_in_its_own_words(system, say):
    with system.connect(purchasing_organization="2010") as erp, pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.create(
            say.order(
                say.line(location=Ref(id="2010"), item=Ref(id="RM-M8X20"), unit_price=Decimal("17.5")),
                company=Ref(id="2010"),
                vendor=Ref(id="10300005"),
                currency="JPY",
            )
        )
    assert "06/036" in [p.native.code for p in caught.value.problems]


def test_texts_of_any_script_come_back_as_they_went(erp, say):
    text = "Führung ☃ 部品 😀 \"q\" 'a' \\ &amp;"
    record = erp.purchase_orders.create(say.order(say.line(description=text), external_reference="購買'17")).record
    assert record.lines[0].description == text
    assert erp.purchase_orders.create(say.order(), key="購買'17").settled == "before"


def test_upper_case_fields_settle_to_upper_case(erp, say):
    record = erp.purchase_orders.create(say.order(say.line(item=Ref(id="tg11")), buyer=Ref(id="z10"))).record
    assert (record.lines[0].item.id, record.buyer.id) == ("TG11", "Z10")


@pytest.mark.parametrize("code", sorted(TABLE.values()))
def test_each_unit_has_one_native_code(code):
    assert sum(value == code for value in TABLE.values()) == 1
    assert not set(ALSO) & set(TABLE)


def test_codecs_refuse_what_they_cannot_carry():
    assert amount(13, 3).encode(Decimal("1E+3")) == "1000"
    for value in ("NaN", "Infinity", "0.0001"):
        with pytest.raises((ValueError, ArithmeticError)):
            amount(13, 3).encode(Decimal(value))
    with pytest.raises(ValueError, match="positive"):
        price_quantity().encode(Decimal(0))
    place = plant_and_storage()
    assert place.encode(Ref(id="1010~101A")) == ("1010", "101A")
    assert place.encode(Ref(number="1010")) == ("1010", "")
    assert place.decode(("", "101A")) is None
    with pytest.raises(ValueError, match="plant"):
        place.encode(Ref(id="~101A"))


@pytest.mark.parametrize("shown", ["", "0", "0.00000", "1.08700-", "/1.08700", "x"])
def test_a_rate_that_is_none_is_nothing_and_stays_in_the_system(system, erp, shown):
    system.put("A_PurchaseOrder", ("4500000003",), ExchangeRate=shown)
    order = erp.purchase_orders.get("4500000003")
    assert order.exchange_rate is None
    erp.purchase_orders.update(order.model_copy(update={"vendor_reference": "Q-1"}))
    assert system.row("A_PurchaseOrder", "4500000003")["ExchangeRate"] == shown


def test_a_rate_is_written_and_cleared(erp):
    order = erp.purchase_orders.get("4500000003")
    order = erp.purchase_orders.update(order.model_copy(update={"exchange_rate": Decimal("0.9")})).record
    assert order.exchange_rate == Decimal("0.9")
    assert erp.purchase_orders.update(order.model_copy(update={"exchange_rate": None})).record.exchange_rate is None
    with pytest.raises(NotRepresentable):
        erp.purchase_orders.update(order.model_copy(update={"exchange_rate": Decimal(0), "version": None}))
