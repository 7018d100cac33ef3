"""Units of measure: each company numbers and names its own; an international symbol may say which they are (§13)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import InvalidRecord, Problem, UnexpectedPayload
from anyerp.kits.odata import v4

from anyerp_sap.units import ALSO, TABLE

_UNITS = "units"
#: Where a unit, as we hand it on, says what its own code usually means; the wire does not.
MEANT = "Code@anyerp.meant"
_REFUSED = (403, 404)
#: "Manual": the unit is free text in `MeasureUnit`.
MANUAL = -1
_REC20 = frozenset({*TABLE.values(), *ALSO.values()})
_LIKELY = re.compile(r"[A-Z0-9]{3}")
_PAGE = 500


def code_of(text: str | None) -> str | None:
    """The UN/ECE Rec 20 code that a text most likely means: one itself, or a usual abbreviation."""
    found = (text or "").strip().upper()
    if found in _REC20:
        return found
    return TABLE.get(found) or ALSO.get(found)


def symbol_code(symbol: str | None) -> str | None:
    """The Rec 20 code in an international symbol: a further one of three characters is believed."""
    found = (symbol or "").strip()
    return code_of(found) or (found if _LIKELY.fullmatch(found) else None)


@dataclass(frozen=True, slots=True)
class Units:
    """A company's units: number → (code, Rec 20 code)."""

    table: Mapping[int, tuple[str | None, str | None]] = field(default_factory=dict)

    def named(self, entry: Any) -> tuple[str | None, str | None]:
        """The company's own code of a unit and its Rec 20 code; nothing for free text."""
        return self.table.get(entry, (None, None)) if isinstance(entry, int) and entry != MANUAL else (None, None)

    def entries(self, name: str | None, code: str | None) -> list[int]:
        """The units that have this code of the company's, or else this Rec 20 code."""
        if name is not None:
            return [entry for entry, (own, _) in self.table.items() if own == name]
        return [entry for entry, (_, rec20) in self.table.items() if rec20 == code]


def units(ctx: Context, needed: set[int] | None = None) -> Flow[Units]:
    """The company's units, read once, and again where a number is not among them.

    A user may lack the right to see them: then there are none.
    """
    known: Units | None = ctx.memory.get(_UNITS)
    if known is None or (needed is not None and needed - known.table.keys() - {MANUAL}):
        known = ctx.memory[_UNITS] = Units((yield from _read(ctx)))
    return known


def forget(ctx: Context) -> None:
    """Have the units read anew when they are needed next: one of them was written."""
    ctx.memory.pop(_UNITS, None)


def meant(ctx: Context, natives: Sequence[Any]) -> Flow[None]:
    """Lay on what the codes of units usually mean."""
    for native in natives:
        if isinstance(native, dict) and isinstance(native.get("Code"), str):
            native[MEANT] = code_of(native["Code"])
    yield from ()


def _read(ctx: Context) -> Flow[dict[int, tuple[str | None, str | None]]]:
    found: dict[int, tuple[str | None, str | None]] = {}
    params = {"$select": "AbsEntry,Code,InternationalSymbol", "$orderby": "AbsEntry"}
    headers = {"Prefer": f"odata.maxpagesize={_PAGE}"}
    condition: dict[str, str] = {}
    while True:
        request = Request("GET", "UnitOfMeasurements", {**params, **condition}, headers=headers, accept=_REFUSED)
        response = yield from ask(request)
        if response.status in _REFUSED:
            return found
        try:
            rows = [row for row in v4.rows(response.content) if isinstance(row, dict)]
            new = {int(row["AbsEntry"]): _pair(row) for row in rows}
        except (ValueError, KeyError, TypeError):
            raise UnexpectedPayload("UnitOfMeasurements: no page of units", status=response.status) from None
        if not new.keys() - found.keys():
            return found
        found |= new
        if v4.next_link(response.content) is None:
            return found
        condition = {"$filter": v4.after({"AbsEntry": max(new)})}


def _pair(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    code, symbol = row.get("Code"), row.get("InternationalSymbol")
    own = code if isinstance(code, str) and code else None
    return own, symbol_code(symbol if isinstance(symbol, str) else None) or code_of(own)


def chosen(known: Units, name: str | None, code: str | None, pointer: str) -> dict[str, Any]:
    """What a line says of its unit: the number of one that the company knows, else free text.

    Free text goes with "Manual", which the ERP refuses for an item that has units of its own. Raises `InvalidRecord`
    where the two names contradict each other, or a Rec 20 code is nobody's or several units'.
    """
    entries = known.entries(name, code)
    if len(entries) == 1:
        (entry,) = entries
        if name is not None and code is not None and known.table[entry][1] not in (None, code):
            raise _wrong(pointer, f"{code} is not what native_unit {name!r} means, which is {known.table[entry][1]}")
        return {"UoMEntry": entry}
    if name is not None:
        if code is not None and code_of(name) not in (None, code):
            raise _wrong(pointer, f"{code} is not what native_unit {name!r} means, which is {code_of(name)}")
        return {"UoMEntry": MANUAL, "MeasureUnit": name}
    if entries:
        several = ", ".join(str(known.table[entry][0]) for entry in entries)
        raise _wrong(pointer, f"{code} stands for several units here ({several}); give native_unit")
    raise _wrong(pointer, f"no unit of this company is {code}; give native_unit, or leave both out")


def _wrong(pointer: str, why: str) -> InvalidRecord:
    message = f"unit <-> UoMEntry: {why}"
    return InvalidRecord(message, problems=[Problem(message, f"{pointer}/unit", "not_representable")])
