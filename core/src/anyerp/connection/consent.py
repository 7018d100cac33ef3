"""Asking a user for consent, as a host does it that has pages of its own: `begin`, the user's browser, `redeem`.

    erp = anyerp.connect("netsuite", settings={...}, credentials={"client_id": ...}, tokens=store)
    begun = consent.begin(erp, "https://host.example/callback")    # keep begun.asked, send the browser to begun.url
    consent.redeem(erp, begun.asked, code)                         # when the browser comes back with this state

The hub has these pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from anyerp.connection.connection import AsyncConnection, Connection
from anyerp.connector import Connector, Consent, ConsentRequest, Context, Flow
from anyerp.errors import ConfigError, NotSupported


@dataclass(frozen=True, slots=True)
class Begun:
    """A consent that was asked for: the address to send the user to, and what to keep until they come back."""

    url: str
    asked: ConsentRequest


def begin(erp: Connection | AsyncConnection, redirect_uri: str) -> Begun:
    """Ask for consent; the ERP leads the user back to `redirect_uri`, which it must know for this client.

    Sends nothing. Raises `NotSupported` where nobody consents with these credentials.
    """
    if not redirect_uri.startswith(("https://", "http://")):
        raise ConfigError("redirect_uri must begin with https://", connector=erp.connector.name)
    connector, ctx = erp.connector, erp._context  # noqa: SLF001 - of one package
    asked = ConsentRequest.new(redirect_uri)
    url = _way(connector, ctx).page(ctx, asked)
    if not url.startswith(("https://", "http://")):  # a browser is sent there
        raise ConfigError("the address to sign in at must begin with https://", connector=connector.name)
    return Begun(url, asked)


def redeem(erp: Connection, asked: ConsentRequest, code: str) -> None:
    """Exchange the code with which the user came back for tokens, which the connection's store keeps.

    Compare the state that came along with `asked.state` before. Raises `ReauthorizationRequired` for a code that is
    over or was used, `CredentialsRejected` where the client is refused.
    """
    erp._runner.run(_redeeming(erp, asked, code))  # noqa: SLF001


async def aredeem(erp: AsyncConnection, asked: ConsentRequest, code: str) -> None:
    """The same for an asynchronous host."""
    await erp._runner.run(_redeeming(erp, asked, code))  # noqa: SLF001


def _redeeming(erp: Connection | AsyncConnection, asked: ConsentRequest, code: str) -> Flow[None]:
    ctx = erp._context  # noqa: SLF001
    return _way(erp.connector, ctx).redeem(ctx, asked, code)


def _way(connector: Connector, ctx: Context) -> Consent:
    way = connector.consent
    if way is None or not isinstance(ctx.credentials, way.credentials):
        raise NotSupported(
            "nobody consents to these credentials in a browser",
            connector=connector.name,
            hint="this ERP has no such way" if way is None else f"give those of {way.credentials.__name__}",
        )
    return way
