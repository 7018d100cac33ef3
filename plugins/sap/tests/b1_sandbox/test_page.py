"""Pages of twenty, and how to get others (sap sheet §13, Wire)."""

from urllib.parse import unquote

import pytest


def walk(client, path, **headers):
    """Every row and the number of pages, by following relative links against the root."""
    rows, pages = [], 0
    while path:
        body = client.get(path, **headers)
        rows += body["value"]
        pages += 1
        path = body.get("@odata.nextLink")
    return rows, pages


def test_a_page_has_twenty_rows_and_a_relative_link_to_the_next(connect):
    client = connect(orders=50)
    body = client.get("PurchaseOrders?$select=DocEntry")
    assert len(body["value"]) == 20
    assert body["@odata.nextLink"] == "PurchaseOrders?$select=DocEntry&$skip=20"
    assert body["@odata.context"] == "https://b1server:50000/b1s/v2/$metadata#PurchaseOrders"


def test_the_links_lead_through_every_row_once(connect):
    client = connect(orders=50)
    rows, pages = walk(client, "PurchaseOrders?$select=DocEntry")
    assert ([row["DocEntry"] for row in rows], pages) == (list(range(1, 63)), 4)


@pytest.mark.parametrize("headers", [{"Prefer": "odata.maxpagesize=25"}, {"B1S-PageSize": "25"}])
def test_the_page_size_can_be_asked_for_in_two_ways(connect, headers):
    client = connect(orders=50)
    _, pages = walk(client, "PurchaseOrders?$select=DocEntry", **headers)
    assert pages == 3


def test_an_applied_preference_is_confirmed(erp):
    answer = erp.send("GET", "Items", headers={"Prefer": "odata.maxpagesize=3"})
    assert answer.headers["preference-applied"] == "odata.maxpagesize=3"
    assert len(answer.json()["value"]) == 3
    assert "preference-applied" not in erp.send("GET", "Items").headers


def test_a_page_size_of_zero_means_everything(connect):
    body = connect(orders=50).get("PurchaseOrders?$select=DocEntry", Prefer="odata.maxpagesize=0")
    assert len(body["value"]) == 62
    assert "@odata.nextLink" not in body


def test_the_next_page_is_of_twenty_again_when_the_preference_is_not_repeated(connect):
    client = connect(orders=50)
    link = client.get("PurchaseOrders?$select=DocEntry", Prefer="odata.maxpagesize=30")["@odata.nextLink"]
    assert len(client.rows(link)) == 20


def test_top_within_a_page_gives_no_next_link_although_there_is_more(erp):
    body = erp.get("PurchaseOrders?$top=5&$select=DocEntry")
    assert [row["DocEntry"] for row in body["value"]] == [1, 2, 3, 4, 5]
    assert "@odata.nextLink" not in body


def test_top_beyond_a_page_is_answered_page_by_page(connect):
    client = connect(orders=50)
    body = client.get("PurchaseOrders?$top=30&$select=DocEntry")
    assert len(body["value"]) == 20
    rows, _ = walk(client, "PurchaseOrders?$top=30&$select=DocEntry")
    assert [row["DocEntry"] for row in rows] == list(range(1, 31))


def test_bare_links_have_lost_the_options(connect):
    client = connect(orders=50, bare_links=True)
    body = client.get("PurchaseOrders?$select=DocEntry&$filter=DocEntry gt 5")
    assert body["@odata.nextLink"] == "PurchaseOrders?$skip=20"


def test_links_keep_a_filter_in_a_form_that_can_be_asked_again(connect):
    client = connect(orders=50)
    link = client.get(
        "PurchaseOrders?$filter=CardName eq 'M%C3%BCller %26 S%C3%B6hne Elektrotechnik GmbH'&$select=DocEntry",
        Prefer="odata.maxpagesize=5",
    )["@odata.nextLink"]
    assert "Müller & Söhne" in unquote(link)
    assert client.rows(link)


def test_rows_added_while_paging_come_at_the_end(connect, order):
    client = connect(orders=20)
    link = client.get("PurchaseOrders?$select=DocEntry")["@odata.nextLink"]
    made = client.post("PurchaseOrders", order())["DocEntry"]
    assert client.rows(link)[-1]["DocEntry"] == made == 33


def test_counting(erp):
    answer = erp.send("GET", "PurchaseOrders/$count")
    assert (answer.media_type, answer.content) == ("text/plain", b"12")
    assert erp.send("GET", "PurchaseOrders/$count?$filter=DocumentStatus eq 'bost_Open'").content == b"8"
    body = erp.get("PurchaseOrders?$count=true&$top=1&$select=DocEntry")
    assert (body["@odata.count"], len(body["value"])) == (12, 1)


@pytest.mark.parametrize("option", ["$top=x", "$skip=-1", "$inlinecount=allpages", "$search=x", "$apply=x"])
def test_options_it_cannot_read_are_refused(erp, option):
    status, code, text = erp.refusal("GET", f"Items?{option}")
    assert (status, code) == (400, "201")
    assert text.startswith("Query string error")
