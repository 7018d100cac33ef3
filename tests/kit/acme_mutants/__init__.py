"""Mutants of Acme: each breaks one promise, and one law must say so by name."""

from __future__ import annotations

from acme_mutants import bulk, changing, consenting, declaring, flowing, mapping, serving
from acme_mutants.mutant import Mutant

#: Every mutant by the law that must catch it.
MUTANTS: tuple[Mutant, ...] = (
    *declaring.MUTANTS,
    *mapping.MUTANTS,
    *flowing.MUTANTS,
    *serving.MUTANTS,
    *bulk.MUTANTS,
    *changing.MUTANTS,
    *consenting.MUTANTS,
)

__all__ = ["MUTANTS", "Mutant"]
