"""Paging by the service's own links, lines taken along: `paging="server"` (dynamics sheet §1.2, §1.5)."""

from __future__ import annotations

import pytest
from anyerp import Ref
from anyerp.errors import ConfigError, Conflict
from anyerp.lens.reading import read
from anyerp_dynamics.fno.lens.purchase_order import PURCHASE_ORDER
from anyerp_dynamics.sandbox.fno import Quirks

DOCUMENTS = ("purchase_orders", "sales_orders", "vendor_invoices")


@pytest.mark.parametrize("quirks", [Quirks(), Quirks(links_lose_company=True)])
@pytest.mark.parametrize("resource", DOCUMENTS)
def test_documents_are_the_same_however_they_are_paged(make, resource, quirks):
    system = make(orders=30, page=7, quirks=quirks)
    with system.connect() as one, system.connect(paging="server") as other:
        assert list(other.collection(resource).list()) == list(one.collection(resource).list())


def test_lines_come_along_and_the_services_links_are_followed(make):
    system = make(orders=30, page=7)
    with system.connect(paging="server", received="skip") as erp:
        found = [order.id for order in erp.purchase_orders.list(fields=["status", "lines.quantity"])]
    assert len(found) == len(set(found)) == 42
    calls = [call.target for call in system.calls("GET", "/data/")]
    assert len(calls) == 6
    assert all("expand=PurchaseOrderLines" in call for call in calls)
    assert all("skip=" in call for call in calls[1:])


def test_a_page_has_at_most_the_rows_that_were_asked_for(make):
    with make(orders=9).connect(paging="server") as erp:
        assert len(erp.purchase_orders.page(page_size=4).records) == 4


def test_a_version_that_was_listed_without_detours_guards_an_update(system, say):
    with system.connect(paging="server", received="skip") as erp:
        number = erp.purchase_orders.create(say.order(say.line(), say.line(item=Ref(number="D0003")))).record.number
        listed = next(order for order in erp.purchase_orders.list(fields=["buyer"]) if order.id == number)
        assert listed.version == erp.purchase_orders.get(number).version
        line = system.lines(number)[1]
        system.sandbox.store.replace("purchase_order_line", line | {"LineDescription": "theirs"})
        with pytest.raises(Conflict):
            erp.purchase_orders.update(listed.model_copy(update={"buyer": Ref(number="B1")}))


def test_what_was_received_is_not_asked_for_where_the_settings_say_so(system):
    with system.connect(received="skip") as erp:
        order = erp.purchase_orders.get("00000004")
    assert [line.quantity_received for line in order.lines] == [None, None]
    assert order.status == "open"
    assert not system.calls("GET", "ProductReceipt")


def test_a_company_that_is_none_is_no_empty_list_here_either(system):
    with system.connect(paging="server", company="none") as erp, pytest.raises(ConfigError, match="no company"):
        list(erp.purchase_orders.list())


def test_times_of_an_extension_arrive_here_too(system):
    row = system.row("purchase_order", "usmf", "00000001")
    stamp = {"created_field": "AccountingDate"}
    with system.connect(paging="server", **stamp) as one, system.connect(**stamp) as other:
        assert next(iter(one.purchase_orders.list())) == next(iter(other.purchase_orders.list()))
    assert row


def test_a_versions_lines_may_come_in_any_order_and_rows_without_etags_have_none():
    one, other = ({"@odata.etag": "a"}, {"@odata.etag": "b"})
    found = [
        read(PURCHASE_ORDER.rules, {"@odata.etag": "h", "PurchaseOrderLines": lines})["version"]
        for lines in ([one, other], [other, one], [one], [one, {}])
    ]
    assert found[0] == found[1] != found[2] == found[3] is not None
    assert read(PURCHASE_ORDER.rules, {"PurchaseOrderLines": [{}]})["version"] is None
