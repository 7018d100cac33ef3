"""Queries: what is understood, and how lists are paged (dynamics sheet §1.5)."""

from __future__ import annotations

import pytest
from anyerp_dynamics.sandbox.fno import Quirks

ORDERS = "PurchaseOrderHeadersV2"


def numbers(rows):
    return [row["PurchaseOrderNumber"] for row in rows]


def test_lines_come_with_their_header(erp):
    (order,) = erp.rows(f"{ORDERS}?$filter=PurchaseOrderNumber eq '00000001'&$expand=PurchaseOrderLines")
    assert [line["ItemNumber"] for line in order["PurchaseOrderLines"]] == ["D0001", "D0002"]
    (sale,) = erp.rows("SalesOrderHeadersV2?$top=1&$expand=SalesOrderLines")
    assert len(sale["SalesOrderLines"]) == 1
    line = erp.rows("PurchaseOrderLinesV2?$top=1&$expand=PurchaseOrderHeader")[0]
    assert line["PurchaseOrderHeader"]["PurchaseOrderNumber"] == line["PurchaseOrderNumber"]


@pytest.mark.parametrize(
    "wanted", ["PurchaseOrderLines($expand=PurchaseOrderHeader)", "PurchaseOrderLines($select=LineNumber)", "Nothing"]
)
def test_expand_goes_one_level_deep(erp, wanted):
    assert erp.ask("GET", f"{ORDERS}?$expand={wanted}").status == 400


def test_rows_behind_a_key_can_be_asked_for(erp):
    here = f"{ORDERS}(dataAreaId='usmf',PurchaseOrderNumber='00000001')/PurchaseOrderLines"
    assert [row["LineNumber"] for row in erp.rows(f"{here}?$orderby=LineNumber desc")] == [2, 1]


@pytest.mark.parametrize(
    "text",
    [
        "PurchaseOrderNumber in ('00000001')",
        "Nothing eq 1",
        "PurchaseOrderNumber eq 1",
        "PurchaseOrderLines/any()",
        "PurchaseOrderNumber has 'x'",
    ],
)
def test_what_is_not_understood_is_refused(erp, text):
    answer = erp.ask("GET", f"{ORDERS}?$filter={text}")
    assert answer.status == 400
    error = answer.json()["error"]
    assert error["message"].startswith("The query specified in the URI is not valid. ")
    assert error["innererror"]["type"] == "Microsoft.OData.ODataException"


@pytest.mark.parametrize(
    "option", ["$apply=aggregate(x)", "$search=x", "$foo=1", "$top=-1", "$select=Nothing", "$orderby=Nothing"]
)
def test_an_option_that_makes_no_sense_is_refused(erp, option):
    assert erp.ask("GET", f"{ORDERS}?{option}").status == 400


def test_arithmetic_and_all_comparisons_are_understood(erp):
    text = "OrderedPurchaseQuantity mul PurchasePrice ge 1000 and not (LineAmount lt 1000 or LineNumber ne 1)"
    assert {row["PurchaseOrderNumber"] for row in erp.rows(f"PurchaseOrderLinesV2?$filter={text}")} == {
        "00000001",
        "00000004",
        "00000011",
    }


def test_contains_is_a_wildcard_in_eq(erp):
    def found(text):
        return {row["VendorAccountNumber"] for row in erp.rows(f"VendorsV3?$filter=VendorOrganizationName {text}")}

    assert found("eq '*gmbh*'") == {"DE-001"}
    assert found("eq 'fabrikam*'") == {"US-101"}
    assert found("eq 'fabrikam'") == set()
    assert found("eq '*o''neil*'") == {"US-103"}
    assert "US-101" not in found("ne '*fabrikam*'")
    assert [
        row["VendorAccountNumber"] for row in erp.rows("VendorsV3?$filter=contains(VendorOrganizationName,'MÜLLER')")
    ] == ["DE-001"]


def test_a_computed_field_cannot_be_filtered(erp):
    assert erp.rows("WarehousesOnHandV2?$top=1")[0]["ProductName"] == "Mid-range speaker"
    assert erp.ask("GET", "WarehousesOnHandV2?$filter=ProductName eq 'Mid-range speaker'").status == 400


def test_stock_is_summed_by_site(erp):
    places = erp.rows("WarehousesOnHandV2?$filter=ItemNumber eq 'D0001' and InventorySiteId eq '1'")
    (site,) = erp.rows("InventorySitesOnHandV2?$filter=ItemNumber eq 'D0001' and InventorySiteId eq '1'")
    assert len(places) == 2
    assert site["OnHandQuantity"] == sum(place["OnHandQuantity"] for place in places)
    assert "InventoryWarehouseId" not in site


