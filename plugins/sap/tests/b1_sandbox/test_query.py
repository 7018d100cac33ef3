"""$filter, $select, $orderby, $expand (sap sheet §13, Wire)."""

import pytest


def keys(client, path):
    return [next(value for name, value in row.items() if not name.startswith("@")) for row in client.rows(path)]


@pytest.mark.parametrize(
    ("condition", "entries"),
    [
        ("DocEntry eq 3", [3]),
        ("DocEntry ge 11 ", [11, 12]),
        ("DocNum eq 6", [1]),
        ("DocTotal gt 1000000.5", [12]),
        ("DocumentStatus eq 'bost_Close'", [3, 5, 7, 10]),
        ("DocumentStatus eq 'C' and Cancelled eq 'tNO'", [3, 5, 10]),
        ("Cancelled eq 'Y'", [7]),
        ("not (Cancelled eq 'tNO')", [7]),
        ("CardCode eq 'V20000' or (CardCode eq 'V30000' and DocEntry lt 5)", [3, 4]),
        ("startswith(NumAtCard,'PC')", [3]),
        ("endswith(NumAtCard, '31') and contains(CardName,'Comp')", [3]),
        ("contains(CardName,'comp')", []),
        ("DocDate ge '2025-02-17'", [11, 12]),
        ("DocDate ge '20250217'", [11, 12]),
        ("DocDate eq '2025-02-17T23:59:59Z'", [11]),
        ("DocDate le datetime'2025-02-03T00:00:00'", [1]),
        ("NumAtCard ne null and DocEntry lt 9", [3]),
        ("U_ExternalRef eq 'REQ-10'", [10]),
        ("Comments eq 'Doublon'", [7]),
    ],
)
def test_a_filter_finds(erp, condition, entries):
    path = f"PurchaseOrders?$select=DocEntry&$filter={condition.replace('%', '%25')}"
    assert keys(erp, path) == entries


def test_a_null_answers_no_comparison_but_with_null(erp):
    assert keys(erp, "PurchaseOrders?$select=DocEntry&$filter=NumAtCard ne 'PC-7731'") == []
    assert len(keys(erp, "PurchaseOrders?$select=DocEntry&$filter=NumAtCard eq null")) == 11


def test_quotes_are_doubled_inside_text(erp):
    assert keys(erp, "Items?$select=ItemCode&$filter=ItemCode eq 'O''RING/8'") == ["O'RING/8"]
    assert erp.get("Items('O''RING/8')?$select=ItemCode")["ItemCode"] == "O'RING/8"
    assert erp.get("Items('O%27%27RING%2F8')?$select=ItemCode")["ItemCode"] == "O'RING/8"


@pytest.mark.parametrize(
    "condition",
    [
        "DocEntry eq",
        "DocEntry eq 'x'",
        "DocDate ge 2025-02-17",
        "DocDate ge '2025-02-30'",
        "DocumentStatus eq 'open'",
        "CardName eq 5",
        "DocEntry in (1,2)",
        "DocEntry lt null",
        "(DocEntry eq 1",
        "DocEntry eq 1 and",
        "DocEntry + 1 eq 2",
        "DocEntry eq DocNum",
        "contains(DocEntry,'1')",
        "DocumentLines/any(l: l/ItemCode eq 'A1000')",
    ],
)
def test_a_filter_that_is_no_sentence_is_refused(erp, condition):
    refused = erp.refusal("GET", f"PurchaseOrders?$filter={condition.replace('+', '%2B')}")
    assert refused == (400, "201", "Query string error - Invalid filter condition")


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("DocStatus eq 'O'", "DocStatus"),
        ("DocumentLines eq 'x'", "DocumentLines"),
        ("tolower(CardName) eq 'x'", "tolower"),
        ("substringof('x',CardName)", "substringof"),
    ],
)
def test_a_filter_cannot_ask_what_is_no_property_and_not_inside_lines(erp, condition, named):
    refused = erp.refusal("GET", f"PurchaseOrders?$filter={condition}")
    assert refused == (400, "201", f"Property '{named}' is invalid")


def test_partners_are_told_apart_by_type_by_name_or_by_letter(erp):
    vendors = keys(erp, "BusinessPartners?$select=CardCode&$filter=CardType eq 'cSupplier'")
    assert len(vendors) == 9
    assert vendors == keys(erp, "BusinessPartners?$select=CardCode&$filter=CardType eq 'S'")


def test_select_gives_what_it_names_in_its_order_and_the_lines_whole(erp):
    row = erp.get("PurchaseOrders(1)?$select=DocNum,DocumentLines,DocEntry")
    assert list(row) == ["@odata.context", "@odata.etag", "DocNum", "DocumentLines", "DocEntry"]
    assert row["DocumentLines"][0]["ItemCode"] == "A1000"
    assert len(erp.get("PurchaseOrders(1)?$select=*")) == len(erp.get("PurchaseOrders(1)"))


def test_an_unknown_property_in_select_fails_the_whole_request(erp):
    refused = erp.refusal("GET", "PurchaseOrders?$select=DocEntry,DocStatus")
    assert refused == (400, "-1000", "Property 'DocStatus' of 'Document' is invalid")
    assert erp.refusal("GET", "PurchaseOrders(1)?$select=Nope")[1] == "-1000"


def test_order_by(erp):
    path = "PurchaseOrders?$select=DocEntry&$orderby=CardCode desc,DocEntry desc&$top=4"
    assert keys(erp, path) == [9, 6, 5, 4]
    assert keys(erp, "PurchaseOrders?$select=DocEntry&$orderby=NumAtCard asc")[-1] == 3
    assert erp.refusal("GET", "PurchaseOrders?$orderby=DocumentLines")[:2] == (400, "201")
    assert erp.refusal("GET", "PurchaseOrders?$orderby=DocEntry down")[:2] == (400, "201")


def test_associations_expand_and_lines_do_not(erp):
    row = erp.get("PurchaseOrders(2)?$select=DocEntry&$expand=BusinessPartner($select=CardCode,CardName)")
    assert row["BusinessPartner"]["CardCode"] == "V10010"
    assert "City" not in row["BusinessPartner"]
    assert erp.refusal("GET", "PurchaseOrders(2)?$expand=DocumentLines")[:2] == (400, "201")
    assert erp.refusal("GET", "PurchaseOrders(2)/DocumentLines")[:2] == (400, "200")


@pytest.mark.parametrize("path", ["PurchaseOrders(99)", "Items('nope')", "BusinessPartners('V1')"])
def test_what_is_not_there_is_404_with_minus_2028(erp, path):
    assert erp.refusal("GET", path) == (404, "-2028", "No matching records found (ODBC -2028)")


def test_docnum_is_not_the_key_and_taken_for_it_finds_another_order(erp):
    first = erp.get("PurchaseOrders(1)?$select=DocEntry,DocNum")
    other = erp.get(f"PurchaseOrders({first['DocNum']})?$select=DocEntry,DocNum")
    assert other["DocEntry"] == first["DocNum"] != first["DocEntry"]


@pytest.mark.parametrize("path", ["PurchaseOrders('1')", "Items(A1000)", "Items('A'B')", "PurchaseOrders()"])
def test_a_key_of_the_wrong_kind_is_refused(erp, path):
    assert erp.refusal("GET", path)[0] == 400


@pytest.mark.parametrize("path", ["Nothing", "PurchaseOrders(1)/Nothing", "Nothing_GetIt", "PurchaseOrders(1)/Close/x"])
def test_an_unknown_path_is_refused(erp, path):
    assert erp.refusal("GET", path) == (400, "200", "Unrecognized resource path")
