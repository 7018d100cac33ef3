"""Opening a connection: find the connector, check settings and credentials, choose the transport. Sends nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connection.config import credentials_for, profiles, settings_for
from anyerp.connection.connection import AsyncConnection, Connection, Overlays
from anyerp.connector import Connector, Context, TokenStore
from anyerp.connector.registry import registry
from anyerp.errors import ConfigError
from anyerp.transport import AsyncGate, AsyncTransport, Gate, HttpTransport, Limits, Share, Transport


def connect(
    connector: str | Connector,
    *,
    settings: Mapping[str, Any] | None = None,
    credentials: Mapping[str, Any] | None = None,
    client: Any = None,
    limits: Limits | None = None,
    transport: Transport | None = None,
    overlays: Overlays | None = None,
    cursor_key: bytes | None = None,
    gate: Gate | None = None,
    tokens: TokenStore | None = None,
    share: Share | None = None,
) -> Connection:
    """Open a connection to an ERP, for a synchronous host.

    `connector` is a connector's name with `settings` and `credentials`, or the name of a connection in `anyerp.toml`
    without. `client` is your own `httpx2.Client` or `httpx.Client` (proxy, client certificate, connection pool).
    `overlays` map custom fields, by resource: rules as data (see `anyerp.lens.overlay`), or a function of the lens:
    `{"purchase_orders": [{"rule": "map", "field": "extra.project", "path": "YY1_Project"}]}`. With a `cursor_key`
    continuation tokens outlive the process.

    Requests in flight to one ERP are counted together for all connections of the process, as many as the connector
    says that it bears; `limits` says otherwise. A `gate` keeps a pace beyond this process, and a `share` counts
    beyond it what goes on at the same time: requests, creates with one key, refreshes of one token. `tokens` keeps
    tokens that outlive the connection, where its way of authenticating has such.

    Raises `ConfigError` naming every field that does not fit, `UnknownConnector` if no plugin has this name.
    """
    found, context = _prepared(connector, settings, credentials)
    context.tokens, context.share = tokens, share
    if transport is None:
        if client is None:
            client = _supplied(found, context)
        transport = HttpTransport(client, _limits(found, limits), gate=gate, share=share, **_options(found, context))
    return Connection(found, context, transport, overlays=overlays, cursor_key=cursor_key)


def aconnect(
    connector: str | Connector,
    *,
    settings: Mapping[str, Any] | None = None,
    credentials: Mapping[str, Any] | None = None,
    client: Any = None,
    limits: Limits | None = None,
    transport: AsyncTransport | None = None,
    overlays: Overlays | None = None,
    cursor_key: bytes | None = None,
    gate: Gate | AsyncGate | None = None,
    tokens: TokenStore | None = None,
    share: Share | None = None,
) -> AsyncConnection:
    """Open a connection for an asynchronous host: `async with anyerp.aconnect(...) as erp`. See `connect`."""
    found, context = _prepared(connector, settings, credentials)
    context.tokens, context.share = tokens, share
    if transport is None:
        from anyerp.transport import AsyncHttpTransport  # noqa: PLC0415 - brings asyncio along

        transport = AsyncHttpTransport(
            client, _limits(found, limits), gate=gate, share=share, **_options(found, context)
        )
    return AsyncConnection(found, context, transport, overlays=overlays, cursor_key=cursor_key)


def _prepared(
    connector: str | Connector, settings: Mapping[str, Any] | None, credentials: Mapping[str, Any] | None
) -> tuple[Connector, Context]:
    if isinstance(connector, str) and settings is None and credentials is None:
        known = profiles(resolve=(connector,))
        if connector in known:
            profile = known[connector]
            connector, settings = profile.connector, profile.settings
            credentials = _secrets(profile.name, profile.secrets)
    found = registry().connector(connector) if isinstance(connector, str) else connector
    try:
        chosen = settings_for(found.settings, settings)
        secrets = credentials_for(found.credentials, credentials)
    except ConfigError as error:
        error.connector = found.name
        raise
    base_url = found.base_url(chosen).rstrip("/")
    if not base_url.startswith(("https://", "http://")):
        raise ConfigError("the base URL must begin with https://", connector=found.name)
    return found, Context(chosen, secrets, base_url)


def _secrets(name: str, secrets: Mapping[str, Any]) -> Mapping[str, Any]:
    """A profile's secrets; a single `from = "vault:..."` is looked up by the plugins that keep vaults."""
    reference = secrets.get("from")
    if not isinstance(reference, str):
        return secrets
    found = registry().first("anyerp_credentials", connection=name, reference=reference)
    if found is None:
        scheme = reference.partition(":")[0]
        raise ConfigError(f"no installed plugin supplies credentials for {scheme}: references")
    return {**{k: v for k, v in secrets.items() if k != "from"}, **found}


def _supplied(connector: Connector, context: Context) -> Any:
    return registry().first("anyerp_transport", connector=connector.name, base_url=context.base_url)


def _limits(connector: Connector, limits: Limits | None) -> Limits:
    return Limits(max_in_flight=connector.limits.in_flight) if limits is None else limits


def _options(connector: Connector, context: Context) -> dict[str, Any]:
    token_url = getattr(context.settings, "token_url", None)
    origins = [context.base_url, *([str(token_url)] if token_url else [])]
    return {"trust_origin": origins, "observe": registry().observe, "account": f"{connector.name}|{context.base_url}"}
