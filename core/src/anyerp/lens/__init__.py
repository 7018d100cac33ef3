"""Lenses: one table per record, read in both directions."""

from anyerp.lens.changes import Changes, ListChanges
from anyerp.lens.check import LensError
from anyerp.lens.codec import Codec, Refused
from anyerp.lens.codecs import (
    boolean,
    choice,
    decimal,
    integer,
    integer_text,
    iso_day,
    iso_instant,
    number_text,
    reference,
    text,
    trimmed,
)
from anyerp.lens.compiled import BadPage, Compiled, Rejected
from anyerp.lens.coverage import FieldCoverage
from anyerp.lens.flat import Flat
from anyerp.lens.lens import Lens, Written
from anyerp.lens.overlay import CoverageChange, OverlayError, overlaid, preview
from anyerp.lens.reading import Unreadable
from anyerp.lens.rule import Absent, Derived, Each, Join, Map, Nest, Rule, Slots, absent

__all__ = [
    "Absent",
    "BadPage",
    "Changes",
    "Codec",
    "Compiled",
    "CoverageChange",
    "Derived",
    "Each",
    "FieldCoverage",
    "Flat",
    "Join",
    "Lens",
    "LensError",
    "ListChanges",
    "Map",
    "Nest",
    "OverlayError",
    "Refused",
    "Rejected",
    "Rule",
    "Slots",
    "Unreadable",
    "Written",
    "absent",
    "boolean",
    "choice",
    "decimal",
    "integer",
    "integer_text",
    "iso_day",
    "iso_instant",
    "number_text",
    "overlaid",
    "preview",
    "reference",
    "text",
    "trimmed",
]
