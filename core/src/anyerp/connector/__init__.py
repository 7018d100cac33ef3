"""Connectors: what one is made of, and how its flows are driven."""

from anyerp.connector.consent import ConsentRequest
from anyerp.connector.declaration import (
    BatchAnswer,
    Connector,
    Consent,
    Context,
    Exemption,
    Limits,
    PageAnswer,
    Query,
    Resource,
    TokenStore,
)
from anyerp.connector.explain import by_status
from anyerp.connector.flow import Flow, Step, Wait, ask, done
from anyerp.wire import Headers, Request, Response

__all__ = [
    "BatchAnswer",
    "Connector",
    "Consent",
    "ConsentRequest",
    "Context",
    "Exemption",
    "Flow",
    "Headers",
    "Limits",
    "PageAnswer",
    "Query",
    "Request",
    "Resource",
    "Response",
    "Step",
    "TokenStore",
    "Wait",
    "ask",
    "by_status",
    "done",
]
