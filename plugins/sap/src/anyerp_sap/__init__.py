"""SAP for anyerp: the connectors that this plugin announces."""

from collections.abc import Iterator

from anyerp.plugin import ConnectorInfo, hookimpl


@hookimpl
def anyerp_connectors() -> Iterator[ConnectorInfo]:
    """Announce S/4HANA and Business One."""
    yield ConnectorInfo(
        "sap-s4hana",
        "SAP S/4HANA",
        load="anyerp_sap.s4.connector:CONNECTOR",
        summary="OData services of S/4HANA, Cloud and on premise",
    )
    yield ConnectorInfo(
        "sap-business-one",
        "SAP Business One",
        load="anyerp_sap.b1.connector:CONNECTOR",
        summary="Service Layer (b1s/v2) of Business One 10",
    )
