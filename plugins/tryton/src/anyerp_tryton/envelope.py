"""The envelope of a call: method and parameters out, a result or a refusal back, both with status 200 (wire §1)."""

from __future__ import annotations

from typing import Any

import msgspec
from anyerp.connector import Request, Response
from anyerp.errors import AnyErpError, OutcomeUnknown, UnexpectedPayload

from anyerp_tryton.refusal import refusal


class _Outcome(msgspec.Struct):
    """Whether an answer is a refusal; the result itself is skipped, not parsed."""

    error: Any = None


_outcome = msgspec.json.Decoder(_Outcome)


def request(method: str, params: list[Any], *, writes: bool = False, authorized: bool = True) -> Request:
    """One call. All are POSTs, so `writes` says what this one does; a fourth member would change the answer (§1)."""
    body = {"id": 1, "method": method, "params": params}
    return Request("POST", "rpc/", json=body, writes=writes, authorized=authorized)


def checked(response: Response, *, writes: bool = False) -> bytes:
    """The body of an answer that is no refusal. Raises what the refusal means."""
    try:
        error = _outcome.decode(response.content).error
    except (msgspec.DecodeError, RecursionError):
        raise _unreadable(response, writes=writes) from None
    if error is not None:
        raise refusal(error)
    return response.content


def result(response: Response, *, writes: bool = False) -> Any:
    """The result of an answer as plain values, numbers with a fraction as `Decimal`."""
    checked(response, writes=writes)
    try:
        return response.json()["result"]
    except (ValueError, KeyError, TypeError):
        raise _unreadable(response, writes=writes) from None


def _unreadable(response: Response, *, writes: bool) -> AnyErpError:
    words = "the answer is no JSON-RPC answer of Tryton"
    if writes:
        return OutcomeUnknown(words, status=response.status, hint="look whether it was done before sending it again")
    return UnexpectedPayload(words, status=response.status, hint="does base_url lead to a Tryton server?")
