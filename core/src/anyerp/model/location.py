"""Locations: sites, plants, warehouses, storage locations, bins."""

from __future__ import annotations

from typing import Literal

from anyerp.model.base import Address, Record, Ref, Text

LocationKind = Literal["site", "warehouse", "storage", "bin", "other"]


class Location(Record):
    """A place where goods are kept or received."""

    name: Text | None = None
    """Its name."""
    kind: LocationKind | None = None
    """What it is; `other` keeps the ERP's word in `native_kind`."""
    native_kind: Text | None = None
    """The ERP's own word for the kind."""
    company: Ref | None = None
    """The company that it belongs to."""
    parent: Ref | None = None
    """The location that contains it: a storage location's plant, a bin's warehouse."""
    address: Address | None = None
    """Where it stands."""
    active: bool | None = None
    """Whether it is in use."""
