"""b1s/v1 speaks OData V3: other names, other dates, numbers as codes (sap sheet §13)."""

import pytest


@pytest.fixture
def old(connect):
    return connect("v1")


def test_annotations_have_no_at_sign_and_links_begin_at_the_host(connect):
    body = connect("v1", orders=20).get("Orders?$select=DocEntry,DocNum")
    assert body["odata.metadata"] == "https://b1server:50000/b1s/v1/$metadata#Orders"
    assert "odata.etag" in body["value"][0]
    body = connect("v1", orders=20).get("PurchaseOrders?$select=DocEntry")
    assert body["odata.nextLink"] == "/b1s/v1/PurchaseOrders?$select=DocEntry&$skip=20"


def test_dates_are_days(old):
    row = old.get("PurchaseOrders(1)?$select=DocDate,UpdateTime")
    assert (row["DocDate"], row["UpdateTime"]) == ("2025-02-03", "10:03:43")


def test_an_errors_code_is_a_number_and_its_message_has_a_language(old):
    answer = old.write("POST", "BusinessPartners", {"CardCode": "V10000"})
    error = answer.json()["error"]
    assert error["code"] == -10
    assert error["message"]["lang"] == "en-us"
    assert error["message"]["value"].startswith("1320000140 - ")


def test_counting_inline_is_asked_in_the_old_way_and_is_text(old):
    assert old.get("PurchaseOrders?$inlinecount=allpages&$top=1&$select=DocEntry")["odata.count"] == "12"
    assert old.refusal("GET", "PurchaseOrders?$count=true")[1] == "201"


def test_substringof_asks_the_other_way_round(old):
    rows = old.rows("BusinessPartners?$select=CardCode&$filter=substringof('Söhne',CardName)")
    assert [row["CardCode"] for row in rows] == ["V10010"]


def test_associations_are_narrowed_by_select(old):
    row = old.get("PurchaseOrders(2)?$expand=BusinessPartner&$select=DocEntry,BusinessPartner/CardName")
    assert list(row["BusinessPartner"]) == ["odata.etag", "CardName"]


def test_merge_is_an_older_word_for_patch(old):
    assert old.write("MERGE", "PurchaseOrders(1)", {"Comments": "x"}).status == 204
    assert old.get("PurchaseOrders(1)")["Comments"] == "x"


def test_both_versions_show_the_same_company_to_the_same_session(old):
    answer = old.send("GET", "/b1s/v2/PurchaseOrders(1)?$select=DocDate")
    assert answer.json()["DocDate"] == "2025-02-03T00:00:00Z"


def test_the_metadata_is_of_the_third_version(old):
    text = old.send("GET", "$metadata").text()
    assert 'Version="1.0"' in text
    assert 'Name="DocDate" Type="Edm.DateTime"' in text
