"""Receipts, bills and their kin made from orders, and what they do to the order and to stock."""

from __future__ import annotations

import pytest

from .conftest import detail, new_order

RECEIVE = "purchaseOrder/{}/!transform/itemReceipt"


def lines_of(client, kind, id):
    return client.get(f"{kind}/{id}?expandSubResources=true")["item"]["items"]


def received(client, order):
    return [(line["line"], line["quantityReceived"]) for line in client.lines(order)]


def stock(client, item=84, place="1"):
    rows = client.get(f"inventoryItem/{item}?expandSubResources=true")["locations"]["items"]
    return next(row for row in rows if row["location"]["id"] == place)


def test_without_a_body_every_receivable_line_is_taken_in_full(client):
    before = stock(client)
    answer = client.ask("POST", RECEIVE.format("2173"))
    assert answer.status == 204
    assert "/itemreceipt/" in answer.headers["location"]
    receipt = answer.headers["location"].rpartition("/")[2]
    assert [(line["orderLine"], line["quantity"]) for line in lines_of(client, "itemReceipt", receipt)] == [
        (1, 600),
        (3, 2),
    ]
    assert received(client, "2173") == [(1, 1000), (3, 2)]
    assert client.get("purchaseOrder/2173")["status"]["id"] == "Pending Bill"
    after = stock(client)
    assert after["quantityOnHand"] - before["quantityOnHand"] == 600
    assert before["quantityOnOrder"] - after["quantityOnOrder"] == 600
    assert client.get(f"itemReceipt/{receipt}")["createdFrom"]["links"][0]["href"].endswith("/purchaseorder/2173")


def test_a_line_that_the_body_does_not_name_is_received_all_the_same(client):
    body = {"item": {"items": [{"orderLine": 1, "itemReceive": True, "quantity": 5}]}}
    client.post(RECEIVE.format("2173"), body)
    assert received(client, "2173") == [(1, 405), (3, 2)]


def test_a_partial_receipt_names_every_line(client):
    body = {
        "memo": "Dock 4",
        "item": {"items": [{"orderLine": 1, "quantity": 5.5}, {"orderLine": 3, "itemReceive": False}]},
    }
    receipt = client.post(RECEIVE.format("2173"), body)
    assert [(line, float(amount)) for line, amount in received(client, "2173")] == [(1, 405.5), (3, 0)]
    assert client.get(f"itemReceipt/{receipt}")["memo"] == "Dock 4"
    assert client.get("purchaseOrder/2173")["status"]["id"] == "Partially Received"


def test_the_line_key_of_oracles_own_example_is_taken_too(client):
    body = {"item": {"items": [{"line": 1, "itemReceive": False}, {"line": 3, "quantity": 1}]}}
    client.post(RECEIVE.format("2173"), body)
    assert received(client, "2173") == [(1, 400), (3, 1)]


def test_replace_leaves_only_the_lines_of_the_body(client):
    client.post(RECEIVE.format("2173") + "?replace=item", {"item": {"items": [{"orderLine": 3}]}})
    assert received(client, "2173") == [(1, 400), (3, 2)]


@pytest.mark.parametrize(
    "item",
    [
        {"orderLine": 1, "quantity": 601},
        {"orderLine": 2, "quantity": 1},
        {"quantity": 1},
        {"orderLine": 1, "quantity": 5, "location": {"id": 9}},
    ],
)
def test_what_the_order_does_not_have_open_cannot_be_received(client, item):
    before = stock(client)
    answer = detail(client.ask("POST", RECEIVE.format("2173"), {"item": {"items": [item]}}))
    assert answer["o:errorPath"].startswith("item.items[0]")
    assert received(client, "2173") == [(1, 400), (3, 0)]
    assert stock(client) == before


@pytest.mark.parametrize("order", ["2174", "2176", "2179", "2180", "2181", "2182"])
def test_an_order_that_waits_is_rejected_planned_closed_or_done_receives_nothing(client, order):
    assert detail(client.ask("POST", RECEIVE.format(order)))["o:errorCode"] == "USER_ERROR"


def test_a_receipt_of_no_line_is_refused(client):
    body = {"item": {"items": [{"orderLine": 1, "itemReceive": False}, {"orderLine": 3, "quantity": 0}]}}
    assert "at least one line" in detail(client.ask("POST", RECEIVE.format("2173"), body))["detail"]


def test_services_and_charges_are_not_received(client):
    receipt = client.post(RECEIVE.format("2175"), None)
    assert [line["orderLine"] for line in lines_of(client, "itemReceipt", receipt)] == [1]
    assert client.get("purchaseOrder/2175")["status"]["id"] == "Pending Bill"


def test_lots_must_be_told_and_add_up(client):
    def receive(*quantities):
        lots = [{"receiptInventoryNumber": f"LOT-{n}", "quantity": q} for n, q in enumerate(quantities)]
        detail = {"inventoryDetail": {"inventoryAssignment": {"items": lots}}} if lots else {}
        lines = [{"orderLine": 1, "quantity": 30, **detail}, {"orderLine": 2, "itemReceive": False}]
        return client.ask("POST", RECEIVE.format("2183"), {"item": {"items": lines}})

    assert "inventory detail" in detail(receive())["detail"]
    assert "must match" in detail(receive(10, 10))["detail"]
    answer = receive(10, 20)
    assert answer.status == 204
    (line,) = lines_of(client, "itemReceipt", answer.headers["location"].rpartition("/")[2])
    lots = line["inventoryDetail"]["inventoryAssignment"]["items"]
    assert [(lot["internalId"], lot["receiptInventoryNumber"]) for lot in lots] == [(1, "LOT-0"), (2, "LOT-1")]


