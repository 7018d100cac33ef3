"""Refusals: every error of Finance & Operations in its one envelope (dynamics sheet §1.8).

`code` and `message` carry nothing; what happened stands in `innererror.message`, for writes after the word `Infolog:`.
"""

from __future__ import annotations

from anyerp.wire import Headers, Response, dump_json

from ..odata import ODataError

JSON = "application/json; odata.metadata=minimal; charset=utf-8"
WRITE = "Microsoft.Dynamics.Platform.Integration.Services.OData.AxODataWriteException"
ODATA = "Microsoft.OData.ODataException"
GENERAL = "An error has occurred."
_TRACE = {
    WRITE: "   at Microsoft.Dynamics.Platform.Integration.Services.OData.Update.UpdateProcessor.CreateEntity_Save()",
    ODATA: "   at Microsoft.OData.UriParser.ODataUriParser.ParseUri()",
}


class Problem(Exception):
    """A refusal, before it is put into its envelope. `inner` is (message, .NET type)."""

    def __init__(
        self,
        status: int,
        message: str = GENERAL,
        inner: tuple[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(inner[0] if inner else message)
        self.status = status
        self.message = message
        self.inner = inner
        self.headers = headers or {}

    @property
    def writes(self) -> bool:
        """Whether a write failed inside the ERP: final, whatever the status says."""
        return self.inner is not None and self.inner[1] == WRITE

    def response(self) -> Response:
        """Give the answer."""
        error: dict[str, object] = {"code": "", "message": self.message}
        if self.inner is not None:
            text, kind = self.inner
            error["innererror"] = {"message": text, "type": kind, "stacktrace": _TRACE.get(kind, "   at ...")}
        headers = Headers({"Content-Type": JSON, "OData-Version": "4.0", **self.headers})
        return Response(self.status, headers, dump_json({"error": error}))


def infolog(entity: str, *said: str, check: str = "validateWrite", source: str = "") -> Problem:
    """Refuse a write: what the Infolog said (each with its severity), then which check of which table failed."""
    parts = list(said)
    if source:
        parts.append(f"Warning: {check} failed on data source '{source} ({source})'.")
    return Problem(400, inner=(f"Write failed for table row of type '{entity}'. Infolog: {'; '.join(parts)}", WRITE))


def duplicate(entity: str, label: str, key: str) -> Problem:
    """Refuse a second row with a key that is taken."""
    said = f"Info: Cannot create a record in {label}. {key}.\nThe record already exists."
    return Problem(400, inner=(f"Write failed for table row of type '{entity}'. Infolog: {said}.", WRITE))


def no_row() -> Problem:
    """There is no such row, or none in the company that the call may see."""
    return Problem(404, "No resources were found when selecting for update.")


def no_path(text: str) -> Problem:
    """Give the address leads nowhere: no such set, or a key that lacks a part."""
    return Problem(404, "The OData path is invalid.", (text, ODATA))


def of_query(error: ODataError) -> Problem:
    """Give a query that the service does not understand."""
    if error.kind in ("unknown_resource", "media_type"):
        return Problem(error.status, error.message)
    return Problem(400, f"The query specified in the URI is not valid. {error.message}", (error.message, ODATA))


def of_body(error: ODataError) -> Problem:
    """Give a body that cannot be read against the entity type."""
    if error.kind == "media_type":
        return Problem(error.status, error.message)
    return Problem(400, inner=(error.message, ODATA))


def stale() -> Problem:
    """Give the row has moved on since the client read it (dynamics sheet §1.7)."""
    return Problem(412, "The precondition failed: the record was changed after it was read.")


def denied(entity: str, operation: str) -> Problem:
    """Give the user's roles do not allow it."""
    return Problem(403, inner=(f"Access to {operation} was denied for the entity '{entity}'.", ODATA))


def not_allowed(method: str) -> Problem:
    """Give the resource does not know this method."""
    return Problem(405, f"The requested resource does not support http method '{method}'.")
