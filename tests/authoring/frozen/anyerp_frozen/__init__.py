"""Brickworks for anyerp.

Every host imports this module at its start, so it imports nothing heavy.
"""

from collections.abc import Iterator

from anyerp.plugin import ConnectorInfo, hookimpl


@hookimpl
def anyerp_connectors() -> Iterator[ConnectorInfo]:
    """Announce the connector."""
    yield ConnectorInfo(
        "frozen",
        "Brickworks",
        load="anyerp_frozen.connector:CONNECTOR",
    )
