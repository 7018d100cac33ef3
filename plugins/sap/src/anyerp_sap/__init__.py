"""SAP for anyerp: the connectors that this plugin announces."""

from collections.abc import Iterator

from anyerp.plugin import ConnectorInfo, hookimpl


@hookimpl
def anyerp_connectors() -> Iterator[ConnectorInfo]:
    """Announce S/4HANA."""
    yield ConnectorInfo(
        "sap-s4hana",
        "SAP S/4HANA",
        load="anyerp_sap.s4.connector:CONNECTOR",
        summary="OData V2 services of S/4HANA, Cloud and on premise",
    )
