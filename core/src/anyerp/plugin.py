"""What a plugin's entry module imports: the hooks and the record by which it announces a connector.

    from anyerp.plugin import ConnectorInfo, hookimpl

    @hookimpl
    def anyerp_connectors():
        yield ConnectorInfo("acme", "Acme ERP", load="anyerp_acme.connector:CONNECTOR")

Nothing here loads Pydantic or an HTTP library, so that listing plugins stays cheap however many are installed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from anyerp.connector import Connector

#: The entry-point group. The major version is in its name: a plugin of another major is recognised, not imported.
GROUP = "anyerp.v1"
API_MAJOR, API_MINOR = 1, 0

hookspec = pluggy.HookspecMarker("anyerp")
hookimpl = pluggy.HookimplMarker("anyerp")

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ConnectorInfo:
    """The announcement of one connector: its name, a title for people, and where to find it when it is needed.

    `load` is `module:attribute`, imported at first use. `requires_api` is the least (major, minor) of this plugin
    API that the connector needs: state what is used, not what is installed.
    """

    name: str
    title: str
    load: str
    summary: str = ""
    requires_api: tuple[int, int] = (1, 0)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"a connector's name is lower-case words joined by hyphens, not {self.name!r}")
        if not re.fullmatch(r"[\w.]+:\w+", self.load):
            raise ValueError(f"load is written module:attribute, not {self.load!r}")

    def connector(self) -> Connector:
        """Import and give the connector. Raises `ImportError` or `AttributeError` as the import does."""
        module, _, attribute = self.load.partition(":")
        found: Connector = getattr(import_module(module), attribute)
        return found


class Hooks:
    """The five hooks. An implementation may take fewer arguments than are offered."""

    @hookspec
    def anyerp_connectors(self) -> Iterable[ConnectorInfo]:
        """Announce connectors. Called once, when the first connector is looked up; must import nothing heavy.

        @hookimpl
        def anyerp_connectors():
            yield ConnectorInfo("acme", "Acme ERP", load="anyerp_acme.connector:CONNECTOR")
        """
        raise NotImplementedError

    @hookspec(firstresult=True)
    def anyerp_credentials(self, connection: str, reference: str) -> Mapping[str, Any] | None:
        """Supply credentials from a vault or keyring. Called when a connection's secrets name one (`vault:PATH`).

        `connection` is the connection's name, `reference` what its configuration says. Give a mapping of the
        connector's credential fields, or None if the reference is not yours.

            @hookimpl
            def anyerp_credentials(connection, reference):
                if reference.startswith("vault:"):
                    return my_vault.read(reference.removeprefix("vault:"))
        """
        raise NotImplementedError

    @hookspec(firstresult=True)
    def anyerp_transport(self, connector: str, base_url: str) -> Any:
        """Supply an HTTP client (httpx2 or httpx) for a connection: a proxy, client certificates, a recorder.

        Called when a connection is made without a client of its own. Give None to leave it to the next.

            @hookimpl
            def anyerp_transport(connector, base_url):
                return httpx2.Client(proxy="http://proxy.internal:3128")
        """
        raise NotImplementedError

    @hookspec
    def anyerp_observe(self, event: Mapping[str, Any]) -> None:
        """Receive redacted facts about every request: metrics, traces, logs. A failure is noted, never raised.

        @hookimpl
        def anyerp_observe(event):
            REQUESTS.labels(event["host"], event["status"]).inc()
        """
        raise NotImplementedError

    @hookspec(historic=True)
    def anyerp_ready(self, connectors: tuple[str, ...]) -> None:
        """Told once which connectors were found; a plugin registered later is told as well.

        @hookimpl
        def anyerp_ready(connectors):
            logging.getLogger(__name__).info("connectors: %s", ", ".join(connectors))
        """
        raise NotImplementedError


Observer = Callable[[Mapping[str, Any]], None]
