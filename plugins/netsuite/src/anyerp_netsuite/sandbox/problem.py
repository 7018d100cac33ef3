"""Refusals in NetSuite's own shape: `o:errorDetails`, with several details where several things are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anyerp.wire import Headers, Response, dump_json

_RFC = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"
ERROR_TYPE = "application/vnd.oracle.resource+json; type=error"
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    415: "Unsupported Media Type",
    429: "Bad Request",  # so printed by Oracle (netsuite sheet §5)
    500: "Internal Server Error",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One entry of `o:errorDetails`; `where` says which part of the request it is about."""

    detail: str
    code: str
    path: str = ""
    query: str = ""
    header: str = ""
    url: str = ""

    def body(self) -> dict[str, str]:
        """The entry as JSON; keys without a value are left out (netsuite sheet §5)."""
        pairs = {
            "detail": self.detail,
            "o:errorCode": self.code,
            "o:errorPath": self.path,
            "o:errorQueryParam": self.query,
            "o:errorHeader": self.header,
            "o:errorUrl": self.url,
        }
        return {name: value for name, value in pairs.items() if value}


@dataclass
class Problem(Exception):
    """A refusal on its way out: HTTP status, details, and headers such as `WWW-Authenticate`."""

    status: int
    details: Sequence[Detail]
    title: str = ""
    section: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The answer that carries the refusal."""
        body = {
            "type": _RFC + self.section,
            "title": self.title or _TITLES[self.status],
            "status": self.status,
            **self.extra,
            "o:errorDetails": [one.body() for one in self.details],
        }
        return Response(self.status, Headers({"Content-Type": ERROR_TYPE, **self.headers}), dump_json(body))


def bad_request(
    detail: str, code: str = "INVALID_CONTENT", *, path: str = "", query: str = "", header: str = ""
) -> Problem:
    """A 400 about one thing."""
    return Problem(400, (Detail(detail, code, path, query, header),), section="#sec10.4.1")


def user_error(detail: str, path: str = "") -> Problem:
    """A 400 by a business rule, a script or a workflow: `USER_ERROR`."""
    return bad_request(f"Error while accessing a resource. {detail}", "USER_ERROR", path=path)


def invalid_value(value: object, name: str, path: str) -> Detail:
    """The detail of a value that a field does not take (netsuite sheet, samples/errors.json)."""
    text = (
        f"Error while accessing resource: You have entered an Invalid Field Value {value} "
        f"for the following field: {name}"
    )
    return Detail(text, "INVALID_CONTENT", path)


def not_found(detail: str = "Record does not exist.") -> Problem:
    """A 404 for an id nobody has."""
    return Problem(404, (Detail(detail, "NONEXISTENT_ID"),))


def forbidden(what: str) -> Problem:
    """A 403: the role lacks a permission."""
    text = f"Permission Violation: You need a higher permission for {what} to access this page."
    return Problem(403, (Detail(text, "INSUFFICIENT_PERMISSION"),))


def system_error(id: str = "jrgbpyylphhishmmlxyt") -> Response:
    """A 500 as the system itself answers, for faults."""
    return Problem(500, (Detail(f"An unexpected error occurred. Error ID: {id}", "UNEXPECTED_ERROR"),)).response()


def no_such_method(method: str) -> Problem:
    """A 405."""
    return Problem(405, (Detail(f"Method {method} is not supported for this resource.", "INVALID_REQUEST"),))
