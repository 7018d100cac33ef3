"""Flows: the operations of each resource."""
