"""Pages: `$top`, `$skip`, server-driven paging and its tokens."""

from __future__ import annotations

import pytest
from anyerp_sap.sandbox import S4Sandbox


@pytest.fixture
def many(connect, clock):
    return connect(S4Sandbox(orders=250, now=clock))


def walk(client, path):
    pages, url = [], path
    while url:
        body = client.get(url).json()["d"]
        pages.append([row["PurchaseOrder"] for row in body["results"]])
        url = body.get("__next", "").removeprefix("https://s4.example")
    return pages


def test_without_top_a_page_has_a_hundred_rows_and_an_opaque_next_link(many):
    pages = walk(many, "A_PurchaseOrder")
    assert [len(page) for page in pages] == [100, 100, 63]
    assert len({number for page in pages for number in page}) == 263


def test_a_next_link_keeps_the_options(many):
    path = "A_PurchaseOrder?$filter=startswith(CorrespncExternalReference,'BULK')&$orderby=PurchaseOrder desc"
    body = many.get(path + "&$inlinecount=allpages&$select=PurchaseOrder").json()["d"]
    assert body["__count"] == "250"
    assert "$orderby=" in body["__next"]
    assert "$skiptoken=" in body["__next"]
    numbers = [number for page in walk(many, path) for number in page]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 250


def test_with_top_there_is_no_next_link(many):
    body = many.get("A_PurchaseOrder?$top=150").json()["d"]
    assert len(body["results"]) == 150
    assert "__next" not in body
    assert [len(page) for page in walk(many, "A_PurchaseOrder?$top=10&$skip=260")] == [3]


def test_a_page_shorter_than_top_with_a_next_link_is_not_the_end(connect, clock):
    client = connect(S4Sandbox(orders=20, most_top=8, now=clock))
    assert [len(page) for page in walk(client, "A_PurchaseOrder?$top=20")] == [8, 8, 4]


def test_an_old_gateway_returns_everything(connect, clock):
    client = connect(S4Sandbox(orders=200, server_page=None, now=clock))
    assert [len(page) for page in walk(client, "A_PurchaseOrder")] == [213]


def test_a_token_of_another_query_or_a_made_up_one_is_a_400(many):
    token = many.get("A_PurchaseOrder").json()["d"]["__next"].partition("$skiptoken=")[2]
    assert many.get(f"A_PurchaseOrder?$skiptoken={token}").status == 200
    assert many.get(f"A_PurchaseOrder?$filter=CompanyCode eq '1010'&$skiptoken={token}").status == 400
    assert many.get("A_PurchaseOrder?$skiptoken=100").status == 400


def test_skipping_shifts_when_an_order_comes_in_between(many, order_body):
    first = many.rows("A_PurchaseOrder?$top=5&$orderby=PurchaseOrder desc")
    many.post("A_PurchaseOrder", order_body)
    second = many.rows("A_PurchaseOrder?$top=5&$skip=5&$orderby=PurchaseOrder desc")
    assert second[0]["PurchaseOrder"] == first[-1]["PurchaseOrder"]


def test_expanded_collections_are_not_paged(connect, clock):
    client = connect(S4Sandbox(server_page=1, now=clock))
    order = client.rows("A_PurchaseOrder?$filter=PurchaseOrder eq '4500000002'&$expand=to_PurchaseOrderItem")[0]
    assert len(order["to_PurchaseOrderItem"]["results"]) == 2
