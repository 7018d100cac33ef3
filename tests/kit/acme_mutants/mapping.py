"""Mutants whose tables carry badly."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from acme_erp.lens import ORDER_RULES
from anyerp.lens import Codec, Lens, Map, Refused, Written, decimal, text
from anyerp.model import PurchaseOrder

from acme_mutants.mutant import Mutant, orders, ruled

Native = dict[str, Any]


class Mangling(Lens[PurchaseOrder]):
    """A lens that does something to the native record after it was made, and says nothing of it."""

    def __init__(self, mangle: Callable[[Native, Native], Native], *, creating: bool = True) -> None:
        super().__init__(PurchaseOrder, ORDER_RULES)
        self.mangle, self.creating = mangle, creating

    def create(self, record: PurchaseOrder) -> Written:
        """Make a native record, and mangle it."""
        done = super().create(record)
        return replace(done, native=self.mangle({}, done.native)) if self.creating else done

    def put(self, native: Native, record: PurchaseOrder) -> Written:
        """Write over a native record, and mangle it."""
        done = super().put(native, record)
        return replace(done, native=self.mangle(native, done.native))


class Silent(Lens[PurchaseOrder]):
    """A lens that makes what it can and never refuses."""

    def create(self, record: PurchaseOrder) -> Written:
        """Forget every problem."""
        return replace(super().create(record), problems=())


MAPPED = {"Key", "Rev", "Changed", "Vendor", "TheirRef", "OurRef", "State", "Date", "Currency", "Rate", "Notes",
          "ShipName", "ShipStreet1", "ShipStreet2", "ShipCity", "ShipZip", "ShipCountry", "Items"}  # fmt: skip


def _swap(before: Native, after: Native) -> Native:
    swapped = {**after}
    for here, there in (("ShipZip", "ShipCity"), ("ShipCity", "ShipZip")):
        if there in after:
            swapped[here] = after[there]
        else:
            swapped.pop(here, None)
    return swapped


def _by_position(before: Native, after: Native) -> Native:
    """Lines matched by their place: what no rule knows stays at the place, whatever line comes there."""
    old = before.get("Items") or []
    known = {"No", "Item", "Text", "Qty", "Unit", "Price"}
    lines = []
    for index, line in enumerate(after.get("Items") or []):
        foreign = {k: v for k, v in (old[index] if index < len(old) else {}).items() if k not in known}
        lines.append({**{k: v for k, v in line.items() if k in known}, **foreign})
    return {**after, "Items": lines} if lines else after


def _rounded(before: Native, after: Native) -> Native:
    return {**after, "Rate": float(round(after["Rate"], 2))} if isinstance(after.get("Rate"), Decimal) else after


def _residue(before: Native, after: Native) -> Native:
    return {**after, "History": f"{before.get('History', '')}{after.get('Notes')};"}


def _only_x(value: str) -> str:
    if value != "x":
        raise Refused("not today")
    return value


_reads = itertools.count()

MUTANTS = (
    Mutant(
        "lens.round_trip",
        "text cut at the column's width",
        ruled(Map("notes", "Notes", replace(text(83, empty=""), encode=lambda v: v[:83], settle=lambda v: v[:83]))),
        "notes <-> Notes: was taken, though the declared domain ends before it (84 characters",
    ),
    Mutant("lens.round_trip", "postal code and city exchanged in writing", orders(Mangling(_swap)), "ship_to.city"),
    Mutant("lens.round_trip", "a rate rounded through a float", orders(Mangling(_rounded)), "exchange_rate <-> Rate"),
    Mutant(
        "lens.put_get",
        "exchanged in writing over a record only",
        orders(Mangling(_swap, creating=False)),
        "ship_to.city",
    ),
    Mutant(
        "lens.put_get",
        "a word for nothing that reads as something",
        ruled(Map("vendor_reference", "TheirRef", text(20, empty="none"))),
        "cleared, it is read as 'none'",
    ),
    Mutant(
        "lens.get_put",
        "unknown fields dropped",
        orders(Mangling(lambda before, after: {k: v for k, v in after.items() if k in MAPPED}, creating=False)),
        "written back as it was read, it changes",
    ),
    Mutant(
        "lens.get_put",
        "lines matched by place instead of key",
        orders(Mangling(_by_position, creating=False)),
        "in another order",
    ),
    Mutant(
        "lens.put_put",
        "residue of an earlier write",
        orders(Mangling(_residue, creating=False)),
        "it leaves {'History'",
    ),
    Mutant(
        "lens.settle",
        "a settling that goes on",
        ruled(Map("notes", "Notes", replace(text(83), settle=lambda v: v[1:]))),
        "settles to",
    ),
    Mutant(
        "lens.settle",
        "rounding declared as spelling",
        ruled(
            Map(
                "exchange_rate",
                "Rate",
                replace(decimal(9, 5), encode=lambda v: round(v, 2), settle=lambda v: round(v, 2)),
            )
        ),
        "more than another spelling",
    ),
    Mutant(
        "lens.not_vacuous",
        "a field that refuses nearly everything",
        ruled(Map("notes", "Notes", replace(text(83), encode=_only_x))),
        "inside the declared domain, but refused",
    ),
    Mutant(
        "lens.not_vacuous",
        "a codec without a domain",
        ruled(Map("notes", "Notes", replace(text(83), domain=None))),
        "declares no domain",
    ),
    Mutant(
        "lens.not_vacuous",
        "a table that cannot read the ERP's own records",
        ruled(Map("notes", "Notes", Codec("odd", decode=lambda v: v[99], domain=text(5).domain), read_only=True)),
        "cannot be read",
    ),
    Mutant(
        "lens.compiled",
        "an inline form that differs",
        ruled(Map("notes", "Notes", replace(text(83), inline="({v} and {v}.upper())"))),
        "the readers differ in notes",
    ),
    Mutant(
        "lens.compiled",
        "a memory for what is not pure",
        ruled(
            Map("notes", "Notes", Codec("odd", decode=lambda v: f"{v[:9]}{next(_reads)}", memo=True), read_only=True)
        ),
        "the readers differ in notes",
    ),
    Mutant(
        "writes.refused",
        "a lens whose refusals are dropped",
        orders(Silent(PurchaseOrder, ORDER_RULES)),
        "vendor <-> Vendor: was taken",
    ),
    Mutant(
        "writes.stale",
        "a version that never moves",
        ruled(Map("version", "Key", text(10), read_only=True)),
        "was written over another's change",
    ),
    Mutant(
        "errors.quarantine",
        "a codec that takes anything",
        ruled(
            *(Map(field, "Key", Codec("any", decode=str, native=object), read_only=True) for field in ("id", "number"))
        ),
        "Key of one row is spoilt",
    ),
)
