"""The connector for Dynamics 365 Finance and Supply Chain Management (data entities, `/data`)."""
