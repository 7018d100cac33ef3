"""Refusals: every error of Business Central as status, code and text (dynamics sheet §2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from anyerp.wire import Headers, Response, dump_json

from ..odata import ODataError

JSON = "application/json; odata.metadata=minimal; odata.streaming=true"


@dataclass
class Problem(Exception):
    """A refused request, before it has its correlation id."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, correlation: str) -> Response:
        """Give the answer: the text carries the correlation id, as the service writes it."""
        text = f"{self.message}  CorrelationId:  {correlation}."
        body = dump_json({"error": {"code": self.code, "message": text}})
        return Response(self.status, Headers({"Content-Type": JSON, **self.headers}), body)


def dialog(message: str) -> Problem:
    """A business rule said no."""
    return Problem(400, "Application_DialogException", message)


def validation(message: str) -> Problem:
    """A field does not have the value that it must have."""
    return Problem(400, "Application_FieldValidationException", message)


def read_only(name: str) -> Problem:
    """A field of the page cannot be written. Seen with this bare code; documented with another."""
    return Problem(400, "BadRequest", f"Control '{name}' is read-only.")


def too_long(length: int, limit: int, value: str) -> Problem:
    """A text over the length of its field."""
    text = f"The length of the string is {length}, but it must be less than or equal to {limit} characters."
    return Problem(400, "Application_StringExceededLength", f"{text} Value: {value}")


def no_token() -> Problem:
    """`If-Match` is missing or garbled where it is mandatory (dynamics sheet §2.4)."""
    return Problem(
        400,
        "BadRequest_InvalidToken",
        "Could not validate the client concurrency token required by the service. "
        "Please provide a valid token in the client request.",
    )


def changed() -> Problem:
    """The record is no longer the one that the client read: 409, not 412 (dynamics sheet §2.4)."""
    return Problem(409, "Request_EntityChanged", "Another user has already changed the record.")


def not_found(caption: str, identity: str) -> Problem:
    """No record with that id."""
    return Problem(
        404,
        "Internal_RecordNotFound",
        f"The {caption} does not exist. Identification fields and values: Id='{identity}'",
    )


def exists(table: str, name: str, value: str) -> Problem:
    """A second record with the same key: 409 too, so only the code tells it from a stale record."""
    return Problem(
        409,
        "Internal_EntityWithSameKeyExists",
        f"The record in table {table} already exists. Identification fields and values: {name}='{value}'",
    )


def unrelated(field_caption: str, table: str, value: str, related: str) -> Problem:
    """A code that its table does not know."""
    return Problem(
        400,
        "Internal_InvalidTableRelation",
        f"The field {field_caption} of table {table} contains a value ({value}) "
        f"that cannot be found in the related table ({related}).",
    )


def not_allowed(method: str, name: str) -> Problem:
    """The page does not insert, modify or delete."""
    return Problem(
        405,
        "BadRequest_MethodNotAllowed",
        f"'{method}' requests for '{name}' of EdmType 'Entity' are not allowed within "
        "Microsoft Dynamics 365 Business Central OData web services.",
    )


def no_company() -> Problem:
    """No company was named, or one that does not exist."""
    return Problem(
        404,
        "Internal_CompanyNotFound",
        "Cannot process the request because the default company cannot be found. You can specify a default company "
        "in the service configuration file, or specify one for each tenant, or you can add a query string in the form "
        'of "company=[name]".',
    )


def unauthenticated() -> Problem:
    """No token, a wrong one, or an application that is not registered in Business Central."""
    return Problem(
        401,
        "Authentication_InvalidCredentials",
        "The server has rejected the client credentials.",
        {"WWW-Authenticate": "Bearer"},
    )


def forbidden(number: int, table: str, right: str) -> Problem:
    """The application's permission sets lack a right on a table: 403 under a code that says something else."""
    return Problem(
        403,
        "Internal_ServerError",
        f"Sorry, the current permissions prevented the action. (TableData {number} {table} {right}: Base Application)",
    )


_CODES = {"unknown_resource": "BadRequest_ResourceNotFound", "enum": "Unknown"}


def from_odata(error: ODataError) -> Problem:
    """Give the clothes of this product to a refusal of the OData room."""
    return Problem(error.status, _CODES.get(error.kind, "BadRequest"), error.message)
