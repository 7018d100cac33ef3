"""Reading: values of the wire, pages, changes since a moment (dynamics sheet §2.2, §2.3)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import unquote

import pytest
from anyerp import Ref
from anyerp.connection import Connection
from anyerp.errors import UnexpectedPayload
from anyerp.testing.inprocess import SandboxTransport
from anyerp.testing.sandbox import Once
from anyerp.transport import HttpTransport
from anyerp.wire import Headers, Response, dump_json
from anyerp_dynamics.bc.connector import CONNECTOR
from httpx2 import Client


def test_the_api_calls_draft_what_business_central_calls_open(numbered):
    found = {
        number: (numbered(number).status, numbered(number).native_status) for number in ("106001", "106002", "106003")
    }
    assert found == {
        "106001": ("draft", "Draft"),
        "106002": ("open", "Open"),
        "106003": ("pending_approval", "In Review"),
    }


def test_a_status_follows_what_has_come(place, numbered):
    assert [numbered(number).status for number in ("106006", "106007", "106008")] == [
        "partially_received",
        "received",
        "partially_received",
    ]
    assert [line.status for line in numbered("106006").lines] == ["partially_received", "received"]


def test_an_unknown_status_reads_as_other_with_its_word(place, numbered):
    place.sandbox.faults.append(_answered(b'"status":"Draft"', b'"status":"Pending_x0020_Prepayment"'))
    assert (numbered("106001").status, numbered("106001").native_status) == ("other", "Pending Prepayment")


def _answered(old: bytes, new: bytes) -> Once:
    def strike(call, proceed):
        answer = proceed()
        return Response(answer.status, answer.headers, answer.content.replace(old, new))

    return Once(strike, when=lambda call: "purchaseOrders" in call.target, times=99)


def test_nothing_is_zero_ids_and_first_days_there_and_none_here(numbered):
    order = numbered("106001")
    line = order.lines[0]
    assert (order.incoterms, order.ship_to, order.buyer, order.external_reference) == (None, None, None, None)
    assert (line.location, line.account, line.requested_date, line.dimensions) == (None, None, None, None)
    assert (line.extra or {}).get("itemVariantId") is None


def test_the_local_currency_is_filled_in_and_has_a_rate_of_one(numbered):
    assert (numbered("106001").currency, numbered("106001").exchange_rate) == ("USD", 1)
    assert (numbered("106005").currency, numbered("106005").exchange_rate) == ("KWD", None)


def test_money_is_read_exactly_to_the_currencys_own_places(numbered):
    order = numbered("106005")
    (line,) = order.lines
    assert (line.unit_price, line.discount_percent, line.amount) == (
        Decimal("0.391"),
        Decimal("2.5"),
        Decimal("476.531"),
    )
    assert order.total_excl_tax == line.amount


def test_amounts_of_lines_add_up_to_the_total_under_a_discount_on_the_whole(numbered):
    order = numbered("106010")
    assert order.extra["discountAmount"] == 25
    assert sum(line.amount for line in order.lines) == order.total_excl_tax
    assert sum(line.tax_amount for line in order.lines) == order.total_tax


def test_a_line_says_what_it_is_of_and_where_it_goes(numbered):
    (line,) = numbered("106011").lines
    assert (line.item.number, line.native_unit, line.unit, line.location.number) == ("1900-S", "BOX", "BX", "EAST")
    assert line.dimensions == {"PROJECT": "P-200"}
    assert numbered("106011").extra["dimensions"] == {"DEPARTMENT": "PROD", "PROJECT": "P-100"}


def test_a_line_of_an_account_has_no_item(numbered):
    text, account, charge, item = numbered("106010").lines
    assert [line.kind for line in (text, account, charge, item)] == ["text", "service", "charge", "item"]
    assert (account.item, account.account.number) == (None, "65300")
    assert item.requested_date == date(2026, 3, 30)


def test_each_order_says_its_company_and_links_to_its_page(place, erp, numbered):
    order = numbered("106001")
    company = place.sandbox.company()
    assert (order.company.id, order.company.number) == (company.id, company.name)
    assert order.company == next(
        Ref(id=c.id, number=c.number, name=c.name) for c in erp.companies.list() if c.id == company.id
    )
    link = unquote(order.url)
    assert link.startswith("https://businesscentral.dynamics.com/")
    assert link.endswith("/Production/?company=CRONUS USA, Inc.&page=50&filter='No.' is '106001'")


def test_a_text_that_looks_like_a_field_of_the_row_stays_a_text(place, erp, say):
    name = 'A"lastModifiedDateTime":B'
    made = erp.purchase_orders.create(say.order(ship_to={"name": name}), key="k").record
    found = next(order for order in erp.purchase_orders.list() if order.id == made.id)
    assert found == made
    assert found.ship_to.name == name


def test_only_mapped_fields_are_asked_for_and_lines_come_along(place, erp):
    list(erp.purchase_orders.list())
    target = unquote(place.calls("GET", "purchaseOrders")[0].target)
    assert "purchaseOrderLines($select=" in target
    assert "dimensionSetLines($select=" in target
    assert "payToCity" not in target


def test_few_fields_ask_for_little(place, erp):
    (first, *_) = erp.purchase_orders.list(fields=["number", "company"])
    target = unquote(place.calls("GET", "purchaseOrders")[0].target)
    assert "$expand" not in target
    assert first.company.id == place.sandbox.company().id


def test_pages_follow_the_servers_own_links(place, erp):
    numbers = [order.number for order in erp.purchase_orders.list(page_size=5)]
    calls = place.calls("GET", "purchaseOrders")
    assert len(set(numbers)) == len(numbers) == 12
    assert [call.headers["prefer"] for call in calls] == ["odata.maxpagesize=5"] * 3
    assert "$skiptoken" in calls[1].target
    assert not any("$top" in call.target or "$skip=" in call.target for call in calls)


def test_changes_since_a_moment_overlap_by_some_seconds(place, erp, numbered):
    place.clock.advance(hours=1)
    moment = place.clock()
    assert list(erp.purchase_orders.list(updated_since=moment)) == []
    place.clock.advance(seconds=-3)
    place.sandbox.touch("106001", purchaser="RL")
    place.clock.advance(seconds=3)
    assert [order.number for order in erp.purchase_orders.list(updated_since=moment)] == ["106001"]
    assert "lastModifiedDateTime ge 2026-04-01T09:59:55.123000Z" in unquote(place.calls("GET", "$filter")[-1].target)
    assert numbered("106001").updated_at == datetime(2026, 4, 1, 9, 59, 57, 123000, tzinfo=UTC)


def test_an_answer_without_rows_is_no_empty_list(place, erp):
    place.sandbox.faults.append(
        Once(
            lambda call, proceed: Response(
                200, Headers({"content-type": "application/json"}), dump_json({"error": None})
            ),
            when=lambda c: "purchaseOrders" in c.target,
        )
    )
    with pytest.raises(UnexpectedPayload):
        list(erp.purchase_orders.list())


def extended(place, **settings):
    """A connection by the API of a customer's own extension, whose two fields an overlay maps."""
    context = place.context(order_api="contoso/purchasing/v1.0", **settings)
    carrier = HttpTransport(Client(transport=SandboxTransport(place.sandbox)), trust_origin=[context.base_url])
    text = {"codec": "text", "max_length": 35, "empty": ""}
    code = {"codec": "bc_code", "max_length": 35}
    overlay = [
        {"rule": "map", "field": "external_reference", "path": "yourReference", "codec": text},
        {"rule": "map", "field": "extra.vendor_order", "path": "vendorOrderNumber", "codec": code},
    ]  # fmt: skip
    return Connection(CONNECTOR, context, carrier, overlays={"purchase_orders": overlay}, looks=(0.0,))


def test_fields_of_an_extension_are_custom_fields_and_may_carry_the_key(make, say):
    place = make(extension="contoso/purchasing/v1.0")
    with extended(place) as erp:
        order = say.order(extra={"vendor_order": "ab-1"})
        keys = iter(("m1", "m2"))
        made = erp.purchase_orders.create(order, key="req-42").record
        again = erp.purchase_orders.create(order, key="req-42")
        assert made.extra["vendor_order"] == "AB-1"
        assert (again.settled, again.record.id) == ("before", made.id)
        many = erp.purchase_orders.create_many([order, order], keys=lambda _: next(keys))
        assert [erp.purchase_orders.get(one.id).external_reference for one in many] == ["m1", "m2"]
    row = place.row(made.number)
    assert (row["yourReference"], row["shipToContact"]) == ("req-42", "")
    assert all("/api/contoso/purchasing/v1.0/" in call.target for call in place.calls("POST", "purchaseOrders"))
