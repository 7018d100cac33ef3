"""pyodata, a client written by others, against the sandbox over loopback."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from anyerp.testing.sandbox import serve
from anyerp_sap.sandbox import S4Sandbox
from anyerp_sap.sandbox.schema import SERVICES

pyodata = pytest.importorskip("pyodata")
GetEntitySetFilter = pytest.importorskip("pyodata.v2.service").GetEntitySetFilter
requests = pytest.importorskip("requests")


@pytest.fixture
def served(clock):
    sandbox = S4Sandbox(orders=150, now=clock)
    with serve(sandbox) as base, requests.Session() as session:
        session.trust_env = False
        session.auth = (sandbox.credentials["username"], sandbox.credentials["password"])
        session.headers["Accept-Language"] = "en"

        def client(service="API_PURCHASEORDER_PROCESS_SRV"):
            url = f"{base}/sap/opu/odata/sap/{service}/"
            answer = session.get(url, headers={"X-CSRF-Token": "Fetch", "Accept": "application/json"})
            session.headers["X-CSRF-Token"] = answer.headers["x-csrf-token"]
            return pyodata.Client(url, session)

        yield client


@pytest.mark.parametrize("service", SERVICES)
def test_pyodata_reads_the_metadata_and_every_set_of_each_service(served, service):
    client = served(service)
    names = {entity_set.name for entity_set in client.schema.entity_sets}
    assert names == set(SERVICES[service].entities)
    for name in names:
        for entity in getattr(client.entity_sets, name).get_entities().top(3).execute():
            for prop in entity.entity_set.entity_type.proprties():
                getattr(entity, prop.name)  # decodes by the declared type


def test_pyodata_reads_an_order_with_its_types(served):
    order = served().entity_sets.A_PurchaseOrder.get_entity("4500000001").execute()
    assert order.PurchaseOrderDate == datetime(2025, 1, 13, tzinfo=UTC)
    assert order.LastChangeDateTime == datetime(2025, 1, 13, 8, 5, 11, 204000, tzinfo=UTC)
    assert order.CashDiscount1Percent == "2.000"
    assert order.ReleaseIsNotCompleted is False
    assert order.etag == "W/\"datetimeoffset'2025-01-13T08%3A05%3A11.2048170Z'\""


def test_pyodata_expands_filters_and_counts(served):
    orders = served().entity_sets.A_PurchaseOrder
    found = orders.get_entities().filter("DocumentCurrency eq 'KWD'").expand("to_PurchaseOrderItem").execute()
    assert [item.NetPriceAmount for item in found[0].to_PurchaseOrderItem] == ["1.125", "2.750"]
    request = orders.get_entities()
    since = datetime(2025, 2, 15, tzinfo=UTC)
    both = GetEntitySetFilter.and_(request.LastChangeDateTime >= since, request.CompanyCode == "1010")
    request = request.filter(both)
    assert request.count(inline=True).top(2).execute().total_count == 155
    assert orders.get_entities().count().execute() == 163


def test_pyodata_follows_next_links(served):
    orders = served().entity_sets.A_PurchaseOrder
    page = orders.get_entities().select("PurchaseOrder").execute()
    assert len(page) == 100
    rest = orders.get_entities().next_url(page.next_url).execute()
    assert rest.next_url is None
    assert len({order.PurchaseOrder for order in [*page, *rest]}) == 163


def test_pyodata_walks_a_navigation(served):
    order = served().entity_sets.A_PurchaseOrder.get_entity("4500000002").execute()
    items = order.nav("to_PurchaseOrderItem").get_entities().execute()
    assert [item.Material for item in items] == ["RM-M8X20", "66"]


def test_pyodata_creates_changes_and_deletes_an_order(served):
    client = served()
    due = datetime(2025, 6, 20, tzinfo=UTC)
    line = {"ScheduleLineDeliveryDate": due, "ScheduleLineOrderQuantity": "5"}
    item = {"Material": "TG11", "Plant": "1010", "OrderQuantity": "5", "NetPriceAmount": "12.5"}
    created = (
        client.entity_sets.A_PurchaseOrder.create_entity()
        .set(
            CompanyCode="1010",
            PurchaseOrderType="NB",
            Supplier="10300001",
            PurchasingOrganization="1010",
            PurchasingGroup="001",
            PurchaseOrderDate=datetime(2025, 6, 1, tzinfo=UTC),
            to_PurchaseOrderItem=[{**item, "to_ScheduleLine": [line]}],
        )
        .execute()
    )
    number = created.PurchaseOrder
    read = (
        client.entity_sets.A_PurchaseOrder.get_entity(number).expand("to_PurchaseOrderItem/to_ScheduleLine").execute()
    )
    assert read.PurchaseOrderDate == datetime(2025, 6, 1, tzinfo=UTC)
    assert read.to_PurchaseOrderItem[0].to_ScheduleLine[0].ScheduleLineDeliveryDate == due
    key = {"PurchaseOrder": number, "PurchaseOrderItem": "10"}
    change = client.entity_sets.A_PurchaseOrderItem.update_entity(**key).set(OrderQuantity="7")
    with pytest.raises(pyodata.exceptions.HttpError, match="HTTP modify request"):
        change.execute()
    change.add_headers({"If-Match": "*"})
    change.execute()
    assert client.entity_sets.A_PurchaseOrderItem.get_entity(**key).execute().OrderQuantity == "7.000"
    delete = client.entity_sets.A_PurchaseOrder.delete_entity(number)
    delete.add_headers({"If-Match": "*"})
    delete.execute()
    item = client.entity_sets.A_PurchaseOrderItem.get_entity(**key).execute()
    assert item.PurchasingDocumentDeletionCode == "L"


def test_pyodata_sends_a_batch(served):
    client = served()
    batch = client.create_batch()
    batch.add_request(client.entity_sets.A_PurchaseOrder.get_entity("4500000004"))
    changes = client.create_changeset()
    note = {"PurchaseOrder": "4500000004", "TextObjectType": "F01", "Language": "EN", "PlainLongText": "from a batch"}
    changes.add_request(client.entity_sets.A_PurchaseOrderNote.create_entity().set(**note))
    batch.add_request(changes)
    order, (created,) = batch.execute()
    assert order.DocumentCurrency == "JPY"
    assert created.PlainLongText == "from a batch"
