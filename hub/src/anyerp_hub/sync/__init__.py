"""Watches: what changes in a resource of a connection becomes events."""
