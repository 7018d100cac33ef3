"""Mutants that take a user's consent in a way that others could use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from acme_erp.connector import Client, page, redeem
from anyerp.connector import Connector, Consent, ConsentRequest, Context, Flow
from anyerp.errors import ReauthorizationRequired, Unavailable

from acme_mutants.mutant import Mutant, acme


def consenting(**other: Any) -> Connector:
    """Acme with another page, or another use of codes."""
    return acme(consent=Consent(**{"credentials": Client, "page": page, "redeem": redeem, **other}))


def without_state(ctx: Context, asked: ConsentRequest) -> str:
    """Whoever comes back is taken for the one who went."""
    return page(ctx, replace(asked, state="state"))


def plain(ctx: Context, asked: ConsentRequest) -> str:
    """The verifier itself, where its digest belongs."""
    return page(ctx, asked).replace(asked.challenge, asked.verifier)


def telling(ctx: Context, asked: ConsentRequest) -> str:
    """The client's secret in the user's address bar."""
    return page(ctx, asked) + "&client_secret=" + ctx.credentials.client_secret.get_secret_value()


def forgetful(ctx: Context, asked: ConsentRequest, code: str) -> Flow[None]:
    """The refresh token is thrown away."""
    yield from redeem(ctx, asked, code)
    ctx.tokens.save({})


def hasty(ctx: Context, asked: ConsentRequest, code: str) -> Flow[None]:
    """The tokens of before are thrown away first."""
    ctx.tokens.save({})
    yield from redeem(ctx, asked, code)


def hopeful(ctx: Context, asked: ConsentRequest, code: str) -> Flow[None]:
    """A code that is over is told as a bad moment."""
    try:
        yield from redeem(ctx, asked, code)
    except ReauthorizationRequired:
        raise Unavailable("try again later") from None


def eager(ctx: Context, asked: ConsentRequest, code: str) -> Flow[None]:
    """The exchange is taken for a read, which may be repeated."""
    flow = redeem(ctx, asked, code)
    answer = yield replace(next(flow), writes=False)  # type: ignore[type-var]
    try:
        flow.send(answer)
    except StopIteration:
        return


MUTANTS = tuple(
    Mutant("auth.consent", name, consenting(**other), saying, resource="")
    for name, other, saying in (
        ("no state of its own", {"page": without_state}, "the right state"),
        ("the verifier is shown", {"page": plain}, "the right code_challenge"),
        ("the secret is shown", {"page": telling}, "tells the verifier or a secret"),
        ("tokens are not kept", {"redeem": forgetful}, "holds no refresh_token"),
        ("tokens of before are lost", {"redeem": hasty}, "changed the tokens that are kept"),
        ("a code that is over is no AuthError", {"redeem": hopeful}, "is an AuthError, not"),
        ("a code is sent again", {"redeem": eager}, "was sent 4 times"),
    )
)
