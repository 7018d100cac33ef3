"""Flows: generators that yield requests and receive responses, so that one text serves sync, async and tests."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from anyerp.wire import Request, Response

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause that a flow asks for, in seconds; it is sent nothing back."""

    seconds: float


#: What a flow may yield. To a `Request` it receives the `Response`; an error status that the request does not accept
#: is thrown into it as the error that the connector's `explain` made of it.
Step: TypeAlias = Request | Wait
Flow: TypeAlias = Generator[Step, Any, T]


def ask(request: Request) -> Flow[Response]:
    """Give the response to one request, typed for the checker; use it with `yield from`."""
    response = yield request
    assert isinstance(response, Response)
    return response


def done(value: T) -> Flow[T]:
    """A flow that needs no request."""
    return value
    yield  # makes it a generator
