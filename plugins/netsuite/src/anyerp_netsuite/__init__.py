"""NetSuite for anyerp: the connector that this plugin announces."""

from collections.abc import Iterator

from anyerp.plugin import ConnectorInfo, hookimpl


@hookimpl
def anyerp_connectors() -> Iterator[ConnectorInfo]:
    """Announce NetSuite."""
    yield ConnectorInfo(
        "netsuite",
        "Oracle NetSuite",
        load="anyerp_netsuite.connector:CONNECTOR",
        summary="SuiteTalk REST: lists by SuiteQL, records by the record service",
    )
