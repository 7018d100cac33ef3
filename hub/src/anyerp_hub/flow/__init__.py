"""Flows: what is new in one connection is written to another, on a schedule or on request."""