def test_stock_is_counted_in_the_stock_unit(client):
    before = stock(client, 87, "3")
    client.post(RECEIVE.format("2175"), None)  # 3 reels of 305 m
    assert stock(client, 87, "3")["quantityOnHand"] - before["quantityOnHand"] == 915


def test_a_bare_receipt_is_linked_to_nothing(client):
    body = {
        "entity": {"id": 1722},
        "subsidiary": {"id": 1},
        "createdFrom": {"id": "2173"},
        "item": {"items": [{"item": {"id": 84}, "quantity": 600, "location": {"id": 1}}]},
    }
    receipt = client.get("itemReceipt/" + client.post("itemReceipt", body))
    assert "createdFrom" not in receipt
    assert received(client, "2173") == [(1, 400), (3, 0)]


def test_a_deleted_receipt_opens_the_order_again(client):
    before = stock(client)
    receipt = client.post(RECEIVE.format("2173"), None)
    assert client.ask("DELETE", f"itemReceipt/{receipt}").status == 204
    assert received(client, "2173") == [(1, 400), (3, 0)]
    assert stock(client) == before


def test_a_changed_receipt_moves_the_difference(client):
    receipt = client.post(RECEIVE.format("2173"), None)
    client.patch(f"itemReceipt/{receipt}", {"item": {"items": [{"line": 1, "quantity": 100}]}})
    assert received(client, "2173") == [(1, 500), (3, 2)]
    answer = client.ask("PATCH", f"itemReceipt/{receipt}", {"item": {"items": [{"line": 1, "quantity": 601}]}})
    assert "remains on the order" in detail(answer)["detail"]
    assert received(client, "2173") == [(1, 500), (3, 2)]


def test_someone_else_receives_behind_our_back(client, sandbox):
    receipt = sandbox.receive("2177", 2, 60)
    assert client.get(f"itemReceipt/{receipt}")["createdFrom"]["id"] == "2177"
    assert received(client, "2177") == [(1, 40), (2, 60)]


def test_a_bill_takes_what_is_not_billed_with_prices_and_charges(client):
    bill = client.post("purchaseOrder/2183/!transform/vendorBill", {"tranId": "R-77", "tranDate": "2026-06-01"})
    document = client.get(f"vendorBill/{bill}?expandSubResources=true")
    assert (document["tranId"], document["status"]["id"], str(document["total"])) == ("R-77", "Open", "1780.2")
    assert [line["orderDoc"]["id"] for line in document["item"]["items"]] == ["2183", "2183"]
    assert document["expense"]["items"][0]["memo"] == "Customs broker"
    assert [line["quantityBilled"] for line in client.lines("2183")] == [30, 2]
    again = client.ask("POST", "purchaseOrder/2183/!transform/vendorBill")
    assert "nothing is left" in detail(again)["detail"]
    client.ask("DELETE", f"vendorBill/{bill}")
    assert client.ask("POST", "purchaseOrder/2183/!transform/vendorBill").status == 204


def test_billing_in_part_and_receiving_lead_to_every_status(client):
    order = client.post("purchaseOrder", new_order(item={"items": [{"item": {"id": 84}, "quantity": 10, "rate": 1}]}))

    def step(target, quantity):
        client.post(
            f"purchaseOrder/{order}/!transform/{target}", {"item": {"items": [{"orderLine": 1, "quantity": quantity}]}}
        )
        return client.get(f"purchaseOrder/{order}")["orderStatus"]["id"]

    steps = [("itemReceipt", 4), ("vendorBill", 2), ("vendorBill", 2), ("itemReceipt", 6), ("vendorBill", 6)]
    assert [step(*one) for one in steps] == ["D", "E", "D", "F", "G"]


def test_goods_that_came_can_go_back(client):
    back = client.post("purchaseOrder/2179/!transform/vendorReturnAuthorization", None)
    (line,) = lines_of(client, "vendorReturnAuthorization", back)
    assert (line["orderLine"], line["quantity"]) == (1, 20)
    assert client.ask("POST", "purchaseOrder/2175/!transform/vendorReturnAuthorization").status == 400


def test_sales_orders_are_fulfilled_and_invoiced(client):
    before = stock(client)
    client.post("salesOrder/2301/!transform/itemFulfillment", None)
    after = stock(client)
    assert before["quantityOnHand"] - after["quantityOnHand"] == 12
    assert (before["quantityCommitted"], after["quantityCommitted"]) == (12, 0)
    assert client.get("salesOrder/2301")["status"]["id"] == "Pending Billing"
    invoice = client.post("salesOrder/2301/!transform/invoice", None)
    assert str(client.get(f"invoice/{invoice}")["total"]) == "263.6"
    assert client.get("salesOrder/2301")["status"]["id"] == "Billed"


def test_an_order_can_be_made_from_its_vendor(client):
    body = new_order()
    del body["entity"]
    order = client.post("vendor/1722/!transform/purchaseOrder", body)
    assert client.get(f"purchaseOrder/{order}")["entity"]["id"] == "1722"


def test_other_transformations_do_not_exist(client, sandbox):
    assert client.ask("POST", "purchaseOrder/2173/!transform/invoice").status == 400
    assert client.ask("POST", "purchaseOrder/2173/!transform/nonsense").status == 404
    assert client.ask("GET", "purchaseOrder/2173/!transform/itemReceipt").status == 405
    sandbox.revoke("itemReceipt")
    assert detail(client.ask("POST", RECEIVE.format("2173")), 403)["o:errorCode"] == "INSUFFICIENT_PERMISSION"
