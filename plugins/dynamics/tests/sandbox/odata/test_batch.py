"""Batches in both forms: order, atomicity, references, and what is not a batch."""

from __future__ import annotations

import json

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response
from anyerp_dynamics.sandbox.odata import (
    ChangeSet,
    ODataError,
    Operation,
    count,
    read_json_batch,
    read_multipart,
    run_json_batch,
    run_multipart,
)


class Counter:
    """A service that keeps what was posted, refuses `bad`, and can undo."""

    def __init__(self):
        self.kept = []
        self.seen = []

    def handle(self, call):
        self.seen.append((call.method, call.target))
        if "bad" in call.target:
            return Response(400, Headers({"Content-Type": "application/json"}), b'{"error":1}')
        if call.method == "POST":
            self.kept.append(call.content)
            return Response(201, Headers({"Location": f"https://h/things({len(self.kept)})"}))
        return Response(200, Headers({"Content-Type": "text/plain"}), b"ok")

    def begin(self):
        kept = list(self.kept)

        def undo():
            self.kept = kept

        return undo


def part(request, content_id=None):
    named = f"Content-ID: {content_id}\r\n" if content_id else ""
    return f"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n{named}\r\n{request}"


def multipart(*parts, mark="b"):
    return "".join(f"--{mark}\r\n{each}\r\n" for each in parts) + f"--{mark}--\r\n"


def change_set(*parts, mark="c"):
    return f"Content-Type: multipart/mixed; boundary={mark}\r\n\r\n" + multipart(*parts, mark=mark)


def asked(text, mark="b"):
    return Call("POST", "/data/$batch", Headers({"Content-Type": f"multipart/mixed; boundary={mark}"}), text.encode())


POST = "POST things HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}\r\n"
GET = "GET things HTTP/1.1\r\n\r\n\r\n"


def test_multipart_is_read_part_by_part():
    read = read_multipart(asked(multipart(part(GET), change_set(part(POST, "1"), part(POST, "2")))))
    assert read[0] == Operation(Call("GET", "things", Headers(), b"\r\n"))
    assert isinstance(read[1], ChangeSet)
    assert [operation.id for operation in read[1].operations] == ["1", "2"]
    assert read[1].operations[0].call.headers["content-type"] == "application/json"
    assert json.loads(read[1].operations[0].call.content) == {}
    assert count(read) == 3


def test_a_failed_change_set_leaves_nothing_and_answers_once():
    service = Counter()
    bad = "POST bad HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}\r\n"
    text = multipart(change_set(part(POST, "1"), part(bad, "2"), part(POST, "3")), part(GET))
    answer = run_multipart(read_multipart(asked(text)), service.handle, service.begin, continue_on_error=True)
    assert answer.status == 200
    assert service.kept == []
    shown = answer.text()
    assert (shown.count("HTTP/1.1 400 Bad Request"), shown.count("HTTP/1.1 201"), shown.count("HTTP/1.1 200 OK")) == (
        1,
        0,
        1,
    )
    assert "Content-ID: 2" in shown
    assert service.seen == [("POST", "things"), ("POST", "bad"), ("GET", "things")]


def test_without_a_word_a_batch_stops_at_the_first_error():
    service = Counter()
    bad = "GET bad HTTP/1.1\r\n\r\n\r\n"
    run_multipart(read_multipart(asked(multipart(part(bad), part(GET)))), service.handle, service.begin)
    assert service.seen == [("GET", "bad")]


def test_an_operation_can_point_at_what_an_earlier_one_made():
    service = Counter()
    below = "POST $1/Lines HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}\r\n"
    run_multipart(
        read_multipart(asked(multipart(change_set(part(POST, "1"), part(below, "2"))))), service.handle, service.begin
    )
    assert service.seen[1] == ("POST", "https://h/things(1)/Lines")


@pytest.mark.parametrize(
    "call",
    [
        Call("POST", "/$batch", Headers({"Content-Type": "application/xml"}), b""),
        Call("POST", "/$batch", Headers({"Content-Type": "multipart/mixed"}), b""),
        asked("--b\r\n" + part(GET)),
        asked(multipart("Content-Type: text/plain\r\n\r\nhello")),
        asked(multipart(part("hello"))),
        asked(multipart(change_set(part(GET)))),
    ],
)
def test_what_is_no_batch_is_refused(call):
    with pytest.raises(ODataError):
        read_multipart(call)


def told(*requests):
    return Call(
        "POST", "/v2/$batch", Headers({"Content-Type": "application/json"}), json.dumps({"requests": requests}).encode()
    )


def test_a_json_batch_answers_in_order_with_ids_or_null():
    service = Counter()
    parts = read_json_batch(
        told({"method": "get", "url": "things", "id": 7}, {"method": "GET", "url": "/abs/bad"}), "/v2"
    )
    body = run_json_batch(parts, service.handle, service.begin).json()
    assert service.seen == [("GET", "/v2/things"), ("GET", "/abs/bad")]
    assert [(each["id"], each["status"], each["body"]) for each in body["responses"]] == [
        ("7", 200, "ok"),
        (None, 400, {"error": 1}),
    ]


def test_a_json_batch_can_be_one_transaction_and_groups_are_change_sets():
    service = Counter()
    post, bad = {"method": "POST", "url": "things", "body": {"a": 1}}, {"method": "POST", "url": "bad", "body": {}}
    answer = run_json_batch(read_json_batch(told(post, bad, post)), service.handle, service.begin, together=True)
    assert [each["status"] for each in answer.json()["responses"]] == [201, 400, 201]
    assert service.kept == []
    grouped = [post | {"atomicityGroup": "g"}, bad | {"atomicityGroup": "g"}, post]
    answer = run_json_batch(read_json_batch(told(*grouped)), service.handle, service.begin)
    assert [each["status"] for each in answer.json()["responses"]] == [400, 201]
    assert service.kept == [b'{"a":1}']


def test_a_json_batch_stops_at_an_error_when_told_to():
    service = Counter()
    parts = read_json_batch(told({"method": "GET", "url": "bad"}, {"method": "GET", "url": "things"}))
    run_json_batch(parts, service.handle, service.begin, continue_on_error=False)
    assert len(service.seen) == 1


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"requests": 1}', b'{"requests": [{"method": "GET"}]}', b'{"requests": [1]}']
)
def test_what_is_no_json_batch_is_refused(content):
    with pytest.raises(ODataError):
        read_json_batch(Call("POST", "/$batch", Headers(), content))
