"""A record with what its company says around it: codes of its units, its user fields.

The wire has these elsewhere or not at all, so they are laid on as annotations (names with an `@`, which are never sent
back): a record as we hand it on can be read without asking for more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.wire import dump_json

from anyerp_sap.b1.company import local_currency
from anyerp_sap.b1.metadata import CUSTOM, Metadata
from anyerp_sap.b1.unit import Units, code_of, units

#: User fields that no rule maps, as JSON text.
CUSTOM_FIELDS = "@anyerp.custom"
#: The company's own currency.
CURRENCY = "@anyerp.currency"
#: Of a line: its document was cancelled, and it with it.
CANCELLED = "@anyerp.cancelled"
#: Of a line: its document takes another one back.
REVERSAL = "@anyerp.reversal"
#: The documents that lines may be copied from: object code → our word.
BASES = {22: "order", 20: "receipt"}
_TRUTH = {"tYES": True, "tNO": False}


def base(word: str, field: str = "BaseEntry") -> str:
    """Where a line says which order or receipt it was copied from, apart for each."""
    return f"{field}@anyerp.{word}"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of record is made of: its type, its lists and their types.

    `units` are fields that hold the number of a unit, each with the one that holds a text where there is no number;
    of the lists' rows if there are lists. `money` says that the company's currency belongs to it. `also` is what else
    is to be laid on.
    """

    type: str
    lists: Mapping[str, str] | None = None
    units: tuple[tuple[str, str], ...] = ()
    money: bool = False
    also: Callable[[Context, Sequence[Any]], Flow[None]] | None = None


def told(ctx: Context, shape: Shape, natives: list[Any]) -> Flow[list[Any]]:
    """Records with their annotations. What is not of the expected form is left for the lens to refuse."""
    fields = ctx.fields()
    known = (yield from units(ctx, _entries(shape, natives))) if shape.units else Units()
    currency = (yield from local_currency(ctx)) if shape.money else None
    metadata: Metadata = ctx.memory.get("metadata") or Metadata()
    for native in natives:
        if not isinstance(native, dict):
            continue
        if currency is not None:
            native[CURRENCY] = currency
        if ctx.settings.custom_fields:
            _gather(native, metadata.custom(shape.type), fields)
        for name, type_name in (shape.lists or {}).items():
            below = [field.removeprefix(f"{name}/*/") for field in fields if field.startswith(f"{name}/*/")]
            for row in _rows(native, name):
                _headed(row, native)
                if ctx.settings.custom_fields:
                    _gather(row, metadata.custom(type_name), below)
        for row in _with_units(shape, [native]):
            _measure(row, shape, known)
    if shape.also is not None:
        yield from shape.also(ctx, natives)
    return natives


def _headed(row: dict[str, Any], native: Mapping[str, Any]) -> None:
    """What a line must know of its document: whether that was cancelled or cancels another, and what it is based on."""
    if native.get("Cancelled") == "tYES":
        row[CANCELLED] = True
    if native.get("CancelStatus") == "csCancellation":
        row[REVERSAL] = True
    kind = row.get("BaseType")
    word = BASES.get(kind) if isinstance(kind, int) and REVERSAL not in row else None
    if word is not None:
        row[base(word)], row[base(word, "BaseLine")] = row.get("BaseEntry"), row.get("BaseLine")


def _rows(native: Any, name: str) -> Iterable[dict[str, Any]]:
    found = native.get(name) if isinstance(native, dict) else None
    return (row for row in found if isinstance(row, dict)) if isinstance(found, list) else ()


def _with_units(shape: Shape, natives: list[Any]) -> Iterable[dict[str, Any]]:
    for native in natives:
        if shape.lists:
            for name in shape.lists:
                yield from _rows(native, name)
        elif isinstance(native, dict):
            yield native


def _entries(shape: Shape, natives: list[Any]) -> set[int]:
    found = (row.get(entry) for row in _with_units(shape, natives) for entry, _ in shape.units)
    return {entry for entry in found if isinstance(entry, int)}


def _measure(row: dict[str, Any], shape: Shape, known: Units) -> None:
    for entry, text in shape.units:
        name, code = known.named(row.get(entry))
        if name is None and isinstance(row.get(text), str):
            name, code = row[text] or None, code_of(row[text])
        row[f"{entry}@anyerp.name"], row[f"{entry}@anyerp.code"] = name, code


def _gather(row: dict[str, Any], custom: Mapping[str, str], mapped: Iterable[str]) -> None:
    """User fields in one place, those left out that a rule maps. Yes and no become truths where the type says so."""
    mapped = set(mapped)
    found = {}
    for name, value in row.items():
        if name.startswith(CUSTOM) and name not in mapped and value is not None:
            truth = custom.get(name) == "BoYesNoEnum" and isinstance(value, str)
            found[name] = _TRUTH.get(value, value) if truth else value
    if found:
        row[CUSTOM_FIELDS] = dump_json(found).decode()


def clean(native: Mapping[str, Any]) -> dict[str, Any]:
    """A body without annotations."""
    return {name: value for name, value in native.items() if "@" not in name}
