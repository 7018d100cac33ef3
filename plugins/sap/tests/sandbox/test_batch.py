"""`$batch`: reads, change sets, and what goes wrong in them."""

from __future__ import annotations

import json
import re

import pytest

ITEM = "A_PurchaseOrderItem(PurchaseOrder='{}',PurchaseOrderItem='{}')"


def request(method, path, body=None, content_id="", **headers):
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    lines += [f"Content-ID: {content_id}"] if content_id else []
    lines += ["", f"{method} {path} HTTP/1.1", "Accept: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: application/json"] if body is not None else []
    return "\r\n".join([*lines, "", "" if body is None else json.dumps(body), ""])


def changeset(*parts):
    inner = "".join(f"--changeset_1\r\n{part}\r\n" for part in parts)
    return f"Content-Type: multipart/mixed; boundary=changeset_1\r\n\r\n{inner}--changeset_1--\r\n"


def send(client, *parts):
    content = "".join(f"--batch_1\r\n{part}\r\n" for part in parts) + "--batch_1--\r\n"
    if not client.token:
        client.fetch_token()
    return client.ask("POST", "$batch", content.encode(), content_type="multipart/mixed; boundary=batch_1")


def statuses(answer):
    assert answer.status == 202, answer.text()
    return [int(status) for status in re.findall(r"HTTP/1\.1 (\d+)", answer.text())]


def bodies(answer):
    return [json.loads(line) for line in answer.text().split("\r\n") if line.startswith("{")]


def test_reads_and_writes_answer_in_order(client):
    answer = send(
        client,
        changeset(request("PATCH", ITEM.format("4500000001", "10"), {"OrderQuantity": "6"}, "1", If_Match="*")),
        request("GET", ITEM.format("4500000001", "10") + "?$select=OrderQuantity"),
        request("GET", "A_PurchaseOrder('4999999999')"),
    )
    assert statuses(answer) == [204, 200, 404]
    assert bodies(answer)[0]["d"]["OrderQuantity"] == "6.000"
    assert re.search(r"Content-Length: {2,}\d+", answer.text())
    assert re.search(r"content-id: 1\r\n", answer.text())


def test_a_change_set_is_all_or_nothing_and_answers_with_one_error(client):
    before = client.one("A_PurchaseOrder('4500000002')?$expand=to_PurchaseOrderItem")
    answer = send(
        client,
        changeset(
            request("PATCH", ITEM.format("4500000002", "10"), {"OrderQuantity": "50"}, "a", If_Match="*"),
            request("PATCH", ITEM.format("4500000002", "20"), {"Plant": "9999"}, "b", If_Match="*"),
        ),
        request("GET", "A_PurchaseOrder/$count"),
    )
    assert statuses(answer) == [400, 200]
    details = bodies(answer)[0]["error"]["innererror"]["errordetails"]
    assert {detail["ContentID"] for detail in details} == {"b"}
    assert client.one("A_PurchaseOrder('4500000002')?$expand=to_PurchaseOrderItem") == before


def test_tags_of_a_change_set_are_compared_with_the_state_before_it(client):
    first, second = (client.etag(ITEM.format("4500000002", n)) for n in ("10", "20"))
    order = client.etag("A_PurchaseOrder('4500000002')")
    parts = (
        request("PATCH", ITEM.format("4500000002", "10"), {"OrderQuantity": "50"}, If_Match=first),
        request("PATCH", ITEM.format("4500000002", "20"), {"OrderQuantity": "260"}, If_Match=second),
        request("PATCH", "A_PurchaseOrder('4500000002')", {"PurchasingGroup": "003"}, If_Match=order),
    )
    assert statuses(send(client, changeset(*parts))) == [204, 204, 204]
    assert statuses(send(client, changeset(*parts))) == [412]


def test_a_change_set_takes_one_document_only(client, order_body):
    answer = send(client, changeset(*(request("POST", "A_PurchaseOrder", order_body) for _ in range(2))))
    assert statuses(answer) == [400]
    assert "one business object only" in bodies(answer)[0]["error"]["message"]["value"]
    assert client.get("A_PurchaseOrder/$count").text() == "13"


def test_several_change_sets_succeed_and_fail_on_their_own(client, order_body):
    bad = {**order_body, "Supplier": "4711"}
    answer = send(
        client, *(changeset(request("POST", "A_PurchaseOrder", body)) for body in (order_body, bad, order_body))
    )
    assert statuses(answer) == [201, 400, 201]
    numbers = [body["d"]["PurchaseOrder"] for body in bodies(answer) if "d" in body]
    assert len(set(numbers)) == 2
    assert client.get("A_PurchaseOrder/$count").text() == "15"


def test_a_content_id_stands_for_an_entity_created_before(client, order_body):
    note = {"TextObjectType": "F01", "Language": "EN", "PlainLongText": "see drawing"}
    answer = send(
        client,
        changeset(
            request("POST", "A_PurchaseOrder", order_body, "new"),
            request(
                "POST", "$new/to_PurchaseOrderItem", {"Material": "66", "Plant": "1010", "OrderQuantity": "2"}, "i"
            ),
            request("POST", "$i/to_PurchaseOrderItemNote", note, "n"),
        ),
    )
    assert statuses(answer) == [201, 201, 201]
    assert bodies(answer)[2]["d"]["PurchaseOrderItem"] == "20"


def test_a_write_outside_a_change_set_and_a_read_inside_one_are_refused(client):
    answer = send(
        client,
        request("PATCH", ITEM.format("4500000001", "10"), {"OrderQuantity": "6"}, If_Match="*"),
        changeset(request("GET", "A_PurchaseOrder/$count")),
    )
    assert statuses(answer) == [400, 400]


def test_an_inner_request_asks_for_its_own_format(client):
    part = request("GET", "A_PurchaseOrder('4500000001')").replace("Accept: application/json", "Accept: */*")
    assert "<entry " in send(client, part).text()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"--batch_1--\r\n",
        b"--other\r\nContent-Type: application/http\r\n\r\nGET A_PurchaseOrder HTTP/1.1\r\n\r\n\r\n--other--\r\n",
        b"--batch_1\nContent-Type: application/http\n\nGET A_PurchaseOrder HTTP/1.1\n\n\n--batch_1--\n",
        b"--batch_1\r\nContent-Type: application/http\r\nGET A_PurchaseOrder HTTP/1.1\r\n--batch_1--\r\n",
        b"--batch_1\r\nContent-Type: text/plain\r\n\r\nGET A_PurchaseOrder HTTP/1.1\r\n\r\n\r\n--batch_1--\r\n",
        b"--batch_1\r\nContent-Type: application/http\r\n\r\nFETCH A_PurchaseOrder HTTP/1.1\r\n\r\n\r\n--batch_1--\r\n",
        b"--batch_1\r\nContent-Type: application/http\r\n\r\nGET A_PurchaseOrder HTTP/1.1\r\n\r\n\r\n",
    ],
)
def test_a_malformed_batch_is_a_400_as_a_whole(client, content):
    client.fetch_token()
    answer = client.ask("POST", "$batch", content, content_type="multipart/mixed; boundary=batch_1")
    assert answer.status == 400, answer.text()


def test_a_path_with_a_leading_slash_is_not_found(client):
    assert statuses(send(client, request("GET", "/A_PurchaseOrder('4500000001')"))) == [404]


def test_a_batch_needs_a_token_like_any_write(client):
    client.token = "wrong"
    assert send(client, request("GET", "A_PurchaseOrder/$count")).status == 403
