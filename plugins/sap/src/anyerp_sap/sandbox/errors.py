"""Refusals in SAP's shapes: the exception that carries one, and its JSON and XML bodies (sap sheet §7).

Codes and texts outside the sheet show the shape; they are illustrative, as the sheet's own samples are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

from anyerp.wire import Headers, Response, dump_json

from anyerp_sap.sandbox.messages import text_of

#: The detail that Gateway adds behind the real ones; on a 404 it is the only readable text (corrections, sheet head).
BUSINESS_EXCEPTION = "/IWBEP/CX_MGW_BUSI_EXCEPTION"
JSON = "application/json"
XML = "application/xml"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the system: class/number, its variables, severity, and the property or navigation it is about."""

    code: str
    args: tuple[object, ...] = ()
    severity: str = "error"
    target: str = ""
    content_id: str = ""

    def text(self, language: str) -> str:
        """Give the text in the logon language."""
        return text_of(self.code, self.args, language)


def say(code: str, *args: object, severity: str = "error", target: str = "") -> Message:
    """Make a message."""
    return Message(code, args, severity, target)


@dataclass
class SapError(Exception):
    """The request is refused with a status and messages; the first message is the outer one."""

    status: int
    messages: Sequence[Message]
    headers: dict[str, str] = field(default_factory=dict)
    #: Texts for the detail with `BUSINESS_EXCEPTION`; by default the usual unhelpful one.
    exception_text: str = ""

    def in_changeset(self, content_id: str) -> SapError:
        """Give the same refusal with the Content-ID of the part that caused it."""
        marked = [replace(m, content_id=content_id) for m in self.messages]
        return replace(self, messages=marked)


class Refused(Exception):
    """The request is answered outside the OData layer: a logon page, a CSRF refusal, a plain HTML error."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def bad_request(code: str, *args: object, target: str = "") -> SapError:
    """Make a 400 with one message."""
    return SapError(400, [say(code, *args, target=target)])


def not_found(type_name: str, text: str) -> SapError:
    """Make a 404 whose readable text stands only in the detail that looks ignorable (corrections, sheet head)."""
    return SapError(404, [say("/IWBEP/CM_MGW_RT/020", type_name)], exception_text=text)


def business(messages: Iterable[Message]) -> SapError:
    """Make the 400 of failed business checks: errors first, each a detail, warnings too."""
    return SapError(400, sorted(messages, key=lambda m: m.severity != "error"))


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """What an error body says about its surroundings."""

    service: str
    component: str
    language: str
    stamp: str
    transaction: str
    json: bool


def error_response(error: SapError, context: ErrorContext) -> Response:
    """Write a refusal as the client asked for it: JSON, otherwise XML."""
    first = error.messages[0]
    text = first.text(context.language)
    details = [_detail(m, context.language) for m in error.messages if len(error.messages) > 1 or _is_business(m)]
    details += [_closing(error.exception_text, first.content_id)] if details or error.exception_text else []
    headers = {"dataserviceversion": "1.0", **error.headers}
    if not context.json:
        headers["content-type"] = f"{XML};charset=utf-8"
        return Response(error.status, Headers(headers), _xml(first.code, text, details, context))
    inner: dict[str, Any] = {
        "application": {
            "component_id": context.component,
            "service_namespace": "/SAP/",
            "service_id": context.service,
            "service_version": "0001",
        },
        "transactionid": context.transaction,
        "timestamp": context.stamp,
        "Error_Resolution": {"SAP_Transaction": "", "SAP_Note": "See SAP Note 1797736 for error analysis"},
        "errordetails": details,
    }
    body = {
        "error": {
            "code": first.code,
            "message": {"lang": context.language.lower(), "value": text},
            "innererror": inner,
        }
    }
    headers["content-type"] = JSON
    return Response(error.status, Headers(headers), dump_json(body))


def _is_business(message: Message) -> bool:
    return not message.code.startswith(("/IW", "SADL", "005056"))


def _detail(message: Message, language: str) -> dict[str, Any]:
    return {
        "ContentID": message.content_id,
        "code": message.code,
        "message": message.text(language),
        "propertyref": "",
        "severity": message.severity,
        "transition": False,
        "target": message.target,
    }


def _closing(text: str, content_id: str) -> dict[str, Any]:
    message = {"code": BUSINESS_EXCEPTION, "message": text or "An exception was raised", "ContentID": content_id}
    return {**message, "propertyref": "", "severity": "error", "transition": False, "target": ""}


def _xml(code: str, text: str, details: list[dict[str, Any]], context: ErrorContext) -> bytes:
    entries = "".join(
        f"<errordetail><code>{escape(d['code'])}</code><message>{escape(d['message'])}</message><propertyref/>"
        f"<severity>{d['severity']}</severity><target>{escape(d['target'])}</target></errordetail>"
        for d in details
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">'
        f'<code>{escape(code)}</code><message xml:lang="{context.language.lower()}">{escape(text)}</message>'
        f"<innererror><transactionid>{context.transaction}</transactionid><timestamp>{context.stamp}</timestamp>"
        f"<errordetails>{entries}</errordetails></innererror></error>"
    ).encode()


def html_page(status: int, title: str, text: str, headers: dict[str, str] | None = None) -> Response:
    """Write the HTML that the web server in front shows in place of OData."""
    body = f"<html><head><title>{title}</title></head><body><h1>{status} {title}</h1><p>{text}</p></body></html>"
    return Response(status, Headers({"content-type": "text/html;charset=utf-8", **(headers or {})}), body.encode())
