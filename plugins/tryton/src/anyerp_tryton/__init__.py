"""Tryton for anyerp: the connector that this plugin announces."""

from collections.abc import Iterator

from anyerp.plugin import ConnectorInfo, hookimpl


@hookimpl
def anyerp_connectors() -> Iterator[ConnectorInfo]:
    """Announce Tryton."""
    yield ConnectorInfo(
        "tryton", "Tryton", load="anyerp_tryton.connector:CONNECTOR", summary="JSON-RPC of Tryton 8.2 and its modules"
    )
