"""Subscribing: POST and PATCH of subscriptions, each with its handshake (dynamics sheet §2.7)."""

from __future__ import annotations

from typing import Any

from anyerp.wire import Response

from ..odata import Options, Row
from .exchange import Exchange
from .problem import dialog, no_token
from .reading import writer
from .resource import Target
from .schema import SCHEMA
from .webhook import Webhooks
from .writing import check_token, json_body

_STATE = 2048
_MOST = 200


def subscribe(webhooks: Webhooks, exchange: Exchange, target: Target) -> Response | None:
    """Answer a POST or PATCH to subscriptions; None for what is no different here (DELETE)."""
    if exchange.call.method == "POST" and target.many:
        return _written(webhooks, exchange, target, None)
    if exchange.call.method == "PATCH" and target.row is not None:
        if exchange.call.headers.get("if-match") is None:
            raise no_token()
        check_token(exchange, target.row, mandatory=True)
        return _written(webhooks, exchange, target, target.row)
    return None


def _text(body: Any, name: str, default: str) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise dialog(f"The value of {name} must be a text.")
    return value


def _written(webhooks: Webhooks, exchange: Exchange, target: Target, before: Row | None) -> Response:
    platform, body, journal = webhooks.platform, json_body(exchange), webhooks.platform.journal
    old = before or {"notificationUrl": "", "resource": "", "clientState": ""}
    url = _text(body, "notificationUrl", old["notificationUrl"])
    resource = _text(body, "resource", old["resource"])
    state = _text(body, "clientState", old["clientState"])
    if not url or not resource:
        raise dialog("notificationUrl and resource must be provided.")
    if len(state) > _STATE:
        raise dialog(f"The client state must not be longer than {_STATE} characters.")
    if before is None and len(platform.rows("subscriptions")) >= _MOST:
        raise dialog(f"There are already {_MOST} subscriptions.")
    webhooks.check(resource)
    webhooks.shake_hands(url)
    now = journal.instant()
    row = before or {
        **platform.new("subscriptions"),
        "subscriptionId": journal.identity().replace("-", ""),
        "systemCreatedAt": now,
    }
    row = {
        **row,
        "notificationUrl": url,
        "resource": resource,
        "clientState": state,
        "timestamp": journal.tick(),
        "expirationDateTime": webhooks.expires(),
        "systemModifiedAt": now,
    }
    stored = platform.put("subscriptions", row)
    options = Options()
    text = writer(exchange, platform, options).single(SCHEMA.sets["subscriptions"], stored, options)
    return exchange.answer(text, 201 if before is None else 200)
