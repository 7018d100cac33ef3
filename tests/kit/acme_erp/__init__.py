"""Acme: a fictional ERP, small and well behaved, for the contract kit's own tests. What a plugin's entry module is."""

from collections.abc import Iterator

from anyerp.plugin import ConnectorInfo, hookimpl


@hookimpl
def anyerp_connectors() -> Iterator[ConnectorInfo]:
    """Announce Acme."""
    yield ConnectorInfo("acme", "Acme ERP", load="acme_erp.connector:CONNECTOR")
