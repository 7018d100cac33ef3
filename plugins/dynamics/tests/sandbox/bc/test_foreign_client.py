"""A client that others wrote reads and writes the sandbox over a socket: odatapy's, knowing only `$metadata`."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from anyerp.testing.sandbox import serve
from anyerp_dynamics.sandbox.bc import AUDIENCE, BusinessCentralSandbox

odatapy = pytest.importorskip("odatapy.client")
transport = pytest.importorskip("odatapy.client.transport")


@pytest.fixture
def url():
    sandbox = BusinessCentralSandbox()
    with serve(sandbox) as address:
        yield sandbox, address


@pytest.fixture
def foreign(url):
    sandbox, address = url
    settings = sandbox.settings(address)
    secret = sandbox.credentials
    token_url = f"{address}/{settings['tenant']}/oauth2/v2.0/token"
    auth = odatapy.OAuth2ClientCredentialsAuth(
        token_url, secret["client_id"], secret["client_secret"], scope=f"{AUDIENCE}/.default"
    )
    root = f"{address}/v2.0/{settings['environment']}/api/v2.0"
    with transport.HttpxTransport(auth=auth) as carrier:
        client = odatapy.EdmEnabledODataClient(root, carrier, odata_version="4.0")
        client.company = settings["company"]
        yield client


def within(client, name, identity=None):
    """The URL of a set (or of one row) within the company."""
    uri = client.uri().append_segment(f"companies({client.company})").append_entity_set_segment(name)
    return uri if identity is None else uri.append_key_segment(UUID(str(identity)))


def rows(client, uri, name, **options):
    entity_type = client.entity_set_type(name)
    return [row for page in client.iter_pages(uri, entity_type=entity_type, **options) for row in page.entities]


def test_metadata_and_the_service_document_load(foreign):
    order = foreign.entity_set_type("purchaseOrders")
    assert list(order.key_predicate_names) == ["id"]
    assert "purchaseOrderLines" in order.navigation_property_names
    assert {"companies", "vendors", "purchaseOrders"} <= set(foreign.get_service_document().entity_sets)


def test_it_reads_typed_rows_and_follows_the_links(foreign):
    vendors = rows(foreign, within(foreign, "vendors"), "vendors", max_page_size=4)
    assert len(vendors) == 9
    assert {row.get_value("number") for row in vendors} >= {"10000", "40000"}
    assert all(row.etag.startswith('W/"') for row in vendors)
    assert all(isinstance(row.get_value("balance"), Decimal) for row in vendors)


def test_it_filters_and_expands(foreign):
    field = odatapy.Field("number")
    uri = within(foreign, "purchaseOrders").filter(field.eq("106001")).expand("purchaseOrderLines")
    (order,) = rows(foreign, uri, "purchaseOrders")
    lines = order.get_navigation_link("purchaseOrderLines").inline_entity_set.entities
    assert [line.get_value("lineObjectNumber") for line in lines] == ["1896-S", "1900-S"]


def test_it_creates_deeply_updates_with_the_tag_and_deletes(foreign):
    order_type = foreign.entity_set_type("purchaseOrders")
    line = {"lineType": "Item", "lineObjectNumber": "1896-S", "quantity": 2}
    body = {"vendorNumber": "10000", "purchaseOrderLines": [line]}
    made = foreign.create_entity(within(foreign, "purchaseOrders"), body, entity_type=order_type)
    assert made.get_value("totalAmountExcludingTax") == Decimal("1013.20")
    here = within(foreign, "purchaseOrders", made.get_value("id"))
    changed = foreign.update_entity(here, {"shipToName": "Plant 2"}, etag=made.etag, entity_type=order_type)
    assert (changed.status_code, changed.entity.get_value("shipToName")) == (200, "Plant 2")
    with pytest.raises(odatapy.ODataClientError) as stale:
        foreign.update_entity(here, {"shipToName": "Plant 3"}, etag=made.etag, entity_type=order_type)
    assert stale.value.status_code == 409
    assert foreign.delete_entity(here).status_code == 204


def test_it_posts_an_order_by_its_action(foreign):
    (order,) = rows(foreign, within(foreign, "purchaseOrders").filter("number eq '106001'"), "purchaseOrders")
    here = within(foreign, "purchaseOrders", order.get_value("id"))
    foreign.invoke_action(here.copy().append_action_call_segment("Microsoft.NAV.receiveAndInvoice"))
    with pytest.raises(odatapy.ODataClientError) as gone:
        foreign.get_entity(here)
    assert gone.value.status_code == 404


def test_it_batches_as_json(foreign):
    batch = foreign.batch(format="json", continue_on_error=True)
    batch.add_retrieve(within(foreign, "vendors").filter("number eq '10000'"))
    batch.add_retrieve(within(foreign, "purchaseOrderLines"))
    answer = foreign.execute_batch(batch)
    assert [part.status_code for part in answer] == [200, 400]
