"""What Tryton says in an answer of status 200, and what becomes of it (wire.md section 8)."""

from decimal import Decimal
from typing import Any

import pytest
from anyerp.errors import (
    AnyErpError,
    Conflict,
    CredentialsRejected,
    InvalidRecord,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    UnexpectedPayload,
)
from anyerp.wire import Response, dump_json
from anyerp_tryton import envelope
from anyerp_tryton.codec import char, exact, floating, key
from anyerp_tryton.flow.table import dotted, number_of


def said(error: Any) -> Response:
    return Response(200, content=dump_json({"id": 1, "error": error}))


def user(message: str, description: str = "") -> list[Any]:
    return ["UserError", [message, description, None]]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (user('You are not allowed to access "Purchase".', "Within groups: Purchase"), PermissionDenied),
        (user('You are not allowed to search on the "ir.model.log" resource.'), PermissionDenied),
        (
            user('You are not allowed to create records of "Purchase" because they fail on at least one of these:'),
            PermissionDenied,
        ),
        (user('You are trying to read records "99999" of "Purchase" that don\'t exist.'), NotFound),
        (user('You are not allowed to modify the field "Number" of "Purchase".'), InvalidRecord),
        (user("The code on party must be unique."), InvalidRecord),
        (["UserWarning", ["purchase_1", "Are you sure?", ""]], InvalidRecord),
        (["ConcurrencyException", "Records were modified in the meanwhile"], Conflict),
        (["LoginException", ["password", "Password for admin", "password"]], CredentialsRejected),
        (["'nope'", ""], UnexpectedPayload),
        ("nobody knows this form", UnexpectedPayload),
        (["UserError"], UnexpectedPayload),
        (["UserError", []], UnexpectedPayload),
    ],
)
def test_a_refusal_is_the_error_that_says_what_to_do(error: Any, kind: type[AnyErpError]) -> None:
    for writes in (False, True):
        with pytest.raises(AnyErpError) as raised:
            envelope.result(said(error), writes=writes)
        assert type(raised.value) is kind


def test_the_field_that_tryton_names_is_told() -> None:
    with pytest.raises(InvalidRecord) as refused:
        envelope.checked(said(user('A value is required for field "Party" in record "(1)" of "Purchase".')))
    assert refused.value.problems[0].native.field == "Party"


def test_a_fault_of_the_servers_keeps_its_words() -> None:
    with pytest.raises(UnexpectedPayload) as fault:
        envelope.checked(said(["secret internals", ""]))
    assert "internals" not in str(fault.value)


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"null", b'{"id": 1', b"\xff"])
def test_an_answer_that_nobody_understands_leaves_a_write_unknown(content: bytes) -> None:
    with pytest.raises(UnexpectedPayload):
        envelope.result(Response(200, content=content))
    with pytest.raises(OutcomeUnknown):
        envelope.result(Response(200, content=content), writes=True)


def test_a_result_of_null_is_a_result() -> None:
    assert envelope.result(Response(200, content=b'{"id": 1, "result": null}')) is None


def test_a_path_becomes_a_dotted_field() -> None:
    assert dotted("lines./*/product./code") == "lines.product.code"
    assert dotted("addresses./0/city") == "addresses.city"
    assert dotted("purchase_date") == "purchase_date"
    assert dotted("lines./*/moves.") == ""


def test_what_cannot_be_an_id_is_the_id_of_nothing() -> None:
    assert [number_of(text) for text in ("12", "0", "-1", "a", "٣", "1" * 30)] == [12, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("codec", "value"),
    [(key(), "007"), (key(), "1.5"), (key(), ""), (char(), "a\nb"), (char(), "  "), (char(), "x" * 5001)],
)
def test_what_would_not_survive_is_refused(codec: Any, value: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        codec.encode(value)


def test_numbers_are_spelt_without_what_tryton_would_count_as_digits() -> None:
    assert exact(4).encode(Decimal("1.2000000")) == {"__class__": "Decimal", "decimal": "1.2"}
    assert exact(4).encode(Decimal("1E+3")) == {"__class__": "Decimal", "decimal": "1000"}
    with pytest.raises(ValueError, match="decimal places"):
        exact(4).encode(Decimal("1.00001"))
    assert floating().encode(Decimal("0.1")) == Decimal("0.1")
    with pytest.raises(ValueError, match="decimal places"):
        floating().encode(Decimal("0.1234567"))
