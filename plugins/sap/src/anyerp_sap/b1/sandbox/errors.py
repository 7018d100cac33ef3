"""Every refusal: HTTP status, the Service Layer's own code, and its text (sap sheet §13; in the user's language).

The sheet names 301, -10, -1000, -2028, -2039, -5002 and -5006. The others (200, 201, 305, -304, -1116, -2035, -4006,
-5009), the status of each but 301, -2028, -2039 and -5006, and most texts are own knowledge: a client may show them and
should not depend on them. How a refusal is written depends on the protocol version and is the dialect's business.
"""

from __future__ import annotations


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text


class ApprovalNeeded(Refused):
    """Not a failure: the document was kept as a draft (§13, Approval), and stays one."""

    def __init__(self, *, not_found: bool) -> None:
        super().__init__(404 if not_found else 204, -2028, "No matching records found (ODBC -2028)")


def invalid_session() -> Refused:
    """No session, or one that timed out: 401 with code 301."""
    return Refused(401, 301, "Invalid session or session already timeout.")


def not_found() -> Refused:
    """No row with that key."""
    return Refused(404, -2028, "No matching records found (ODBC -2028)")


def unknown_path() -> Refused:
    """No such entity set, action or function."""
    return Refused(400, 200, "Unrecognized resource path")


def changed_meanwhile() -> Refused:
    """If-Match names another version than the current one."""
    return Refused(
        412,
        -2039,
        "Another user or another operation modified data; to continue, open the window again (ODBC -2039)",
    )


def unsupported(text: str) -> Refused:
    """The object does not offer that operation."""
    return Refused(400, -5006, text)


def invalid(text: str) -> Refused:
    """A business validation failed."""
    return Refused(400, -5002, text)


def business(text: str) -> Refused:
    """A business rule refused; the inner number stands in the text."""
    return Refused(400, -10, text)


def bad_payload(text: str) -> Refused:
    """The body, one of its properties, or a `$select` cannot be taken."""
    return Refused(400, -1000, text)


def unknown_property(name: str, type_name: str) -> Refused:
    """A property that the type lacks, in a body or in `$select`."""
    return bad_payload(f"Property '{name}' of '{type_name}' is invalid")


def bad_query(text: str) -> Refused:
    """A query option that cannot be understood."""
    return Refused(400, 201, text)


def bad_filter() -> Refused:
    """`$filter` is no sentence of its language."""
    return bad_query("Query string error - Invalid filter condition")


def forbidden() -> Refused:
    """The user lacks the authorisation."""
    return Refused(403, -1116, "You are not permitted to perform this action")
