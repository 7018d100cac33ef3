"""Why SAP did not let a call in, or found nothing, in words that say what to do (sap sheet §2)."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from anyerp.connector import Context, Flow, Request, Response
from anyerp.errors import AnyErpError, NotFound

from anyerp_sap.s4.settings import ApiKey, Certificate, OAuth

T = TypeVar("T")
#: `Basic realm="SAP NetWeaver Application Server [S4H/100]"`: system and client that answered.
_REALM = re.compile(r"\[([A-Z0-9]{3})/([0-9]{3})\]")
_SERVICE = re.compile(r"/sap/opu/odata/sap/([A-Z0-9_]+)|/sap/opu/odata4/sap/([a-z0-9_]+)/")
#: A service that nobody has activated, on premise; Gateway answers it with 403 or 404.
INACTIVE = "/IWFND/MED/170"
_ORDERS = "SAP_COM_0053"
_SCENARIOS = {
    "API_PURCHASEORDER_PROCESS_SRV": _ORDERS,
    "API_PURCHASEORDER_2": _ORDERS,
    "API_BUSINESS_PARTNER": "SAP_COM_0008",
    "API_PRODUCT_SRV": "SAP_COM_0009",
    "API_SALES_ORDER_SRV": "SAP_COM_0109",
    "API_MATERIAL_DOCUMENT_SRV": "SAP_COM_0108",
    "API_SUPPLIERINVOICE_PROCESS_SRV": "SAP_COM_0057",
}
_BASIC = (
    "check secrets.username and secrets.password; the password may have expired or still be the initial one, the user "
    "may be locked or out of its validity (on premise: SU01, and it must exist in settings.sap_client; in the Cloud: a "
    "communication user that some communication arrangement has); do not retry with the same password: SAP locks the "
    "user after a few failures"
)
_OAUTH = (
    "the OAuth client may be in no communication arrangement of this service, or settings.token_url may belong to "
    "another system"
)
_API_KEY = "copy secrets.api_key anew from SAP's API hub"
_CERTIFICATE = (
    "let your own HTTP client present its certificate, and map that to a user in SAP; or give username and password"
)


def logon(ctx: Context | None, response: Response) -> tuple[str, str]:
    """What a 401 means for the way in which this connection logs on, and the remedy. SAP itself tells no cause."""
    found = _REALM.search(response.headers.get("www-authenticate", ""))
    where = f" in client {found[2]} of system {found[1]}" if found else ""
    match ctx.credentials if ctx is not None else None:
        case OAuth():
            return f"SAP refused the access token{where} (status 401)", _OAUTH
        case ApiKey():
            return f"SAP refused the API key{where} (status 401)", _API_KEY
        case Certificate():
            return f"no user stands behind this connection{where} (status 401)", _CERTIFICATE
    return f"SAP refused the user or its password{where} (status 401)", _BASIC


def closed(request: Request, response: Response, codes: set[str | None]) -> tuple[str | None, str]:
    """What a 403 means: which service is closed, if the call names one, and who opens it."""
    if response.headers.get("x-csrf-token", "").lower() == "required":
        return (
            "SAP refused the CSRF token with status 403, a new one too",
            "something on the way (a proxy, a balancer, your own HTTP client) drops the cookies that belong to it",
        )
    found = _SERVICE.match(request.path)
    service = (found[1] or found[2].upper()) if found else None
    if INACTIVE in codes:
        return None, _activate(service)
    scenario = _SCENARIOS.get(service or "")
    arrangement = f"a communication arrangement of {scenario}" if scenario else "a communication arrangement for it"
    remedy = f"the user lacks authorisation for this service: in the Cloud {arrangement}, on premise a role"
    return f"{service} is closed to this user (status 403)" if service else None, remedy


def _activate(service: str | None) -> str:
    return f"activate {service or 'the service'} in the system (on premise: /IWFND/MAINT_SERVICE)"


def absent(request: Request, codes: set[str | None]) -> str | None:
    """The remedy of a 404: a service that is not there is not a record that is not there."""
    found = _SERVICE.match(request.path)
    return _activate(found[1] or found[2].upper()) if found and INACTIVE in codes else None


def named(flow: Flow[T], said: str) -> Flow[T]:
    """Run a read; where the record is not there, say which (SAP says "resource not found for segment")."""
    try:
        return (yield from flow)
    except NotFound as error:
        if INACTIVE in codes_of(error):
            raise
        facts: dict[str, Any] = {"problems": error.problems, "status": error.status, "request_id": error.request_id}
        raise NotFound(f"there is no {said}", hint=error.hint, **facts) from None


def codes_of(error: AnyErpError) -> set[str | None]:
    """SAP's own codes of an error."""
    return {problem.native.code for problem in error.problems if problem.native is not None}
