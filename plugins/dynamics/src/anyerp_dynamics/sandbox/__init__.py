"""Small fakes of the Dynamics services, written from the fact sheet and not from the connectors."""
