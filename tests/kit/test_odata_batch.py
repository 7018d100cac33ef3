"""OData `$batch`: what we send is read by services of others, what they answer is read by us (sap sheet §9)."""

from __future__ import annotations

import re
from decimal import Decimal
from unittest.mock import patch

import pytest
from anyerp.connector import Context
from anyerp.connector.explain import by_status
from anyerp.errors import InvalidRecord, OutcomeUnknown, UnexpectedPayload
from anyerp.kits.odata import batch, json_batch, multipart
from anyerp.kits.odata.batch import Part
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json
from anyerp_dynamics.sandbox.odata.batch import ChangeSet
from anyerp_dynamics.sandbox.odata.json_batch import read_json_batch
from anyerp_dynamics.sandbox.odata.multipart import read_multipart
from hypothesis import given
from hypothesis import strategies as st

PARTS = [
    Part("POST", "Orders", {"amount": Decimal("0.10"), "text": "Ü--b_\r\n"}),
    Part("PATCH", "Orders('1')", {"x": 1}, {"If-Match": 'W/"7"'}),
    Part("DELETE", "Orders('2')"),
]


def sent(request):
    return Call(request.method, request.path, Headers(request.headers), request.body())


@pytest.mark.parametrize(("form", "read"), [(batch, read_multipart), (json_batch, read_json_batch)])
def test_what_we_send_is_read_as_one_change_set_a_write(form, read):
    found = read(sent(form.request("/service/$batch", PARTS)))
    assert all(isinstance(one, ChangeSet) and len(one.operations) == 1 for one in found)
    calls = [one.operations[0].call for one in found]
    assert [(call.method, call.target.lstrip("/")) for call in calls] == [
        ("POST", "Orders"),
        ("PATCH", "Orders('1')"),
        ("DELETE", "Orders('2')"),
    ]
    assert calls[0].content == dump_json({"amount": Decimal("0.10"), "text": "Ü--b_\r\n"})
    assert calls[1].headers["if-match"] == 'W/"7"'
    assert calls[2].content == b""


def part(status, body=b"", extra=b""):
    return (
        b"Content-Type: application/http\r\nContent-Length:      9\r\n%b\r\nHTTP/1.1 %d X\r\nContent-Length: 3\r\n"
        b"sap-message: hi\r\n\r\n%b\r\n" % (extra, status, body)
    )


def a_set(mark, *parts):
    inner = b"".join(b"--%b\r\n%b" % (mark, one) for one in parts)
    return b"Content-Type: multipart/mixed; boundary=%b\r\n\r\n%b--%b--\r\n" % (mark, inner, mark)


def whole(*parts, end=b"--out--\r\n"):
    content = b"a preamble\r\n" + b"".join(b"--out\r\n%b" % one for one in parts) + end
    return Response(202, Headers({"content-type": 'multipart/mixed; boundary="out"'}), content)


def test_answers_are_read_by_their_order_whatever_their_lengths_and_marks_say():
    answer = whole(
        a_set(b"ch1", part(201, b'{"a": "--ch1"}')),
        part(400, b'{"error": 1}', b"content-id: 2\r\n"),
        a_set(b"ch10", part(204)),
    )
    found = batch.answers_of(answer, 3)
    assert [one.status for one in found] == [201, 400, 204]
    assert found[0].json() == {"a": "--ch1"}
    assert (found[1].json(), found[2].content) == ({"error": 1}, b"")
    assert found[0].headers["SAP-Message"] == "hi"


@pytest.mark.parametrize(
    "answer",
    [
        whole(part(201), end=b""),
        whole(part(201)),
        whole(part(201), part(201), part(201)),
        whole(part(201), b"Content-Type: application/http\r\n\r\nnonsense\r\n"),
        Response(202, Headers({"content-type": "text/html"}), b"<html>"),
        Response(202, Headers({"content-type": "multipart/mixed"}), b""),
    ],
)
def test_an_answer_that_leaves_open_who_is_whose_is_not_guessed_at(answer):
    with pytest.raises(UnexpectedPayload):
        batch.answers_of(answer, 2)


BY_THE_BOOK = re.compile(rb"\r\n--out(--)?[ \t]*(?=\r\n|\Z)")


@given(
    st.lists(
        st.sampled_from([b"\r\n", b"--out", b"--", b"--out1", b" ", b"\t", b"x", b"\r", b"\r\n\r\nHTTP/1.1 201\r\n"])
    )
)
def test_only_lines_that_are_boundaries_part_a_document(words):
    content = b"".join(words)
    split = BY_THE_BOOK.split(b"\r\n" + content)
    ends = split[1::2]
    if b"--" not in ends:
        with pytest.raises(UnexpectedPayload):
            multipart._pieces("multipart/mixed; boundary=out", content)
    else:
        wanted = split[2 : 2 * ends.index(b"--") + 1 : 2]
        found = multipart._pieces("multipart/mixed; boundary=out", content)
        assert [piece.lstrip(b" \t") for piece in found] == wanted


WORDS = [
    b"\r\n", b"--out", b"--in", b"--", b"--in1", b" ", b"x", b"\r\n\r\nHTTP/1.1 201 Created\r\n\r\n{}",
    b"--in\r\n\r\nHTTP/1.1 201 Created\r\n\r\n{}\r\n--in--\r\n",
    b"--out\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n", b"Content-Type: multipart/mixed; boundary=in1",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS)).map(b"".join))
def test_a_set_of_one_answer_is_read_as_any_set(content):
    def read():
        try:
            found = multipart.answers("multipart/mixed; boundary=out", content + b"\r\n--out--")
        except UnexpectedPayload as error:
            return str(error)
        return [(one.status, one.headers, one.content) for one in found]

    found = read()
    with patch.object(multipart, "_only", lambda mark, content: None):
        assert found == read()


def json_answer(*responses):
    return Response(200, Headers(), dump_json({"responses": list(responses)}))


def test_answers_in_json_are_matched_by_their_id():
    answer = json_answer(
        {"id": "2", "status": 400, "body": {"error": {}}},
        {"id": "1", "status": 201, "headers": {"etag": "x"}, "body": {"amount": Decimal("0.10")}},
    )
    first, second = json_batch.answers_of(answer, 2)
    assert (first.status, first.headers["ETag"], first.json()) == (201, "x", {"amount": Decimal("0.10")})
    assert second.status == 400


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"id": "1", "status": 201}),
        json_answer({"id": "1"}, {"id": "2", "status": 201}),
        Response(200, Headers(), b"[]"),
        Response(200, Headers(), b"<html>"),
    ],
)
def test_an_answer_in_json_that_lacks_a_part_is_not_guessed_at(answer):
    with pytest.raises(UnexpectedPayload):
        json_batch.answers_of(answer, 2)


def test_each_new_record_is_answered_by_its_entity_or_by_its_error():
    def entity(response):
        if b"odd" in response.content:
            raise UnexpectedPayload("odd")
        return response.json()

    answers = [Response(201, Headers(), b'{"id": 1}'), Response(201, Headers(), b"odd"), Response(422), Response(503)]
    context = Context(None, None, "")
    found = batch.created(context, answers, entity, lambda ctx, request, response: by_status(request, response))
    assert found[0].native == {"id": 1}
    assert [type(one.error) for one in found[1:]] == [UnexpectedPayload, InvalidRecord, OutcomeUnknown]
