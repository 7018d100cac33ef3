"""Header fields that SAP keeps elsewhere: on the items, as a mere day, or in the launchpad. Both services agree."""

from __future__ import annotations

import datetime as dt

import pytest
from anyerp import Address, NotRepresentable, PurchaseOrder, PurchaseOrderLine, Ref
from anyerp_sap.s4.header import launchpad
from anyerp_sap.s4.settings import Settings

SITE = Address(
    name="Baustelle Elbhafen",
    street="Am Kaiserkai 12a",
    city="Hamburg",
    postal_code="20457",
    region="HH",
    country="DE",
)


@pytest.fixture(params=["v2", "v4"])
def say_how(request):
    return {"purchase_orders": request.param}


def test_an_order_goes_where_all_its_items_go(system, say_how):
    orders = {order.id: order for order in system.connect(**say_how).purchase_orders.list()}
    assert orders["4500000003"].ship_to == orders["4500000012"].ship_to == SITE
    assert orders["4500000005"].ship_to is None  # one of its items goes to the plant
    assert orders["4500000001"].ship_to is None
    assert system.connect(**say_how).purchase_orders.get("4500000012").ship_to == SITE


def test_deleted_items_go_nowhere_unless_all_are_deleted(system, say_how):
    system.sandbox.touch("4500000005", "20", PurchasingDocumentDeletionCode="L")
    erp = system.connect(**say_how)
    assert erp.purchase_orders.get("4500000005").ship_to == SITE
    system.sandbox.touch("4500000005", "10", PurchasingDocumentDeletionCode="L")
    assert erp.purchase_orders.get("4500000005").ship_to is None


def test_an_order_is_asked_for_by_whom_all_its_items_name(system, say_how):
    erp = system.connect(**say_how)
    assert erp.purchase_orders.get("4500000005").requester == Ref(name="LINDQVIST")
    lines = PurchaseOrderLine(number=10, extra={"RequisitionerName": "OKAFOR"}), PurchaseOrderLine(number=20)
    erp.purchase_orders.update(PurchaseOrder(id="4500000005", lines=lines))
    now = erp.purchase_orders.get("4500000005")
    assert now.requester is None
    assert [line.extra for line in now.lines] == [{"RequisitionerName": "OKAFOR"}, {"RequisitionerName": "LINDQVIST"}]


def test_an_address_for_a_whole_order_is_refused_by_name(system, say_how, say):
    with pytest.raises(NotRepresentable) as caught:
        system.connect(**say_how).purchase_orders.create(say.order(ship_to=SITE))
    assert [problem.pointer for problem in caught.value.problems] == ["/ship_to"]


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("UTC", dt.datetime(2025, 1, 13, tzinfo=dt.UTC)),
        ("Asia/Tokyo", dt.datetime(2025, 1, 12, 15, tzinfo=dt.UTC)),
        ("-03:00", dt.datetime(2025, 1, 13, 3, tzinfo=dt.UTC)),
    ],
)
def test_an_order_is_as_old_as_its_day_in_the_systems_zone(system, say_how, zone, moment):
    assert system.connect(**say_how, time_zone=zone).purchase_orders.get("4500000001").created_at == moment


def test_an_order_has_its_page_however_it_is_read(system, say_how):
    erp = system.connect(**say_how, received_and_billed="skip")
    there = "https://sandbox.example/sap/bc/ui2/flp#PurchaseOrder-displayFactSheet?PurchaseOrder=4500000001"
    assert erp.purchase_orders.get("4500000001").url == there
    assert next(iter(erp.purchase_orders.list(fields=("id", "url")))).url == there
    assert next(iter(erp.purchase_orders.list())).url == there


def test_an_address_alone_asks_for_no_receipts(system, say_how):
    assert len(list(system.connect(**say_how).purchase_orders.list(fields=("id", "url", "created_at")))) == 13
    assert not system.calls("GET", "MATERIAL_DOCUMENT")
    assert not system.calls("GET", "SUPPLIERINVOICE")


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ({"base_url": "https://my300000-api.s4hana.cloud.sap"}, "https://my300000.s4hana.cloud.sap/ui"),
        ({"base_url": "https://erp.example:44300", "sap_client": "100"},
         "https://erp.example:44300/sap/bc/ui2/flp?sap-client=100"),
        ({"base_url": "https://gateway.example/s4"}, None),
        ({"base_url": "https://gateway.example/s4", "launchpad": "https://fiori.example/flp"},
         "https://fiori.example/flp"),
    ],
)  # fmt: skip
def test_the_launchpad_is_where_sap_has_it_or_where_the_settings_say(given, there):
    assert launchpad(Settings(**given)) == there


@pytest.mark.parametrize(
    ("resource", "page"),
    [
        ("vendors", "Supplier-displayFactSheet?Supplier={0.id}"),
        ("customers", "Customer-displayFactSheet?Customer={0.id}"),
        ("items", "Material-displayFactSheet?Material={0.id}"),
        ("sales_orders", "SalesOrder-displayFactSheet?SalesOrder={0.id}"),
        (
            "goods_receipts",
            "MaterialDocument-displayFactSheet?MaterialDocument={0.number}&MaterialDocumentYear={0.receipt_date.year}",
        ),
        (
            "vendor_invoices",
            "SupplierInvoice-displayFactSheet?SupplierInvoice={0.number}&FiscalYear={0.posting_date.year}",
        ),
    ],
)
def test_every_record_with_a_page_has_its_address_and_its_age(system, resource, page):
    erp = system.connect(time_zone="+02:00")
    collection = erp.collection(resource)
    listed = next(iter(collection.list()))
    for record in (listed, collection.get(listed.id)):
        assert record.url == f"https://sandbox.example/sap/bc/ui2/flp#{page.format(record)}"
        assert record.created_at is not None
        timed = resource in ("vendors", "customers", "goods_receipts")
        assert ((record.created_at.hour, record.created_at.minute) == (22, 0)) is not timed


def test_a_receipt_was_made_at_its_own_time_in_the_systems_zone(system):
    row = system.row("A_MaterialDocumentHeader", "2025", "5000000001")
    row |= {"CreationDate": dt.date(2025, 3, 1), "CreationTime": dt.timedelta(minutes=30, seconds=15)}
    system.sandbox.world.store.put("A_MaterialDocumentHeader", row)
    receipt = system.connect(time_zone="Europe/Berlin").goods_receipts.get("2025~5000000001")
    assert receipt.created_at == dt.datetime(2025, 2, 28, 23, 30, 15, tzinfo=dt.UTC)
