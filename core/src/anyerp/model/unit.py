"""Units of measure."""

from __future__ import annotations

from anyerp.model.base import Number, Record, Text, UnitCode


class Unit(Record):
    """A unit of measure as the ERP keeps it."""

    name: Text | None = None
    """Its name in the connection's language."""
    symbol: Text | None = None
    """What the ERP writes on documents."""
    code: UnitCode | None = None
    """The UN/ECE Rec 20 code, where one is known."""
    dimension: Text | None = None
    """What it measures, in the ERP's words."""
    factor: Number | None = None
    """How many of the dimension's base unit it holds."""
    active: bool | None = None
    """Whether it is in use."""
