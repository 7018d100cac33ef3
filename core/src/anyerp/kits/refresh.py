"""OAuth 2.0 with refresh tokens that rotate: refreshed by one, saved before first use, given up only when surely dead.

A refresh token that rotates may be used once: whoever refreshes beside another ends the consent. So there is one turn
for all threads and tasks that share a `TokenStore`, each looks into the store again once it has the turn, and an
`invalid_grant` counts only if the store still holds the token that was refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import (
    ConfigError,
    CredentialsRejected,
    OutcomeUnknown,
    ReauthorizationRequired,
    Unavailable,
    UnexpectedPayload,
)
from anyerp.kits.auth import MARGIN

_MEMORY = "refreshed"
_HINT = "somebody must authorize the connection again"


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """An access token, when it ends, and the refresh token that gets the next one, which may end as well."""

    access: str
    ends: datetime
    refresh: str
    refresh_ends: datetime | None = None
    refresh_lasts: timedelta | None = None

    def __repr__(self) -> str:
        return f"<Tokens until {self.ends.isoformat()}>"

    def facts(self) -> dict[str, str]:
        """Plain values, for a store."""
        facts = {"access_token": self.access, "ends_at": self.ends.isoformat(), "refresh_token": self.refresh}
        if self.refresh_ends is not None and self.refresh_lasts is not None:
            facts["refresh_ends_at"] = self.refresh_ends.isoformat()
            facts["refresh_lasts"] = str(int(self.refresh_lasts.total_seconds()))
        return facts


def bearer(
    ctx: Context, token_url: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
) -> Flow[str]:
    """The value of an Authorization header. `headers` authenticate the client to the token endpoint; `form` adds to it.

    The connection's `tokens` hold at least `refresh_token`. Raises `ReauthorizationRequired` where the consent has
    ended, `CredentialsRejected` where the client itself is refused.
    """
    known: Tokens | None = ctx.memory.get(_MEMORY)
    if known is not None and known.ends > ctx.now():
        return f"Bearer {known.access}"
    stored = _stored(ctx)
    for last in (False, True):
        if stored.ends > ctx.now() and stored.access and stored != known:
            ctx.memory[_MEMORY] = stored  # somebody else has refreshed it
            return f"Bearer {stored.access}"
        try:
            response = yield from ask(_request(token_url, headers, {**(form or {}), "refresh_token": stored.refresh}))
        except OutcomeUnknown as error:  # nothing of the host's was written
            raise Unavailable(f"no token: {error.message}", hint="try again") from None
        if response.status < 400:
            break
        if refusal(response) not in ("invalid_grant", "invalid_token"):
            raise CredentialsRejected(
                "the token endpoint refused the client",
                status=response.status,
                hint="check client id and secret, and whether the ERP still knows this client",
            )
        used, stored = stored.refresh, _stored(ctx)
        if last or stored.refresh == used:
            raise ReauthorizationRequired("the refresh token has ended", status=response.status, hint=_HINT)
    fresh = _tokens(ctx, response, stored)
    ctx.tokens.save(fresh.facts())  # before its first use: a crash must not lose the only token that works
    ctx.memory[_MEMORY] = fresh
    return f"Bearer {fresh.access}"


def forget(ctx: Context, response: Response) -> bool:
    """For `Connector.renew`: on a 401, give up the access token and say that once more makes sense."""
    known: Tokens | None = ctx.memory.get(_MEMORY)
    if response.status != 401 or known is None or known.ends <= ctx.now():
        return False
    ended = replace(known, ends=ctx.now() - timedelta(seconds=1))
    ctx.memory[_MEMORY] = ended
    if _stored(ctx).access == known.access:
        ctx.tokens.save(ended.facts())
    return True


def begin(ctx: Context, response: Response, lasts: timedelta | None = None) -> None:
    """Keep the tokens by which a consent is answered. Raises `UnexpectedPayload` where there is no refresh token.

    `lasts` is how long a refresh token is good for, where the ERP does not say (`refresh_token_expires_in`). Its end is
    kept in the store as `refresh_ends_at` (ISO 8601) and `refresh_lasts` (seconds), for a host that tells ahead of it.
    """
    fresh = _tokens(ctx, response, Tokens("", ctx.now(), "", refresh_lasts=lasts))
    if not fresh.refresh:
        raise UnexpectedPayload("the token endpoint's answer holds no refresh token", status=response.status)
    ctx.tokens.save(fresh.facts())
    ctx.memory[_MEMORY] = fresh


def _stored(ctx: Context) -> Tokens:
    if ctx.tokens is None:
        raise ConfigError("this connector needs a store for its tokens", hint="give tokens= to connect")
    facts = ctx.tokens.load() or {}
    if not facts.get("refresh_token"):
        raise ReauthorizationRequired("there is no refresh token", hint=_HINT)
    ends = facts.get("ends_at")
    moment = datetime.fromisoformat(ends) if ends else ctx.now() - timedelta(seconds=1)
    found = Tokens(str(facts.get("access_token") or ""), moment, str(facts["refresh_token"]))
    end, lasts = facts.get("refresh_ends_at"), facts.get("refresh_lasts")
    if not end or not lasts:
        return found
    return replace(found, refresh_ends=datetime.fromisoformat(end), refresh_lasts=timedelta(seconds=float(lasts)))


def _request(token_url: str, headers: Mapping[str, str], form: Mapping[str, str]) -> Request:
    fields = {"grant_type": "refresh_token", **form}
    return Request(
        "POST",
        token_url,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", **headers},
        content=Request("GET", "", fields).url("").partition("?")[2].encode(),
        # Sent twice it would end the consent: a lost answer is not repeated, though nothing of the host's is written.
        writes=True,
        authorized=False,
        accept=(400, 401, 403),
    )


def refusal(response: Response) -> Any:
    """The code by which a token endpoint refused (RFC 6749 §5.2); None where it gives none."""
    try:
        return response.json().get("error")
    except (ValueError, AttributeError):
        return None


def _tokens(ctx: Context, response: Response, before: Tokens) -> Tokens:
    try:
        answer = response.json()
        seconds = float(answer.get("expires_in") or 3600)
        ends = ctx.now() + timedelta(seconds=max(seconds - MARGIN, 1))
        refresh = str(answer.get("refresh_token") or before.refresh)
        said = answer.get("refresh_token_expires_in")
        lasts = timedelta(seconds=float(said)) if said else before.refresh_lasts
        same = refresh == before.refresh and not said
        until = before.refresh_ends if same or lasts is None else ctx.now() + lasts
        return Tokens(str(answer["access_token"]), ends, refresh, until, lasts)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnexpectedPayload("the token endpoint's answer holds no access token", status=response.status) from None
