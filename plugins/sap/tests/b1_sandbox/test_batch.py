"""$batch: several requests in one (sap sheet §13)."""

import json

import pytest

CRLF = "\r\n"


def http(line, body=None, **headers):
    lines = [f"{line} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return CRLF.join([*lines, "", "" if body is None else json.dumps(body)])


def part(content, kind="application/http", number=None):
    head = [f"Content-Type: {kind}", "Content-Transfer-Encoding: binary"]
    head += [f"Content-ID: {number}"] if number else []
    return CRLF.join([*head, "", content])


def multipart(parts, boundary="batch_1"):
    return "".join(f"--{boundary}{CRLF}{each}{CRLF}" for each in parts) + f"--{boundary}--{CRLF}"


def changeset(*requests):
    inner = [part(request, number=place + 1) for place, request in enumerate(requests)]
    return part(multipart(inner, "change_1"), "multipart/mixed; boundary=change_1")


def run(client, *parts):
    headers = {"Content-Type": "multipart/mixed;boundary=batch_1"}
    return client.send("POST", "$batch", multipart(parts).encode(), headers)


def statuses(answer):
    return [int(line.split()[1]) for line in answer.text().split(CRLF) if line.startswith("HTTP/1.1")]


def test_a_batch_reads_and_writes(erp, order):
    answer = run(
        erp,
        part(http("GET /b1s/v2/PurchaseOrders(1)?$select=DocEntry")),
        part(http("POST PurchaseOrders", order(NumAtCard="B-1"))),
        part(http("PATCH /b1s/v2/PurchaseOrders(1)", {"Comments": "from a batch"})),
    )
    assert answer.media_type == "multipart/mixed"
    assert (answer.status, statuses(answer)) == (200, [200, 201, 204])
    assert erp.get("PurchaseOrders(1)")["Comments"] == "from a batch"
    assert len(erp.rows("PurchaseOrders?$filter=NumAtCard eq 'B-1'&$select=DocEntry")) == 1


def test_it_stops_at_the_first_failing_part_and_says_nothing_of_the_rest(erp, order):
    answer = run(
        erp,
        part(http("POST PurchaseOrders", order(NumAtCard="B-1"))),
        part(http("POST PurchaseOrders", order(CardCode="nope"))),
        part(http("POST PurchaseOrders", order(NumAtCard="B-3"))),
    )
    assert (answer.status, statuses(answer)) == (200, [201, 400])
    rows = erp.rows("PurchaseOrders?$filter=startswith(NumAtCard,'B-')&$select=NumAtCard")
    assert [row["NumAtCard"] for row in rows] == ["B-1"]


def test_a_changeset_is_done_whole(erp, order):
    answer = run(
        erp,
        changeset(http("POST PurchaseOrders", order()), http("PATCH PurchaseOrders(1)", {"Comments": "x"})),
        part(http("GET PurchaseOrders/$count")),
    )
    assert statuses(answer) == [201, 204, 200]
    assert "Content-ID: 2" in answer.text()


def test_a_failed_changeset_is_one_part_and_undone_with_its_stock(erp, order):
    before = erp.get("Items('A1001')")
    answer = run(
        erp,
        changeset(
            http("POST PurchaseOrders", order(NumAtCard="B-1")), http("POST PurchaseOrders", order(CardCode="x"))
        ),
        part(http("GET PurchaseOrders/$count")),
    )
    assert statuses(answer) == [400]
    assert "Invalid BP code" in answer.text()
    assert len(erp.rows("PurchaseOrders?$select=DocEntry")) == 12
    assert erp.get("Items('A1001')") == before


def test_a_part_may_refer_to_what_an_earlier_one_made(erp, order):
    answer = run(
        erp,
        changeset(
            http("POST PurchaseOrders", order()),
            http("PATCH $1", {"Comments": "of the same batch"}),
            http("POST /b1s/v2/$1/Close"),
        ),
    )
    assert statuses(answer) == [201, 204, 204]
    row = erp.get("PurchaseOrders(13)")
    assert (row["Comments"], row["DocumentStatus"]) == ("of the same batch", "bost_Close")


def test_the_headers_of_a_part_count(erp):
    stale = erp.get("PurchaseOrders(1)")["@odata.etag"]
    erp.sandbox.touch(1)
    answer = run(erp, part(http("PATCH PurchaseOrders(1)", {"Comments": "x"}, If_Match=stale)))
    assert statuses(answer) == [412]


def test_the_older_version_answers_202(connect):
    assert run(connect("v1"), part(http("GET Items('A1000')?$select=ItemCode"))).status == 202


def test_a_changeset_holds_no_reads(erp):
    answer = run(erp, changeset(http("GET Items")))
    assert (answer.status, answer.json()["error"]["code"]) == (400, "-1000")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/json", b"{}"),
        ("multipart/mixed", b""),
        ("multipart/mixed;boundary=b", b""),
        ("multipart/mixed;boundary=b", b"--b\r\n\r\nGET Items\r\n"),
        ("multipart/mixed;boundary=b", b"--b\r\nContent-Type: application/http\r\n\r\nnonsense\r\n--b--"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused(erp, kind, content):
    answer = erp.send("POST", "$batch", content, {"Content-Type": kind})
    assert (answer.status, answer.json()["error"]["code"]) == (400, "-1000")


def test_a_batch_needs_a_session(erp):
    erp.cookies.clear()
    assert run(erp, part(http("GET Items"))).status == 401


def test_fifty_orders_in_one_batch(erp, order):
    answer = run(erp, *(part(http("POST PurchaseOrders", order(NumAtCard=f"R-{number}"))) for number in range(50)))
    assert statuses(answer) == [201] * 50
    assert erp.send("GET", "PurchaseOrders/$count?$filter=startswith(NumAtCard,'R-')").content == b"50"
