"""One table for each resource."""
