"""A client that others wrote reads and writes the sandbox over a socket: odatapy's, knowing only `$metadata`."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from anyerp.testing.sandbox import serve
from anyerp_dynamics.sandbox.fno import FinanceOperationsSandbox

odatapy = pytest.importorskip("odatapy.client", reason="odatapy is not installed")
transport = pytest.importorskip("odatapy.client.transport", reason="odatapy is not installed")
filters = pytest.importorskip("odatapy.client.filters", reason="odatapy is not installed")

KEY = {"dataAreaId": "usmf", "PurchaseOrderNumber": "00000001"}


@pytest.fixture
def sandbox():
    return FinanceOperationsSandbox(page=5)


@pytest.fixture
def foreign(sandbox):
    with serve(sandbox) as address:
        settings, secret = sandbox.settings(address), sandbox.credentials
        url = f"{settings['login_url']}/{settings['tenant']}/oauth2/v2.0/token"
        auth = odatapy.OAuth2ClientCredentialsAuth(
            url, secret["client_id"], secret["client_secret"], scope=f"{address}/.default"
        )
        with transport.HttpxTransport(auth=auth) as carrier:
            yield odatapy.EdmEnabledODataClient(f"{address}/data", carrier, odata_version="4.0")


def orders(client):
    return client.entity_set_uri("PurchaseOrderHeadersV2").custom("cross-company", "true")


def rows(client, uri, name):
    return list(client.iter_entities(uri, entity_type=client.entity_set_type(name)))


def test_metadata_and_the_service_document_load(foreign):
    order = foreign.entity_set_type("PurchaseOrderHeadersV2")
    assert list(order.key_predicate_names) == ["dataAreaId", "PurchaseOrderNumber"]
    assert "PurchaseOrderLines" in order.navigation_property_names
    assert {"VendorsV3", "SalesOrderLines"} <= set(foreign.get_service_document().entity_sets)


def test_it_reads_typed_rows_over_all_pages(foreign):
    found = rows(foreign, orders(foreign).orderby("PurchaseOrderNumber"), "PurchaseOrderHeadersV2")
    assert len(found) == 14
    assert all(isinstance(row.get_value("CashDiscountPercentage"), Decimal) for row in found)
    assert found[0].get_value("AccountingDate") == datetime(2026, 1, 15, 12, tzinfo=UTC)
    assert all(row.etag.startswith('W/"') for row in found)


def test_it_filters_with_an_enumeration_and_expands(foreign):
    status = filters.EnumValue("Microsoft.Dynamics.DataEntities.PurchStatus", "Invoiced")
    uri = orders(foreign).filter(filters.Field("PurchaseOrderStatus").eq(status)).expand("PurchaseOrderLines")
    (order,) = rows(foreign, uri, "PurchaseOrderHeadersV2")
    lines = order.get_navigation_link("PurchaseOrderLines").inline_entity_set.entities
    assert [line.get_value("ItemNumber") for line in lines] == ["D0002"]


def test_it_creates_changes_with_the_tag_and_deletes(foreign):
    kind = foreign.entity_set_type("PurchaseOrderHeadersV2")
    body = {"dataAreaId": "usmf", "OrderVendorAccountNumber": "US-101", "RequestedDeliveryDate": "2026-05-01T12:00:00Z"}
    made = foreign.create_entity(foreign.entity_set_uri("PurchaseOrderHeadersV2"), body, entity_type=kind)
    number = made.get_value("PurchaseOrderNumber")
    line = {
        "dataAreaId": "usmf",
        "PurchaseOrderNumber": number,
        "LineNumber": 1,
        "ItemNumber": "D0001",
        "ReceivingWarehouseId": "11",
    }
    made_line = foreign.create_entity(
        foreign.entity_set_uri("PurchaseOrderLinesV2"),
        line,
        entity_type=foreign.entity_set_type("PurchaseOrderLinesV2"),
    )
    assert made_line.get_value("LineAmount") == Decimal("150.00")
    here = foreign.entity_uri("PurchaseOrderHeadersV2", KEY | {"PurchaseOrderNumber": number}).custom(
        "cross-company", "true"
    )
    assert foreign.update_entity(here, {"PurchaseOrderName": "x"}, etag=made.etag, entity_type=kind).status_code == 204
    with pytest.raises(odatapy.ODataClientError) as stale:
        foreign.update_entity(here, {"PurchaseOrderName": "y"}, etag=made.etag, entity_type=kind)
    assert stale.value.status_code == 412
    assert foreign.delete_entity(here).status_code == 204


def test_it_batches_as_multipart(foreign):
    batch = foreign.batch(continue_on_error=True)
    batch.add_retrieve(foreign.entity_uri("PurchaseOrderHeadersV2", KEY))
    changes = batch.add_changeset()
    changes.create("CustomerGroups", {"dataAreaId": "usmf", "CustomerGroupId": "B1"})
    changes.create("CustomerGroups", {"dataAreaId": "usmf", "CustomerGroupId": "30"})
    answer = foreign.execute_batch(batch)
    assert [part.status_code for part in answer] == [200, 500]
    assert len(rows(foreign, foreign.entity_set_uri("CustomerGroups"), "CustomerGroups")) == 1


def test_it_calls_an_action(foreign):
    uri = foreign.entity_set_uri("DataManagementDefinitionGroups").append_action_call_segment(
        "Microsoft.Dynamics.DataEntities.GetExecutionSummaryStatus"
    )
    assert foreign.invoke_action(uri, {"executionId": "none"}).json()["value"] == "Unknown"


def test_a_certificate_signed_by_a_foreign_library_opens_the_door(sandbox):
    jwt = pytest.importorskip("jwt", reason="PyJWT is not installed")
    httpx = pytest.importorskip("httpx", reason="httpx is not installed")
    x509 = pytest.importorskip("cryptography.x509", reason="cryptography is not installed")
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    kept = sandbox.entra.certificate_credentials()
    print_ = (
        urlsafe_b64encode(x509.load_pem_x509_certificate(kept["certificate"].encode()).fingerprint(hashes.SHA1()))
        .decode()
        .rstrip("=")
    )
    with serve(sandbox) as address:
        url = f"{address}/{sandbox.settings(address)['tenant']}/oauth2/v2.0/token"
        now = datetime.now(UTC)
        claims = {
            "aud": url,
            "iss": kept["client_id"],
            "sub": kept["client_id"],
            "exp": now + timedelta(minutes=5),
            "nbf": now,
        }
        form = {
            "grant_type": "client_credentials",
            "client_id": kept["client_id"],
            "scope": f"{address}/.default",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(claims, kept["private_key"], algorithm="RS256", headers={"x5t": print_}),
        }
        with httpx.Client() as client:
            token = client.post(url, data=form).json()["access_token"]
            answer = client.get(f"{address}/data/VendorsV3?$top=1", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
