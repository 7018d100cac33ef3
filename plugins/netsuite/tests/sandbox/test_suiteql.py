"""SuiteQL as a connector meets it: strings only, missing keys, signs, doubles, pages."""

from __future__ import annotations

import json

import pytest
from anyerp_netsuite.sandbox import NetSuiteSandbox

from .conftest import HOST, SUITEQL, Client, detail

UTC_STAMP = """TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate),'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
SHEET_ORDERS = f"""
SELECT t.id, t.tranid, TO_CHAR(t.trandate,'YYYY-MM-DD') AS trandate, t.status, t.entity, t.currency, t.exchangerate,
       t.foreigntotal, tl.id AS lineid, tl.uniquekey, tl.item, tl.quantity, tl.quantityshiprecv, tl.quantitybilled,
       tl.rate, tl.units, tl.location, tl.isclosed, TO_CHAR(tl.expectedreceiptdate,'YYYY-MM-DD') AS expected,
       {UTC_STAMP} AS modified
FROM transaction t JOIN transactionline tl ON tl.transaction = t.id
WHERE t.type = 'PurchOrd' AND tl.mainline = 'F' AND tl.taxline = 'F'
  AND (t.id > ? OR (t.id = ? AND tl.id > ?)) ORDER BY t.id, tl.id"""


def test_the_order_query_of_the_sheet_answers_strings_and_leaves_nulls_out(client):
    first, second, *_ = client.rows(SHEET_ORDERS, "0", "0", "0")
    assert first == {
        "id": "2173",
        "tranid": "PO45723",
        "trandate": "2026-03-01",
        "status": "D",
        "entity": "1722",
        "currency": "1",
        "exchangerate": "1",
        "foreigntotal": "-397",
        "lineid": "1",
        "uniquekey": "900001",
        "item": "84",
        "quantity": "1000",
        "quantityshiprecv": "400",
        "quantitybilled": "0",
        "rate": "0.118",
        "units": "1",
        "location": "1",
        "isclosed": "F",
        "modified": "2026-03-05T15:25:00Z",
    }
    assert (second["id"], second["lineid"]) == ("2173", "3")


def test_the_envelope_is_that_of_a_list_with_empty_links_in_each_row(client):
    page = client.sql("SELECT id FROM currency ORDER BY id", limit=4).json()
    assert page.keys() == {"links", "count", "hasMore", "items", "offset", "totalResults"}
    assert page["items"][0] == {"links": [], "id": "1"}
    assert (page["count"], page["hasMore"], page["totalResults"]) == (4, True, 6)
    assert [link["rel"] for link in page["links"]] == ["next", "last", "self"]
    assert page["links"][0]["href"] == f"https://{HOST}{SUITEQL}?limit=4&offset=4"
    assert client.sql("SELECT id FROM currency WHERE id = 99").json()["items"] == []


def test_counts_are_strings_too(client):
    assert client.rows("SELECT COUNT(*) AS count FROM currency") == [{"count": "6"}]


def test_without_prefer_transient_the_call_is_refused(client):
    for headers in ({}, {"prefer": "respond-async"}):
        answer = client.ask("POST", SUITEQL, {"q": "SELECT id FROM currency"}, **headers)
        assert detail(answer)["o:errorHeader"] == "Prefer"


@pytest.mark.parametrize("page", [{"limit": 3, "offset": 2}, {"offset": 500}, {"limit": 1001}])
def test_a_page_that_cannot_be_is_refused(client, page):
    assert detail(client.sql("SELECT id FROM currency ORDER BY id", **page))["o:errorQueryParam"]


def test_a_query_can_be_read_up_to_the_cap_only(clock):
    client = Client(NetSuiteSandbox(now=clock, row_cap=4), clock).log_on()
    assert client.sql("SELECT id FROM currency ORDER BY id", limit=2, offset=2).json()["totalResults"] == 6
    assert client.sql("SELECT id FROM currency ORDER BY id", limit=2, offset=4).status == 400


def test_pages_without_an_order_lose_and_repeat_rows_and_with_one_they_do_not(client):
    def read(query):
        pages = [client.rows(query, limit=5, offset=offset) for offset in (0, 5, 10)]
        return [row["id"] for page in pages for row in page]

    query = "SELECT id FROM transaction WHERE type = 'PurchOrd'"
    assert len(set(read(query))) < 12
    assert sorted(set(read(query + " ORDER BY id"))) == [str(id) for id in range(2173, 2185)]


def test_a_keyset_reads_every_line_once(clock):
    client = Client(NetSuiteSandbox(now=clock, orders=700), clock).log_on()
    mark, seen = ("0", "0", "0"), []
    while rows := client.rows(SHEET_ORDERS, *mark, limit=250):
        seen += [(row["id"], row["lineid"]) for row in rows]
        mark = (rows[-1]["id"], rows[-1]["id"], rows[-1]["lineid"])
    assert len(seen) == len(set(seen)) == 21 + 700 + 350


@pytest.mark.parametrize(
    ("style", "shown"),
    [("M/D/YYYY", "3/1/2026"), ("D/M/YYYY", "1/3/2026"), ("YYYY-M-D", "2026-3-1"), ("DD.MM.YYYY", "01.03.2026")],
)
def test_dates_come_in_the_display_format_and_without_their_time(clock, style, shown):
    client = Client(NetSuiteSandbox(now=clock, date_format=style), clock).log_on()
    (row,) = client.rows("SELECT trandate, createddate FROM transaction WHERE id = 2173")
    assert row == {"trandate": shown, "createddate": shown}
    assert len(client.rows(f"SELECT id FROM transaction WHERE trandate = '{shown}'")) == 1


def test_a_date_in_another_format_than_the_roles_is_refused(client):
    for query in ("trandate >= '2026-03-01'", "trandate BETWEEN '3/1/2026' AND '2026-03-04'"):
        assert "Invalid date" in detail(client.sql(f"SELECT id FROM transaction WHERE {query}"))["detail"]
    assert "Invalid date" in detail(client.sql("SELECT id FROM transaction WHERE trandate > ?", "13/13/2026"))["detail"]
    assert (
        len(
            client.rows(
                "SELECT id FROM transaction WHERE trandate BETWEEN '3/1/2026' AND ? AND type = 'PurchOrd'", "3/3/2026"
            )
        )
        == 3
    )


def test_comparisons_run_in_the_time_zone_of_the_account(clock):
    since = "lastmodifieddate >= TO_DATE('2026-03-05 07:25:00','YYYY-MM-DD HH24:MI:SS')"
    query = f"SELECT id FROM transaction WHERE {since} AND id = 2173"
    assert len(Client(NetSuiteSandbox(now=clock), clock).log_on().rows(query)) == 1  # 15:25 UTC is 7:25 there
    tokyo = Client(NetSuiteSandbox(now=clock, time_zone="Asia/Tokyo"), clock).log_on()
    late = query.replace("03-05 07:25:00", "03-06 00:25:01")
    assert (len(tokyo.rows(query)), len(tokyo.rows(late))) == (1, 0)
    assert tokyo.rows(f"SELECT {UTC_STAMP} AS m FROM transaction t WHERE id = 2173") == [{"m": "2026-03-05T15:25:00Z"}]


def test_a_status_is_one_letter_and_its_label_names_the_type(client):
    rows = client.rows(
        "SELECT id, BUILTIN.DF(status) AS label FROM transaction WHERE type = 'PurchOrd' AND status = 'D' ORDER BY id"
    )
    assert rows == [{"id": id, "label": "Purchase Order : Partially Received"} for id in ("2173", "2177")]
    assert client.rows("SELECT id FROM transaction WHERE status = 'PurchOrd:D'") == []
    seen = {row["status"] for row in client.rows("SELECT DISTINCT status FROM transaction WHERE type = 'PurchOrd'")}
    assert seen == set("ABCDEFGHP")
    (row,) = client.rows("SELECT * FROM transactionstatus WHERE trantype = 'PurchOrd' AND id = 'F'")
    assert row["fullname"] == "Purchase Order : Pending Bill"


def test_totals_are_negative_where_rest_shows_them_positive(client):
    for kind in ("PurchOrd", "VendBill"):
        for row in client.rows("SELECT id, recordtype, foreigntotal, total FROM transaction WHERE type = ?", kind):
            shown = client.get(f"{row['recordtype']}/{row['id']}")["total"]
            assert float(row["foreigntotal"]) == -float(shown)
            assert float(row["total"]) <= 0
    (sale,) = client.rows("SELECT foreigntotal FROM transaction WHERE type = 'SalesOrd'")
    assert sale == {"foreigntotal": "263.6"}
    lines = client.rows(
        "SELECT quantity, foreignamount FROM transactionline WHERE transaction = 2301 AND mainline = 'F'"
    )
    assert {row["quantity"] for row in lines} == {"-12", "-1"}
    assert all(row["foreignamount"].startswith("-") for row in lines)


def test_base_amounts_differ_from_foreign_ones_by_the_exchange_rate(client):
    (row,) = client.rows("SELECT exchangerate, foreigntotal, total FROM transaction WHERE id = 2180")
    assert row == {"exchangerate": "1.08", "foreigntotal": "-785", "total": "-847.8"}


def test_every_transaction_has_a_main_line_and_taxed_ones_a_tax_line(client):
    marks = client.rows(
        "SELECT mainline, taxline FROM transactionline WHERE transaction = 2184 ORDER BY linesequencenumber"
    )
    assert [(row["mainline"], row["taxline"]) for row in marks] == [("T", "F"), ("F", "F"), ("F", "T")]
    header = "LEFT JOIN transactionline l ON l.transaction = t.id AND l.mainline = 'T'"
    assert client.rows(f"SELECT t.id FROM transaction t {header} WHERE l.id IS NULL") == []


def test_receipt_lines_lie_there_twice(client, sandbox):
    tables = "transactionline tl JOIN transaction t ON t.id = tl.transaction"
    received = "t.type = 'ItemRcpt' AND tl.createdfrom = ?"
    query = f"SELECT tl.quantity FROM {tables} WHERE {received}"
    assert sum(int(row["quantity"]) for row in client.rows(query + " AND tl.mainline = 'F'", "2173")) == 0
    assert client.rows(query + " AND tl.isinventoryaffecting = 'T'", "2173") == [{"quantity": "400"}]
    sandbox.receive("2173", 3, 1)
    receipts = f"""SELECT tl.transaction, tl.id, tl.item, tl.quantity FROM {tables}
        WHERE {received} AND tl.isinventoryaffecting = 'T' ORDER BY tl.transaction, tl.id"""
    assert [row["item"] for row in client.rows(receipts, "2173")] == ["84", "85"]


def test_an_order_is_linked_to_its_receipts_and_bills_by_lines(client):
    rows = client.rows(
        """SELECT previousline, nexttype, linktype FROM previoustransactionlinelink
           WHERE previousdoc = 2178 ORDER BY nextdoc"""
    )
    assert rows == [
        {"previousline": "1", "nexttype": "ItemRcpt", "linktype": "ShipRcpt"},
        {"previousline": "1", "nexttype": "VendBill", "linktype": "OrdBill"},
    ]


def test_created_from_is_on_the_line_and_not_on_the_header(client):
    answer = detail(client.sql("SELECT createdfrom FROM transaction"))
    assert "Field 'createdfrom' for record 'transaction' was not found. Reason: NOT_EXPOSED" in answer["detail"]
    assert client.sql("SELECT t.createdfrom FROM transaction t").status == 400


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (
            "SELECT quantityreceived FROM transactionline",
            "Field 'quantityreceived' for record 'transactionline' was not found",
        ),
        ("SELECT internalid FROM item", "Field 'internalid' for record 'item' was not found"),
        ("SELECT t.expectedreceiptdate FROM transaction t", "Field 'expectedreceiptdate' for record 'transaction'"),
        ("SELECT id FROM purchaseorder", "Record 'purchaseorder' was not found"),
        ("SELECT name FROM sqlite_master", "Record 'sqlite_master' was not found"),
    ],
)
def test_an_unknown_name_is_a_400_in_these_words(client, query, text):
    answer = detail(client.sql(query))
    assert answer["o:errorCode"] == "INVALID_PARAMETER"
    assert answer["detail"].startswith(
        "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
    )
    assert text in answer["detail"]


def test_a_table_the_role_cannot_see_is_not_found_and_no_403(client, sandbox):
    sandbox.revoke("currency")
    query = "SELECT t.id, c.symbol FROM transaction t JOIN currency c ON c.id = t.currency"
    assert "Record 'currency' was not found." in detail(client.sql(query))["detail"]
    client.rows("SELECT currency FROM transaction")
    sandbox.grant("currency")
    assert client.rows(query)


def test_without_the_workbook_permission_every_query_is_a_403(client, sandbox):
    sandbox.revoke("SuiteAnalytics Workbook")
    assert detail(client.sql("SELECT id FROM currency"), 403)["o:errorCode"] == "INSUFFICIENT_PERMISSION"


def test_rows_of_a_record_type_the_role_cannot_see_are_missing(client, sandbox):
    sandbox.revoke("purchaseOrder")
    assert client.rows("SELECT id FROM transaction WHERE type = 'PurchOrd'") == []
    assert client.rows("SELECT id FROM transaction WHERE type = 'ItemRcpt'")


def test_rows_follow_writes_at_once(client):
    query = "SELECT memo, BUILTIN.DF(entity) AS vendor FROM transaction WHERE id = 2173"
    client.rows(query)
    client.patch("vendor/1722", {"companyName": "Acme Reborn Inc"})
    assert client.rows(query) == [{"memo": "Spring order", "vendor": "V-1001 Acme Reborn Inc"}]
    client.patch("purchaseOrder/2173", {"memo": "Now"})
    assert client.rows(query)[0]["memo"] == "Now"
    client.patch("purchaseOrder/2173", {"memo": None})
    assert "memo" not in client.rows(query)[0]
    client.patch("purchaseOrder/2173?replace=item", {"item": {"items": [{"line": 1}]}})
    assert len(client.rows("SELECT id FROM transactionline WHERE transaction = 2173 AND mainline = 'F'")) == 1


def test_deleted_records_are_in_a_table_of_their_own(client):
    client.ask("DELETE", "purchaseOrder/2174")
    assert client.rows("SELECT id FROM transaction WHERE id = 2174") == []
    (row,) = client.rows("SELECT recordid, type, TO_CHAR(deleteddate,'YYYY-MM-DD') AS day FROM deletedrecord")
    assert row == {"recordid": "2174", "type": "purchaseorder", "day": "2026-06-02"}


def test_a_multi_book_account_has_a_row_per_book(clock):
    query = "SELECT accountingbook, netamount FROM transactionaccountingline WHERE transaction = 2180 ORDER BY 1"
    single = Client(NetSuiteSandbox(now=clock), clock).log_on().rows(query)
    assert single == [{"accountingbook": "1", "netamount": "-847.8"}]
    double = Client(NetSuiteSandbox(now=clock, books=2), clock).log_on().rows(query)
    assert [row["accountingbook"] for row in double] == ["1", "2"]


def test_a_fulfilment_has_rows_of_its_cost(client):
    id = client.post("salesOrder/2301/!transform/itemFulfillment", None)
    query = "SELECT iscogs, quantity FROM transactionline WHERE transaction = ? AND item = 84 ORDER BY id"
    assert client.rows(query, id) == [{"iscogs": "F", "quantity": "-12"}, {"iscogs": "T", "quantity": "12"}]


def test_stock_follows_receipts(client):
    query = """SELECT item, location, quantityonhand, quantityavailable, quantityonorder FROM inventoryitemlocations
               WHERE item = 84 AND location = 1"""
    assert client.rows(query) == [
        {"item": "84", "location": "1", "quantityonhand": "429", "quantityavailable": "417", "quantityonorder": "600"}
    ]
    client.post("purchaseOrder/2173/!transform/itemReceipt", None)
    assert client.rows(query)[0]["quantityonhand"] == "1029"
    assert client.rows("SELECT quantityonhand FROM inventorybalance WHERE item = 84 AND location = 1") == [
        {"quantityonhand": "1029"}
    ]


def test_master_data_is_there_with_iso_codes_and_units(client):
    rows = client.rows("SELECT symbol, displaysymbol, currencyprecision FROM currency ORDER BY id")
    assert rows[-1] == {"symbol": "TND", "displaysymbol": "DT", "currencyprecision": "3"}
    units = client.rows(
        "SELECT u.abbreviation, u.conversionrate FROM unitstypeuom u WHERE u.unitstype = 3 ORDER BY u.internalid"
    )
    assert units[2] == {"abbreviation": "lb", "conversionrate": "0.45359237"}
    (item,) = client.rows("SELECT itemid, itemtype, BUILTIN.DF(purchaseunit) AS unit, cost FROM item WHERE id = 88")
    assert item == {"itemid": "WASHER-M8", "itemtype": "InvtPart", "unit": "Hundred", "cost": "1.95"}
    (vendor,) = client.rows("SELECT companyname, isinactive, isperson, terms FROM vendor WHERE id = 1724")
    assert vendor == {"companyname": "株式会社山田ベアリング", "isinactive": "F", "isperson": "F", "terms": "2"}
    relations = client.rows(
        "SELECT subsidiary, isprimarysub FROM vendorsubsidiaryrelationship WHERE entity = 1727 ORDER BY id"
    )
    assert relations == [{"subsidiary": "1", "isprimarysub": "T"}, {"subsidiary": "2", "isprimarysub": "F"}]
    assert len(client.rows("SELECT id FROM entity WHERE type = 'Vendor'")) == 8


def test_custom_fields_are_columns(client):
    (row,) = client.rows(
        """SELECT custbody2, custbody_is_expense_po, BUILTIN.DF(custbody_purchase_order_type) AS kind
           FROM transaction WHERE id = 2173"""
    )
    assert row == {"custbody2": "free text custom field", "custbody_is_expense_po": "F", "kind": "Stock"}


def test_a_body_without_a_query_is_refused(client):
    for body in ({}, {"q": ""}, {"q": 5}, [], {"q": "SELECT id FROM currency", "params": "1"}):
        answer = client.ask("POST", SUITEQL, body, prefer="transient")
        assert detail(answer)["o:errorCode"] == "INVALID_CONTENT"
    assert client.ask("GET", SUITEQL, prefer="transient").status == 405


def test_the_page_constructed_in_the_sheet_has_our_shape(client, shared):
    sample = json.loads((shared / "samples" / "suiteql_po_lines_page.json").read_text())
    page = client.sql(sample["request"]["body"]["q"], limit=1000, offset=0).json()
    theirs = sample["response"]
    assert page.keys() == theirs.keys()
    assert [link["rel"] for link in page["links"]] == [link["rel"] for link in theirs["links"]]
    ours = {row["lineid"]: row for row in page["items"] if row["id"] == "2173"}
    for row in theirs["items"]:
        known = ours[row["lineid"]]
        assert row.keys() <= known.keys()
        same = row.keys() - {"links", "lastmodified", "memo"}
        assert {name: known[name] for name in same} == {name: row[name] for name in same}