def test_rows_are_selected_ordered_skipped_and_counted(erp):
    body = erp.get(f"{ORDERS}?$select=PurchaseOrderNumber&$orderby=PurchaseOrderNumber desc&$skip=1&$top=2&$count=true")
    assert (numbers(body["value"]), body["@odata.count"]) == (["00000011", "00000010"], 12)
    assert set(body["value"][0]) == {"@odata.etag", "PurchaseOrderNumber"}
    assert erp.ask("GET", f"{ORDERS}/$count").text() == "12"


def test_a_full_page_has_ten_thousand_rows_and_a_link_with_an_offset(environment):
    erp = environment(orders=12_000)
    body = erp.get(f"{ORDERS}?cross-company=true&$select=PurchaseOrderNumber&$orderby=PurchaseOrderNumber")
    assert len(body["value"]) == 10_000
    link = body["@odata.nextLink"]
    assert link.endswith("&$skip=10000&$top=10000")
    assert "cross-company=true" in link
    rest = erp.follow(link)
    assert (len(rest["value"]), "@odata.nextLink" in rest) == (2_014, False)
    assert len({*numbers(body["value"]), *numbers(rest["value"])}) == 12_014


def test_the_link_of_a_full_page_goes_on_to_the_end(environment):
    erp = environment(page=5)
    pages = erp.pages(f"{ORDERS}?$orderby=PurchaseOrderNumber")
    assert [len(page) for page in pages] == [5, 5, 2]
    pages = erp.pages(f"{ORDERS}?$orderby=PurchaseOrderNumber&$top=8")
    assert [len(page) for page in pages] == [5, 3]
    assert [len(page) for page in erp.pages(f"{ORDERS}?$top=4")] == [4]


def test_rows_that_come_and_go_between_pages_are_skipped_or_repeated(environment):
    erp = environment(page=5)
    path = f"{ORDERS}?$select=PurchaseOrderNumber&$orderby=PurchaseOrderNumber"
    first = erp.get(path)
    erp.ask("DELETE", f"{ORDERS}(dataAreaId='usmf',PurchaseOrderNumber='00000001')")
    assert "00000006" not in numbers(erp.follow(first["@odata.nextLink"])["value"])
    first = erp.get(path)
    erp.post(ORDERS, {"PurchaseOrderNumber": "00000000", "OrderVendorAccountNumber": "US-101"})
    assert numbers(first["value"])[-1] in numbers(erp.follow(first["@odata.nextLink"])["value"])


def test_ranges_of_the_key_page_without_offsets(environment):
    erp = environment(page=5)
    seen, last = [], ""
    while rows := erp.rows(f"{ORDERS}?$filter=PurchaseOrderNumber gt '{last}'&$orderby=PurchaseOrderNumber&$top=3"):
        seen += numbers(rows)
        last = seen[-1]
        erp.ask("DELETE", f"{ORDERS}(dataAreaId='usmf',PurchaseOrderNumber='00000012')")
    assert seen == [f"{number:08d}" for number in range(1, 12)]


def test_a_smaller_page_can_be_preferred(erp):
    answer = erp.ask("GET", f"{ORDERS}?$orderby=PurchaseOrderNumber", Prefer="odata.maxpagesize=5")
    assert answer.headers["preference-applied"] == "odata.maxpagesize=5"
    assert len(answer.json()["value"]) == 5
    pages = erp.pages(f"{ORDERS}?$orderby=PurchaseOrderNumber", Prefer="odata.maxpagesize=5")
    assert [len(page) for page in pages] == [5, 5, 2]


def test_a_next_link_can_lose_the_companies(environment):
    erp = environment(page=13, quirks=Quirks(links_lose_company=True))
    link = erp.get(f"{ORDERS}?cross-company=true&$orderby=dataAreaId desc")["@odata.nextLink"]
    assert "cross-company" not in link
    assert erp.follow(link)["value"] == []
    assert len(erp.follow(link + "&cross-company=true")["value"]) == 1


def test_unknown_words_without_a_dollar_are_let_through(erp):
    erp.get(f"{ORDERS}?whatever=1")


def test_only_json_is_served(erp):
    assert erp.ask("GET", ORDERS, Accept="application/atom+xml").status == 406
    assert erp.get(f"{ORDERS}?$format=json&$top=1", Accept="application/xml")["value"]
