"""Trying a connection: what works, what does not, and whether that is enough to begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anyerp import Check
from anyerp import errors as kinds
from anyerp.connector import Connector
from anyerp.errors import AnyErpError, ConfigError, Native, PermissionDenied, Problem, Unavailable
from pydantic import BaseModel

_KINDS: Mapping[str, type[AnyErpError]] = {
    kind.code: kind
    for kind in vars(kinds).values()
    if isinstance(kind, type) and issubclass(kind, AnyErpError) and kind is not AnyErpError
}


def error_from(facts: Mapping[str, Any]) -> AnyErpError:
    """The error that `AnyErpError.to_dict` described."""
    kind = _KINDS.get(str(facts.get("code")), Unavailable)
    problems = [
        Problem(p["message"], p["pointer"], p["code"], Native(**p["native"]) if p["native"] else None)
        for p in facts.get("problems", ())
    ]
    return kind(
        facts.get("message") or "no words were given",
        hint=facts.get("hint"),
        connector=facts.get("connector"),
        request_id=facts.get("request_id"),
        status=facts.get("status"),
        problems=problems,
    )


def consents(connector: Connector, model: type[BaseModel]) -> bool:
    """Whether these credentials are those of a client that asks a user for consent."""
    return connector.consent is not None and connector.consent.credentials is model


def refuse_without_consent(connector: Connector, model: type[BaseModel]) -> None:
    """Raise `ConfigError` for credentials that are of no use before a user has signed in at the ERP."""
    if consents(connector, model):
        raise ConfigError(
            "with these credentials a user must sign in at the ERP",
            hint="make a connect session: its page leads there and back",
            connector=connector.name,
        )


def demand(checks: Sequence[Check]) -> dict[str, AnyErpError]:
    """The resources that are closed to us, with the reasons. Raises where nothing at all works, with the reason.

    A missing permission for some resources is no hindrance: many users are meant to have no more. A clock that is off
    is told along with what may come of it.
    """
    failed = {check.name: error_from(check.facts) for check in checks if not check.ok}
    silent, clock = failed.pop("address", None), failed.pop("clock", None)
    if silent is not None:
        raise silent
    resources = [check for check in checks if check.kind == "resource"]
    if not resources:
        raise ConfigError("this connector offers nothing that could be read to try the connection")
    if len(failed) < len(resources):
        return {name: error for name, error in failed.items() if isinstance(error, PermissionDenied)}
    first = next((e for e in failed.values() if not isinstance(e, PermissionDenied)), None)
    if first is not None:
        if clock is not None:
            first.hint = "; ".join(filter(None, (first.hint, clock.message)))
        raise first
    one = next(iter(failed.values()))
    raise PermissionDenied(f"the user may read nothing of {', '.join(failed)}", hint=one.hint, connector=one.connector)
