"""Customers and sales orders of the sandbox: sales areas, prices, statuses, rejection (sap sheet §10, §12)."""

from __future__ import annotations

import pytest


@pytest.fixture
def sales(connect, sandbox):
    return connect(sandbox, "API_SALES_ORDER_SRV/")


@pytest.fixture
def partners(connect, sandbox):
    return connect(sandbox, "API_BUSINESS_PARTNER/")


def order(*items, **head):
    given = {
        "SalesOrderType": "OR",
        "SalesOrganization": "1010",
        "DistributionChannel": "10",
        "OrganizationDivision": "00",
        "SoldToParty": "17100001",
    }
    lines = [{"Material": "TG11", "RequestedQuantity": "4", **item} for item in items or ({},)]
    return {**given, **head, "to_Item": {"results": lines}}


def codes(answer):
    assert answer.status == 400, answer.text()
    return [d["code"] for d in answer.json()["error"]["innererror"]["errordetails"]][:-1]


def test_an_order_takes_terms_of_the_sales_area_and_prices_of_the_material(sales):
    answer = sales.post("A_SalesOrder", order())
    assert answer.status == 201, answer.text()
    made = answer.json()["d"]
    assert (made["TransactionCurrency"], made["CustomerPaymentTerms"], made["TotalNetAmount"]) == (
        "EUR",
        "NT30",
        "70.00",
    )
    (item,) = made["to_Item"]["results"]
    assert (item["SalesOrderItem"], item["NetAmount"], item["TaxAmount"]) == ("10", "70.00", "13.30")
    units = (item["RequestedQuantityUnit"], item["RequestedQuantitySAPUnit"], item["RequestedQuantityISOUnit"])
    assert units == ("PC", "ST", "PCE")
    below = sales.one(f"A_SalesOrder('{made['SalesOrder']}')?$expand=to_Item/to_ScheduleLine,to_Item/to_PricingElement")
    (item,) = below["to_Item"]["results"]
    assert item["to_ScheduleLine"]["results"][0]["ScheduleLineOrderQuantity"] == "4.000"
    assert item["to_PricingElement"]["results"][0]["ConditionRateValue"] == "17.500000000"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (order(SoldToParty="17100003"), "V1/045"),
        (order(SoldToParty="17100005"), "V1/048"),
        (order(SalesOrderType="ZZ"), "V1/042"),
        (order(SalesOrganization=""), "V1/051"),
        (order(DistributionChannel="99"), "V1/042"),
        (order(CustomerPaymentTerms="NONE"), "V1/042"),
        (order({"Material": ""}), "V1/051"),
        (order({"Material": "NO-SUCH"}), "M3/305"),
        (order({"RequestedQuantity": "0"}), "V1/051"),
        (order({"ProductionPlant": "9999"}), "V1/042"),
        (order({"to_PricingElement": [{"ConditionRateValue": "1"}]}), "V1/051"),
    ],
)
def test_what_is_wrong_is_refused(sales, body, code):
    before = len(sales.rows("A_SalesOrder"))
    assert code in codes(sales.post("A_SalesOrder", body))
    assert len(sales.rows("A_SalesOrder")) == before


def test_a_write_without_the_etag_is_refused_and_a_stale_one_too(sales):
    old = sales.etag("A_SalesOrder('1')")
    assert sales.patch("A_SalesOrder('1')", {"PurchaseOrderByCustomer": "A"}).status == 428
    assert sales.patch("A_SalesOrder('1')", {"PurchaseOrderByCustomer": "A"}, if_match=old).status == 204
    assert sales.patch("A_SalesOrder('1')", {"PurchaseOrderByCustomer": "B"}, if_match=old).status == 412


def test_a_changed_item_moves_the_header_its_total_and_its_schedule_line(sales):
    before = sales.one("A_SalesOrder('1')")
    item = "A_SalesOrderItem(SalesOrder='1',SalesOrderItem='10')"
    assert sales.patch(item, {"RequestedQuantity": "20"}).status == 204
    after = sales.one("A_SalesOrder('1')")
    assert (before["TotalNetAmount"], after["TotalNetAmount"]) == ("175.50", "351.00")
    assert after["LastChangeDateTime"] != before["LastChangeDateTime"]
    line = sales.rows("A_SalesOrderScheduleLine?$filter=SalesOrder eq '1'")[0]
    assert (line["ScheduleLineOrderQuantity"], line["OrderQuantitySAPUnit"]) == ("20.000", "ST")


def test_a_part_is_added_through_its_owner_only(sales):
    new = {"Material": "66", "RequestedQuantity": "1.5"}
    assert sales.post("A_SalesOrderItem", {"SalesOrder": "1", **new}).status == 400
    answer = sales.post("A_SalesOrder('1')/to_Item", new)
    assert (answer.status, answer.json()["d"]["SalesOrderItem"]) == (201, "20")


def test_a_rejected_order_is_complete_and_costs_nothing(sales):
    item = "A_SalesOrderItem(SalesOrder='1',SalesOrderItem='10')"
    assert codes(sales.patch(item, {"SalesDocumentRjcnReason": "00"})) == ["V1/042"]
    sales.patch(item, {"SalesDocumentRjcnReason": "61"})
    row = sales.one("A_SalesOrder('1')")
    assert (row["OverallSDProcessStatus"], row["OverallSDDocumentRejectionSts"], row["TotalNetAmount"]) == (
        "C",
        "C",
        "0.00",
    )


def test_what_was_delivered_keeps_an_order_from_being_deleted(sales):
    assert codes(sales.delete("A_SalesOrder('2')", if_match="*")) == ["V1/050"]
    assert sales.delete("A_SalesOrder('3')", if_match="*").status == 204
    assert sales.get("A_SalesOrder('3')").status == 404
    assert sales.rows("A_SalesOrderItem?$filter=SalesOrder eq '3'") == []


def test_a_customer_is_made_by_a_role_of_its_partner(partners):
    area = {"SalesOrganization": "1010", "DistributionChannel": "10", "Division": "00", "Currency": "EUR"}
    body = {
        "BusinessPartnerCategory": "2",
        "OrganizationBPName1": "Neu & Co.",
        "to_BusinessPartnerRole": [{"BusinessPartnerRole": "FLCU00"}, {"BusinessPartnerRole": "FLCU01"}],
        "to_Customer": {"to_CustomerSalesArea": {"results": [area]}},
    }
    made = partners.post("A_BusinessPartner", body).json()["d"]
    assert (made["Customer"], made["Supplier"]) == (made["BusinessPartner"], "")
    assert partners.one(f"A_Customer('{made['Customer']}')")["CustomerName"] == "Neu & Co."
    assert partners.post("A_Customer", {"Customer": "1"}).status == 405
    wrong = {**body, "to_Customer": {"to_CustomerSalesArea": [{**area, "DistributionChannel": "99"}]}}
    assert codes(partners.post("A_BusinessPartner", wrong)) == ["R1/112"]
    bare = {**body, "to_BusinessPartnerRole": []}
    assert codes(partners.post("A_BusinessPartner", bare)) == ["R1/111"]
