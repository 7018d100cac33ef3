"""SAP S/4HANA through its OData services."""
