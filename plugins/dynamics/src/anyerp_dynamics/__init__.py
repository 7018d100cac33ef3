"""Microsoft Dynamics 365 for anyerp: the connectors that this plugin announces."""

from collections.abc import Iterator

from anyerp.plugin import ConnectorInfo, hookimpl


@hookimpl
def anyerp_connectors() -> Iterator[ConnectorInfo]:
    """Announce both products."""
    yield ConnectorInfo(
        "dynamics-fo",
        "Dynamics 365 Finance and Supply Chain Management",
        load="anyerp_dynamics.fno.connector:CONNECTOR",
        summary="OData data entities of Dynamics 365 Finance and Supply Chain Management",
    )
    yield ConnectorInfo(
        "dynamics-bc",
        "Dynamics 365 Business Central",
        load="anyerp_dynamics.bc.connector:CONNECTOR",
        summary="API v2.0 of Business Central online",
    )
