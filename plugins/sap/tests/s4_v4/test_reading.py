"""Orders read by V4: the same records as by V2, found by what the system offers (sap sheet §1, §5, §6)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from anyerp.errors import PermissionDenied
from anyerp.testing.sandbox import Once, answer_with
from anyerp.wire import Headers, Response

V4, V2 = "/odata4/", "API_PURCHASEORDER_PROCESS_SRV/A_"


def plain(records):
    return [record.model_dump(exclude={"version"}) for record in records]


def test_both_services_read_the_same_orders(system):
    by_v4 = plain(system.connect(purchase_orders="v4").purchase_orders.list())
    assert not system.calls("GET", V2)
    assert by_v4 == plain(system.connect(purchase_orders="v2").purchase_orders.list())
    assert len(by_v4) == 13


def test_a_connection_asks_once_which_service_there_is(system, erp):
    erp.purchase_orders.get("4500000001")
    erp.purchase_orders.page()
    assert len(system.calls("GET", "/purchaseorder/0001/")) == 3  # the probe and the two reads
    assert not system.calls("GET", V2)


@pytest.mark.parametrize("closed", ["not active", "no arrangement"])
def test_the_older_service_is_used_where_v4_is_closed(make, closed):
    system = make(v4=closed == "no arrangement")
    system.sandbox.access.missing.add("API_PURCHASEORDER_2")
    erp = system.connect(purchase_orders="auto")
    assert erp.purchase_orders.get("4500000001").number == "4500000001"
    assert len(list(erp.purchase_orders.list())) == 13
    assert len(system.calls("GET", V4)) == 1


def test_who_chooses_v4_is_told_when_it_is_closed(make):
    system = make()
    system.sandbox.access.missing.add("API_PURCHASEORDER_2")
    with pytest.raises(PermissionDenied, match="No authorization to access service 'API_PURCHASEORDER_2'"):
        system.connect(purchase_orders="v4").purchase_orders.get("4500000001")


def test_a_probe_that_fails_decides_nothing(system, erp):
    system.sandbox.faults.append(Once(answer_with(Response(503, Headers(), b"")), lambda call: V4 in call.target))
    assert len(list(erp.purchase_orders.list())) == 13
    assert not system.calls("GET", V2)


def test_next_links_relative_to_the_service_are_followed(make):
    system = make(server_page=4, orders=3)
    erp = system.connect(purchase_orders="v4", paging="server")
    assert len({one.id for one in erp.purchase_orders.list()}) == 16
    assert len(system.calls("GET", "/PurchaseOrder?")) == 4


def test_pages_by_key_neither_skip_nor_repeat(make):
    erp = make(orders=20).connect(purchase_orders="v4")
    found = [one.id for one in erp.purchase_orders.list(page_size=7)]
    assert len(found) == len(set(found)) == 33


def test_a_cursor_goes_on_in_the_dialect_that_made_it(make):
    system = make(server_page=4)
    first = system.connect(purchase_orders="v4", paging="server").purchase_orders.page()
    other = system.connect(purchase_orders="v2", paging="server")
    second = other.purchase_orders.page(cursor=first.cursor)
    assert not {one.id for one in first.records} & {one.id for one in second.records}
    assert len(second.records) == 4


def test_what_changed_since_a_moment_is_asked_in_v4s_own_literals(system):
    since = dt.datetime(2025, 2, 1, tzinfo=dt.UTC)
    erp = system.connect(purchase_orders="v4")
    found = {one.id for one in erp.purchase_orders.list(updated_since=since)}
    rows = system.sandbox.world.store.rows("A_PurchaseOrder")
    assert {row["PurchaseOrder"] for row in rows if row["LastChangeDateTime"] >= since} <= found
    assert len(found) < len(rows)
    assert system.calls("GET", "LastChangeDateTime%20ge%202025") or system.calls("GET", "LastChangeDateTime+ge+2025")


def test_a_release_without_a_field_is_asked_which_it_has(system):
    def older(call, proceed):
        if "$metadata" in call.target:
            found = proceed()
            text = found.content.replace(b'<Property Name="SupplierQuotationExternalID"', b'<Property Name="Other"')
            return Response(found.status, found.headers, text)
        if "SupplierQuotationExternalID" in call.target:
            return Response(
                400, Headers({"content-type": "application/json"}), b'{"error":{"code":"X","message":"no"}}'
            )
        return None

    system.sandbox.faults.append(older)
    erp = system.connect(purchase_orders="v4")
    assert erp.purchase_orders.get("4500000001").vendor_reference is None
    assert erp.purchase_orders.get("4500000002").lines
    assert len(system.calls("GET", "$metadata")) == 1


def test_the_net_amount_is_the_one_that_the_service_has(system):
    """Conditions may make it another than quantity times price."""

    def discounted(call, proceed):
        found = proceed()
        return Response(found.status, found.headers, found.content.replace(b'"NetAmount":62.50', b'"NetAmount":60.01'))

    erp = system.connect(purchase_orders="v4")
    assert erp.purchase_orders.get("4500000001").total_excl_tax == Decimal("62.50")
    system.sandbox.faults.append(discounted)
    order = erp.purchase_orders.get("4500000001")
    assert (order.lines[0].amount, order.total_excl_tax) == (Decimal("60.01"), Decimal("60.01"))


def test_open_quantities_tell_what_was_received_where_documents_do_not(system):
    erp = system.connect(purchase_orders="v4", received_and_billed="skip")
    partly = erp.purchase_orders.get("4500000002").lines[0]
    assert (partly.quantity_received, partly.quantity_billed, partly.status) == (
        Decimal("16.000"), None, "partially_received",
    )  # fmt: skip
    assert not system.calls("GET", "API_MATERIAL_DOCUMENT_SRV")


def test_a_completed_line_without_documents_has_no_known_receipt(system, say):
    """Nothing is still to come, and whether all came or the flag closed it, nobody says."""
    erp = system.connect(purchase_orders="v4", received_and_billed="skip")
    made = erp.purchase_orders.create(say.order(), key="k").record
    system.sandbox.receive(made.id, "10", Decimal(5))
    done = erp.purchase_orders.get(made.id).lines[0]
    assert (done.quantity_received, done.status) == (None, "received")


def test_one_odd_row_stops_no_page(system):
    def odd(call, proceed):
        found = proceed()
        if "/PurchaseOrder?" not in call.target:
            return found
        page = json.loads(found.content)
        page["value"][0]["PurchaseOrderDate"] = "2025-13-77"
        page["value"][1] = "no record"
        return Response(found.status, found.headers, json.dumps(page).encode())

    system.sandbox.faults.append(odd)
    listed = system.connect(purchase_orders="v4").purchase_orders.list()
    assert len(list(listed)) == 11
    assert len(listed.rejected) == 2
