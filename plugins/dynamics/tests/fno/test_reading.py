"""Reading: one company, own pages, odd values, fields that an environment lacks (dynamics sheet §1.2-§1.7)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from anyerp import ConfigError, NotFound, Ref
from anyerp.errors import NotSupported, UnexpectedPayload
from anyerp.lens import Map, text
from anyerp.testing.sandbox import Once, answer_with
from anyerp.wire import Headers, Response
from anyerp_dynamics.sandbox.fno import Quirks


def queries(system, part):
    return [parse_qs(urlsplit(call.target).query) for call in system.calls("GET", part)]


def _mapped(*rules):
    return {"purchase_orders": lambda lens: lens.extended(*rules)}


def numbers(records):
    return [record.number for record in records]


@pytest.mark.parametrize(("company", "expected"), [("demf", ["00000013"]), ("JPMF", ["00000014"])])
def test_a_connection_reads_its_own_company_whichever_the_users_own_is(system, company, expected):
    with system.connect(company=company) as erp:
        orders = list(erp.purchase_orders.list())
        assert numbers(orders) == expected
        assert orders[0].company == Ref(id=company.lower(), number=company.lower())
        assert erp.purchase_orders.get(expected[0]) == orders[0]
        with pytest.raises(NotFound):
            erp.purchase_orders.get("00000001")


@pytest.mark.parametrize("resource", ["purchase_orders", "vendors", "stock_levels"])
def test_a_company_that_is_none_is_no_empty_list(system, resource):
    with system.connect(company="usmx") as erp, pytest.raises(ConfigError, match="there is no company 'usmx'"):
        list(erp.collection(resource).list())


def test_a_company_that_has_nothing_is_an_empty_list_and_asked_for_once(system):
    with system.connect(company="jpmf") as erp:
        assert list(erp.sales_orders.list()) == list(erp.goods_receipts.list()) == []
    assert len(system.calls("GET", "LegalEntities('jpmf')")) == 1


def test_every_read_looks_across_companies_and_into_one(erp, system):
    list(erp.purchase_orders.list())
    for query in queries(system, "/data/"):
        assert query["cross-company"] == ["true"]
        assert "dataAreaId eq 'usmf'" in query["$filter"][0]


def test_what_all_companies_share_is_asked_for_without_one(erp, system):
    assert [company.id for company in erp.companies.list()] == ["demf", "jpmf", "usmf"]
    assert "cross-company" not in queries(system, "/LegalEntities")[0]


def test_a_company_has_one_id_in_whatever_case_it_is_written(erp, system):
    row = system.row("legal_entity", "usmf")
    system.sandbox.store.replace("legal_entity", row | {"LegalEntityId": "USMF"})
    assert erp.companies.get("usmf").id == erp.purchase_orders.get("00000001").company.id == "usmf"


def test_pages_go_by_key_and_never_by_the_services_offsets(make):
    system = make(orders=30)
    with system.connect() as erp:
        found = numbers(erp.purchase_orders.list(page_size=7))
    assert len(found) == len(set(found)) == 42
    assert not any("$skip" in query for query in queries(system, "/data/"))


@pytest.mark.parametrize("quirks", [Quirks(), Quirks(links_lose_company=True)])
def test_a_service_that_cuts_our_pages_loses_nothing(make, quirks):
    whole, cut = make(orders=9), make(orders=9, page=4, quirks=quirks)
    with whole.connect() as one, cut.connect() as two:
        for resource in ("purchase_orders", "vendors", "items", "locations", "stock_levels"):
            expected = [record.id for record in one.collection(resource).list()]
            assert [record.id for record in two.collection(resource).list()] == expected


def test_an_order_inserted_before_the_place_where_one_reads_moves_nothing(erp, system, say):
    page = erp.purchase_orders.page(page_size=4)
    before = numbers(page.records)
    copy = system.row("purchase_order", "usmf", "00000001") | {"PurchaseOrderNumber": "00000000"}
    system.sandbox.store.insert("purchase_order", copy)
    assert numbers(erp.purchase_orders.page(page.cursor, page_size=4).records) == [
        "00000005", "00000006", "00000007", "00000008",
    ]  # fmt: skip
    assert before[-1] == "00000004"


def test_a_page_that_never_ends_is_noticed(erp, system):
    row = b'{"value":[{"dataAreaId":"usmf","VendorAccountNumber":"A","VendorOrganizationName":"A"}]}'
    headers = Headers({"Content-Type": "application/json"})
    system.sandbox.faults.append(
        Once(answer_with(Response(200, headers, row)), lambda call: "VendorsV3" in call.target, times=99)
    )
    with pytest.raises(UnexpectedPayload, match="same page twice"):
        list(erp.vendors.list(page_size=1))


def test_days_are_at_noon_and_1900_is_none(erp, system):
    order = erp.purchase_orders.get("00000001")
    assert order.order_date == dt.date(2026, 1, 15)
    assert order.lines[0].requested_date == dt.date(2026, 1, 29)
    assert order.lines[0].confirmed_date is None
    assert system.lines("00000001")[0]["ConfirmedDeliveryDate"].year == 1900


def test_a_day_is_written_at_noon_so_that_no_zone_moves_it(erp, system):
    order = erp.purchase_orders.get("00000001")
    erp.purchase_orders.update(order.model_copy(update={"order_date": dt.date(2026, 2, 28)}))
    assert system.calls("PATCH")[0].content == b'{"AccountingDate":"2026-02-28T12:00:00Z"}'
    order = erp.purchase_orders.get("00000001")
    erp.purchase_orders.update(order.model_copy(update={"order_date": None}))
    assert erp.purchase_orders.get("00000001").order_date is None
    assert system.row("purchase_order", "usmf", "00000001")["AccountingDate"].year == 1900


def test_empty_text_is_nothing(erp):
    order = erp.purchase_orders.get("00000002")
    assert order.external_reference is None
    assert order.buyer is None


def test_what_was_received_is_the_sum_of_the_receipts(erp):
    order = erp.purchase_orders.get("00000004")
    assert [(line.quantity, line.quantity_received) for line in order.lines] == [(300, Decimal("150.5")), (20, 0)]
    assert [line.status for line in order.lines] == ["partially_received", "open"]
    assert (order.status, order.native_status) == ("partially_received", "Backorder")


def test_what_was_received_is_the_same_on_a_page_and_alone(erp):
    for order in erp.purchase_orders.list(page_size=3):
        assert erp.purchase_orders.get(order.id) == order


@pytest.mark.parametrize(
    ("number", "status", "billed"),
    [
        ("00000001", "open", None),
        ("00000002", "received", None),
        ("00000003", "open", None),
        ("00000006", "draft", None),
        ("00000007", "pending_approval", None),
        ("00000008", "rejected", None),
        ("00000009", "cancelled", None),
        ("00000010", "closed", Decimal(8)),
        ("00000011", "closed", None),
    ],
)
def test_a_status_is_what_people_see(erp, number, status, billed):
    order = erp.purchase_orders.get(number)
    assert order.status == status
    assert order.lines[0].quantity_billed == billed


def test_a_price_may_be_for_many_units_and_a_discount_lowers_it(erp):
    line = erp.purchase_orders.get("00000003").lines[0]
    assert (line.unit_price, line.price_quantity, line.amount) == (Decimal("3.75"), 100, Decimal("93.75"))
    line = erp.purchase_orders.get("00000005").lines[0]
    assert (line.discount_percent, line.amount) == (Decimal("2.5"), Decimal("514.555"))


def test_an_orders_total_discount_lowers_the_sum_of_its_lines(erp, system):
    system.sandbox.touch("00000001", TotalDiscountPercentage=Decimal(10))
    assert erp.purchase_orders.get("00000001").total_excl_tax == Decimal("1513.80")
    system.sandbox.touch("00000001", ArePricesIncludingSalesTax="Yes")
    assert erp.purchase_orders.get("00000001").total_excl_tax is None


def test_the_tax_of_an_order_is_that_of_its_last_confirmation(erp, system):
    assert erp.purchase_orders.get("00000001").total_incl_tax is None
    system.sandbox.confirm("00000001", tax="1")
    system.sandbox.confirm("00000001", tax="319.58")
    order = erp.purchase_orders.get("00000001")
    assert (order.total_tax, order.total_incl_tax) == (Decimal("319.58"), Decimal("2001.58"))
    system.sandbox.touch("00000001", DocumentApprovalStatus="Draft")  # changed since: the totals are no longer its own
    assert erp.purchase_orders.get("00000001").total_tax is None


def test_numbers_with_quotes_and_slashes_are_found(erp):
    assert erp.vendors.get("O'B-7/2").name == "Obscure keys Ltd"
    assert erp.purchase_orders.get("00000012").vendor == Ref(id="O'B-7/2", number="O'B-7/2")


def test_fields_that_nobody_reads_are_not_asked_for(erp, system):
    list(erp.purchase_orders.list(fields=["vendor"]))
    assert not system.calls("GET", "ProductReceiptLines")
    assert not system.calls("GET", "Confirmation")
    chosen = queries(system, "PurchaseOrderHeadersV2")[0]["$select"][0].split(",")
    assert "CurrencyCode" not in chosen
    listed = next(iter(erp.purchase_orders.list(fields=["vendor"])))
    assert listed.version == erp.purchase_orders.get(listed.id).version


def test_a_field_that_this_environment_lacks_is_left_out_after_one_question(erp, system):
    lacks = _mapped(Map("extra.Zone", "InventoryZoneOfLaterVersions", text(20), read_only=True))
    with system.connect(overlays=lacks) as other:
        assert len(list(other.purchase_orders.list(page_size=3))) == 12
        other.purchase_orders.get("00000001")
    assert len(system.calls("GET", "/metadata/PublicEntities('PurchaseOrderHeaderV2')")) == 1
    assert not system.calls("GET", "$metadata")


def test_a_field_of_an_extension_arrives_in_extra_and_is_written(system):
    mapped = _mapped(Map("extra.reason", "ReasonComment", text(60, empty="")))
    system.sandbox.touch("00000001", ReasonComment="rush")
    with system.connect(overlays=mapped) as erp:
        order = erp.purchase_orders.get("00000001")
        assert order.extra["reason"] == "rush"
        done = erp.purchase_orders.update(order.model_copy(update={"extra": {**order.extra, "reason": "late"}}))
        assert done.record.extra["reason"] == "late"


def test_an_overlay_may_keep_the_key_elsewhere_and_free_the_vendors_reference(system, say):
    moved = _mapped(
        Map("external_reference", "ReasonComment", text(47, empty="")),
        Map("vendor_reference", "VendorOrderReference", text(60, empty="")),
    )
    with system.connect(overlays=moved) as erp:
        made = erp.purchase_orders.create(say.order(vendor_reference="their 7"), key="K-1")
        again = erp.purchase_orders.create(say.order(vendor_reference="their 7"), key="K-1")
    assert (again.settled, again.record.id) == ("before", made.record.id)
    assert made.record.vendor_reference == "their 7"


def test_times_come_from_the_fields_that_an_extension_adds(system, erp):
    assert erp.purchase_orders.get("00000001").updated_at is None
    moment = dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)
    system.sandbox.touch("00000001", FixedDueDate=moment)
    with system.connect(modified_field="FixedDueDate") as extended:
        assert extended.purchase_orders.get("00000001").updated_at == moment
        assert extended.purchase_orders.get("00000002").updated_at is None


def test_nothing_can_be_listed_by_the_time_of_its_change(erp):
    with pytest.raises(NotSupported, match="keeps no change stamp"):
        list(erp.purchase_orders.list(updated_since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))


def test_a_filter_names_the_enumeration_of_its_member(erp, system):
    found = numbers(erp.purchase_orders.list(filters={"native_status": "Received"}))
    assert found == ["00000002"]
    (query, *_) = queries(system, "PurchaseOrderHeadersV2")
    assert "PurchaseOrderStatus eq Microsoft.Dynamics.DataEntities.PurchStatus'Received'" in query["$filter"][0]


def test_a_page_that_a_filter_has_thinned_out_asks_for_no_strangers_lines(make):
    system = make(orders=60)
    for number in ("10000001", "10000030", "10000060"):
        system.sandbox.touch(number, BuyerGroupId="B7")
    with system.connect() as erp:
        system.sandbox.touch("00000002", BuyerGroupId="B7")
        found = list(erp.purchase_orders.list(filters={"buyer": "B7"}))
        assert numbers(found) == ["00000002", "10000001", "10000030", "10000060"]
        assert [len(order.lines) for order in found] == [1, 2, 2, 2]
        assert len(list(erp.purchase_orders.list(filters={"currency": "USD"}))) == 66
    thin, *_, full = queries(system, "PurchaseOrderLinesV2")
    assert " ge " not in thin["$filter"][0]
    assert full["$filter"][0].count(" eq '1") <= 20


def test_a_filter_by_our_word_asks_for_every_word_that_means_it(erp, system):
    system.sandbox.hold_vendor("US-101", "All")
    assert [vendor.id for vendor in erp.vendors.list(filters={"status": "blocked"})] == ["PL-001", "US-101"]


def test_text_is_filtered_without_case_and_by_wildcards(erp):
    assert [vendor.id for vendor in erp.vendors.list(filters={"name": "*gmbh"})] == ["DE-001"]
    assert numbers(erp.purchase_orders.list(filters={"vendor": "us-103"}, page_size=1)) == ["00000010", "00000011"]


@pytest.mark.parametrize(("field", "value"), [("lines", "x"), ("shoe_size", "44"), ("status", "unheard of")])
def test_a_filter_that_cannot_be_is_refused_before_anything_is_asked(erp, system, field, value):
    with pytest.raises(ConfigError, match=field):
        list(erp.vendors.list(filters={field: value}))
    assert not system.calls("GET")


def test_an_item_has_the_name_of_the_product_that_all_companies_share(erp, system):
    items = {item.id: item for item in erp.items.list()}
    assert items["D0003"].name == "Schraube M4x20, verzinkt, Güte 8.8"
    assert (items["D0003"].price, items["D0003"].unit) == (Decimal("0.075"), "C62")
    assert items["S0001"].kind == "service"
    assert erp.items.get("D0003") == items["D0003"]
    assert "cross-company" not in queries(system, "/data/ProductsV2")[0]


def test_many_items_are_named_by_few_questions(make):
    system = make()
    item, product = system.row("item", "usmf", "D0001"), system.row("product", "D0001")
    for place in range(200):
        number = f"E{place:04}"
        system.sandbox.store.insert("product", product | {"ProductNumber": number, "ProductName": f"Thing {place}"})
        system.sandbox.store.insert("item", item | {"ItemNumber": number, "ProductNumber": number})
    with system.connect() as erp:
        names = {one.id: one.name for one in erp.items.list()}
    assert names["E0199"] == "Thing 199"
    assert None not in names.values()
    asked = [unquote(call.target) for call in system.calls("GET", "/data/ProductsV2")]
    assert len(asked) <= 2


def test_places_are_sites_and_their_warehouses(erp):
    places = {place.id: place for place in erp.locations.list(page_size=1)}
    assert [(id, place.kind) for id, place in places.items()] == [
        ("site~1", "site"), ("site~2", "site"), ("11", "warehouse"), ("12", "warehouse"), ("21", "warehouse"),
    ]  # fmt: skip
    assert places["21"].parent == Ref(id="site~2", number="2")
    assert places["21"].name == "Zweitlager Süd"
    for id, place in places.items():
        assert erp.locations.get(id) == place
    assert erp.purchase_orders.get("00000001").lines[0].location.id in places


def test_terms_of_months_are_no_number_of_days(erp):
    terms = {term.id: term.net_days for term in erp.payment_terms.list()}
    assert terms == {"M1": None, "Net10": 10, "Net30": 30, "Net60": 60}


def test_an_environment_without_the_newest_version_of_a_set_is_read_by_an_older_one(erp, system):
    def too_new(call):
        return any(name in unquote(call.target) for name in ("VendorsV3", "'VendorV3'", "LinesV2", "LineV2'"))

    receipts = [(line.number, line.quantity_received) for line in erp.purchase_orders.get("00000004").lines]
    vendor = erp.vendors.get("US-101")
    gone = Response(404, Headers({"Content-Type": "application/json"}), b"{}")
    system.sandbox.faults.append(
        Once(answer_with(gone), lambda call: too_new(call) and "PurchaseOrder" not in call.target, times=99)
    )
    with system.connect() as older:
        assert older.vendors.get("US-101") == vendor
        assert [one.id for one in older.vendors.list(page_size=4)] == [one.id for one in older.vendors.list()]
        done = older.vendors.update(vendor.model_copy(update={"phone": "+1 206 555"})).record
        assert done.phone == "+1 206 555"
        order = older.purchase_orders.get("00000004")
    assert [(line.number, line.quantity_received) for line in order.lines] == receipts
    assert len(system.calls("GET", "PublicEntities('VendorV3')")) == 2  # once for each connection


@pytest.mark.parametrize(
    ("part", "field", "resource"),
    [
        ("PurchaseOrderLinesV2", "PurchaseOrderNumber", "purchase_orders"),
        ("PurchaseOrderLinesV2", "LineNumber", "purchase_orders"),
        ("ProductReceiptLinesV2", "ReceivedPurchaseQuantity", "purchase_orders"),
        ("ProductReceiptLinesV2", "ProductReceiptHeaderRecordId", "goods_receipts"),
        ("VendorInvoiceLines", "NetAmount", "vendor_invoices"),
        ("/ProductsV2", "ProductNumber", "items"),
        ("ReleasedProductsV2", "ItemNumber", "stock_levels"),
    ],
)
@pytest.mark.parametrize("value", [b"null", b"{}", b"true"])
def test_a_part_that_cannot_be_joined_is_said_to_be_odd_and_not_left_out(erp, system, part, field, resource, value):
    def spoil(call, proceed):
        answer = proceed()
        spoilt = re.sub(rb'"%s":(?:"[^"]*"|[^,}]*)' % field.encode(), b'"%s":%s' % (field.encode(), value),
                        answer.content)  # fmt: skip
        assert spoilt != answer.content
        return Response(answer.status, answer.headers, spoilt)

    system.sandbox.faults.append(Once(spoil, lambda call: part in call.target and call.method == "GET", times=9))
    with pytest.raises(UnexpectedPayload, match=field):
        list(erp.collection(resource).list())


def test_comparing_versions_finds_every_change_and_what_is_gone(erp, system):
    first = erp.purchase_orders.changes(fields=["version"])
    assert len(first.created) == 12
    system.sandbox.calls.clear()
    (line, *_) = system.lines("00000001")
    system.sandbox.store.replace("purchase_order_line", line | {"LineDescription": "other"})
    system.sandbox.touch("00000002")
    erp.purchase_orders.delete("00000012")
    system.sandbox.calls.clear()
    found = erp.purchase_orders.changes(first.state, fields=["version"])
    assert [order.id for order in found.updated] == ["00000001", "00000002"]
    assert found.deleted == ["00000012"]
    assert len(system.calls("GET")) == 2  # headers, and the etags of their lines
    again = erp.purchase_orders.changes(found.state, fields=["version"])
    assert (again.created, again.updated, again.deleted) == ([], [], [])
