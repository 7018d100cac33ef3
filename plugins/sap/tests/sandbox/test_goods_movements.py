"""Material documents: one deep insert, reversed by a function import; stock and orders follow (sap sheet §12)."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

SERVICE = "API_MATERIAL_DOCUMENT_SRV/"
TODAY = "/Date(1748822400000)/"


@pytest.fixture
def goods(connect, sandbox):
    return connect(sandbox, SERVICE)


def receipt(*items, **head):
    lines = [
        {
            "GoodsMovementType": "101",
            "GoodsMovementRefDocType": "B",
            "PurchaseOrder": "4500000001",
            "PurchaseOrderItem": "10",
            "QuantityInEntryUnit": "2",
            **item,
        }
        for item in items or ({},)
    ]
    given = {"GoodsMovementCode": "01", "PostingDate": TODAY, "DocumentDate": TODAY, **head}
    return {**given, "to_MaterialDocumentItem": {"results": lines}}


def codes(answer):
    assert answer.status == 400, answer.text()
    return [d["code"] for d in answer.json()["error"]["innererror"]["errordetails"]][:-1]


def stock(sandbox, material="TG11", plant="1010", store="101A", kind="01"):
    row = sandbox.world.store.find(
        "A_MatlStkInAcctMod", material, plant, store, "", "", "", "0", "", "0", "", kind
    )  # fmt: skip
    return row["MatlWrhsStkQtyInMatlBaseUnit"] if row else None


def test_the_published_example_is_posted(goods, shared_samples):
    body = json.loads((shared_samples / "s4_v2_goods_receipt_create_request.json").read_text())
    answer = goods.post("A_MaterialDocumentHeader", body)
    assert answer.status == 201, answer.text()
    made = answer.json()["d"]
    assert (made["MaterialDocumentYear"], made["ReferenceDocument"]) == ("2025", "DN-4711")
    assert made["to_MaterialDocumentItem"]["results"][0]["MaterialBaseUnit"] == "PC"
    assert answer.headers["location"].endswith(
        f"A_MaterialDocumentHeader(MaterialDocumentYear='2025',MaterialDocument='{made['MaterialDocument']}')"
    )


def test_a_receipt_takes_what_the_order_says_and_moves_the_stock(goods, sandbox):
    before = stock(sandbox)
    made = goods.post("A_MaterialDocumentHeader", receipt()).json()["d"]
    (item,) = made["to_MaterialDocumentItem"]["results"]
    assert (item["Material"], item["Plant"], item["StorageLocation"], item["EntryUnit"], item["Supplier"]) == (
        "TG11",
        "1010",
        "101A",
        "PC",
        "10300001",
    )
    assert (item["DebitCreditCode"], item["QuantityInBaseUnit"]) == ("S", "2.000")
    assert stock(sandbox) - before == 2


def test_a_receipt_moves_the_stamp_and_the_flag_of_its_order(goods, client):
    before = client.one("A_PurchaseOrder('4500000001')")["LastChangeDateTime"]
    goods.post("A_MaterialDocumentHeader", receipt({"QuantityInEntryUnit": "5"}))
    assert client.one("A_PurchaseOrder('4500000001')")["LastChangeDateTime"] != before
    item = "A_PurchaseOrderItem(PurchaseOrder='4500000001',PurchaseOrderItem='10')"
    assert client.one(item)["IsCompletelyDelivered"] is True


@pytest.mark.parametrize(
    ("item", "head", "code"),
    [
        ({"QuantityInEntryUnit": "6"}, {}, "M7/024"),
        ({"GoodsMovementType": "999"}, {}, "M7/023"),
        ({"GoodsMovementType": "102"}, {}, "M7/023"),
        ({"GoodsMovementType": "122", "QuantityInEntryUnit": "1"}, {}, "M7/021"),
        ({"GoodsMovementRefDocType": ""}, {}, "ME/083"),
        ({"PurchaseOrderItem": "90"}, {}, "ME/013"),
        ({"PurchaseOrder": "4500000007"}, {}, "M7/026"),
        ({"PurchaseOrder": "4500000010"}, {}, "06/032"),
        ({"Material": "66"}, {}, "M7/025"),
        ({"StorageLocation": "ZZZZ"}, {}, "M7/001"),
        ({"EntryUnit": "KG"}, {}, "ME/013"),
        ({"QuantityInEntryUnit": "0"}, {}, "ME/083"),
        ({}, {"PostingDate": None}, "ME/083"),
        ({}, {"GoodsMovementCode": ""}, "ME/083"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_moves(goods, sandbox, item, head, code):
    before, documents = stock(sandbox), len(sandbox.world.store.rows("A_MaterialDocumentHeader"))
    assert code in codes(goods.post("A_MaterialDocumentHeader", receipt(item, **head)))
    assert (stock(sandbox), len(sandbox.world.store.rows("A_MaterialDocumentHeader"))) == (before, documents)


def test_more_than_ordered_is_taken_where_the_order_allows_it(goods):
    over = {"PurchaseOrder": "4500000002", "QuantityInEntryUnit": "900"}
    assert goods.post("A_MaterialDocumentHeader", receipt(over)).status == 201


def test_stock_that_is_not_there_is_not_taken(goods):
    issue = {"GoodsMovementType": "201", "Material": "TG11", "Plant": "1010", "StorageLocation": "101B",
             "PurchaseOrder": "", "PurchaseOrderItem": "", "QuantityInEntryUnit": "8"}  # fmt: skip
    assert codes(goods.post("A_MaterialDocumentHeader", receipt(issue, GoodsMovementCode="03")))[0] == "M7/021"


def test_a_document_is_reversed_by_a_function_import_with_its_parameters_in_the_query(goods, sandbox):
    before = stock(sandbox)
    made = goods.post("A_MaterialDocumentHeader", receipt()).json()["d"]
    key = f"MaterialDocumentYear='2025'&MaterialDocument='{made['MaterialDocument']}'"
    answer = goods.post(f"Cancel?{key}&PostingDate=datetime'2025-06-03T00:00:00'")
    assert answer.status == 200, answer.text()
    reversal = answer.json()["d"]
    (item,) = goods.rows(f"A_MaterialDocumentItem?$filter=MaterialDocument eq '{reversal['MaterialDocument']}'")
    assert (item["GoodsMovementType"], item["ReversedMaterialDocument"]) == ("102", made["MaterialDocument"])
    assert item["GoodsMovementIsCancelled"] is False
    (original,) = goods.rows(f"A_MaterialDocumentItem?$filter=MaterialDocument eq '{made['MaterialDocument']}'")
    assert original["GoodsMovementIsCancelled"] is True
    assert stock(sandbox) == before
    assert codes(goods.post(f"Cancel?{key}")) == ["M7/022"]


def test_one_item_is_reversed_alone(goods):
    other = {"PurchaseOrder": "4500000008", "QuantityInEntryUnit": "7"}
    made = goods.post("A_MaterialDocumentHeader", receipt({}, other)).json()["d"]
    key = f"MaterialDocumentYear='2025'&MaterialDocument='{made['MaterialDocument']}'&MaterialDocumentItem='2'"
    item = goods.post(f"CancelItem?{key}").json()["d"]
    assert (item["GoodsMovementType"], item["QuantityInEntryUnit"], item["PurchaseOrder"]) == (
        "102",
        "7.000",
        "4500000008",
    )
    rows = goods.rows(f"A_MaterialDocumentItem?$filter=MaterialDocument eq '{made['MaterialDocument']}'")
    assert [row["GoodsMovementIsCancelled"] for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "Cancel?MaterialDocumentYear='2025'&MaterialDocument='5000000001'", 404),
        ("PATCH", "Cancel?MaterialDocumentYear='2025'&MaterialDocument='5000000001'", 405),
        ("POST", "Cancel?MaterialDocumentYear='2025'", 400),
        ("POST", "Cancel?MaterialDocumentYear=2025&MaterialDocument='5000000001'", 400),
        ("POST", "Cancel?MaterialDocumentYear='2025'&MaterialDocument='5999999999'", 400),
        ("PATCH", "A_MaterialDocumentHeader(MaterialDocumentYear='2025',MaterialDocument='5000000001')", 405),
        ("DELETE", "A_MaterialDocumentHeader(MaterialDocumentYear='2025',MaterialDocument='5000000001')", 405),
        ("POST", "A_MaterialDocumentItem", 405),
    ],
)
def test_what_the_service_does_not_do_is_refused(goods, method, path, status):
    goods.fetch_token()
    assert goods.ask(method, path, b"{}", content_type="application/json").status == status


def test_a_failed_write_in_a_change_set_takes_back_what_moved(goods, sandbox):
    before = stock(sandbox)
    goods.fetch_token()
    two = [json.dumps(receipt()), json.dumps(receipt({"QuantityInEntryUnit": "99"}))]
    parts = "".join(
        f"--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"POST A_MaterialDocumentHeader HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n"
        for body in two
    )
    content = f"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{parts}--c--\r\n--b--\r\n"
    answer = goods.ask("POST", "$batch", content.encode(), content_type="multipart/mixed; boundary=b")
    assert answer.status == 202
    assert b" 400 " in answer.content
    assert stock(sandbox) == before


def test_stock_is_served_with_fourteen_decimals_and_cannot_be_written(connect, sandbox):
    client = connect(sandbox, "API_MATERIAL_STOCK_SRV/")
    rows = client.rows("A_MatlStkInAcctMod?$filter=Material eq 'TG11' and Plant eq '1010'")
    assert {row["MatlWrhsStkQtyInMatlBaseUnit"] for row in rows} == {
        "118.00000000000000",
        "7.00000000000000",
        "4.00000000000000",
    }
    below = client.rows("A_MaterialStock?$filter=Material eq 'TG11'&$expand=to_MatlStkInAcctMod")
    assert len(below[0]["to_MatlStkInAcctMod"]["results"]) == 4
    assert client.post("A_MatlStkInAcctMod", {}).status == 405


def test_a_receipt_by_the_lever_is_a_document_like_any_other(sandbox, goods):
    sandbox.receive("4500000001", "10", Decimal(1))
    assert (
        goods.rows("A_MaterialDocumentItem?$filter=PurchaseOrder eq '4500000001'")[0]["QuantityInEntryUnit"] == "1.000"
    )


@pytest.fixture(scope="module")
def shared_samples():
    folder = Path(os.environ.get("ANYERP_SHARED") or Path(__file__).parents[5] / "shared") / "erp" / "sap" / "samples"
    if not folder.is_dir():
        pytest.skip("no published examples here (ANYERP_SHARED)")
    return folder
