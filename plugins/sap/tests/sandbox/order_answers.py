"""What is in answers about purchase orders: shared by the tests of this folder."""

from __future__ import annotations

ITEM = "A_PurchaseOrderItem(PurchaseOrder='{}',PurchaseOrderItem='{}')"


def item_of(body):
    return body["to_PurchaseOrderItem"]["results"][0]


def refusal(answer, status=400):
    assert answer.status == status, answer.text()
    return answer.json()["error"]


def codes(answer):
    return [detail["code"] for detail in refusal(answer)["innererror"]["errordetails"]]
