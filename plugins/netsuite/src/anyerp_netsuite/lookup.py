"""Small tables of the account that records refer to by id: read once for a connection, by SuiteQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import InvalidRecord, Problem
from anyerp.model import Ref

from anyerp_netsuite.suiteql import ROWS, rows

#: Numbers of vendors and the like that are remembered.
_KEPT = 4096
#: Values of one list of a query, which may have a thousand.
LISTED = 500


def currencies(ctx: Context) -> Flow[Mapping[str, str]]:
    """ISO code by internal id; `symbol` is the code, the sign is another column (netsuite sheet §4)."""
    text = "SELECT c.id AS k, c.symbol AS v FROM currency c WHERE c.id > TO_NUMBER(?) ORDER BY c.id"
    return (yield from _table(ctx, "currencies", text))


def units(ctx: Context) -> Flow[Mapping[str, str]]:
    """Name by internal id; ids are unique in the account, names only within a unit type."""
    text = (
        "SELECT u.internalid AS k, u.unitname AS v FROM unitstypeuom u "
        "WHERE u.internalid > TO_NUMBER(?) ORDER BY u.internalid"
    )
    return (yield from _table(ctx, "units", text))


def _table(ctx: Context, name: str, text: str) -> Flow[Mapping[str, str]]:
    known: dict[str, str] | None = ctx.memory.get(name)
    if known is None:
        known, last = {}, "-1"
        while True:
            found = yield from rows(text, [last])
            known |= {row["k"]: row["v"] for row in found if "k" in row and "v" in row}
            if len(found) < ROWS:
                break
            last = found[-1]["k"]
        ctx.memory[name] = known
    return known


def numbers(ctx: Context, table: str, column: str, ids: Iterable[str]) -> Flow[Mapping[str, str]]:
    """The numbers that people know records by (`entityid` of a vendor), by internal id."""
    known: dict[str, str] = ctx.memory.setdefault(f"numbers of {table}", {})
    missing = [id for id in dict.fromkeys(ids) if id not in known and id.isdecimal()]
    if missing and len(known) > _KEPT:
        known.clear()
    for at in range(0, len(missing), LISTED):
        some = missing[at : at + LISTED]
        text = f"SELECT x.id AS k, x.{column} AS v FROM {table} x WHERE x.id IN ({', '.join(some)})"  # noqa: S608 - digits only
        known |= dict.fromkeys(some, "")  # one without is not looked for again
        known |= {row["k"]: row["v"] for row in (yield from rows(text)) if "k" in row and "v" in row}
    return known


def identified(ctx: Context, field: str, ref: Ref, table: str, column: str) -> Flow[Ref]:
    """A reference with its id, where only the number was given. Raises `InvalidRecord` for a number of none or many."""
    if ref.id is not None or ref.number is None:
        return ref
    text = f"SELECT x.id AS k FROM {table} x WHERE x.{column} = ?"  # noqa: S608 - names of our own
    found = [row["k"] for row in (yield from rows(text, [ref.number], limit=2)) if "k" in row]
    if len(found) != 1:
        words = f"{field} <-> {table}.{column}: {len(found) or 'no'} records have the number {ref.number!r}"
        raise InvalidRecord(words, problems=(Problem(words, f"/{field.replace('.', '/')}"),), hint="give the id")
    return ref.model_copy(update={"id": found[0]})


def currency_id(table: Mapping[str, str], code: str, field: str = "currency") -> str:
    """The internal id of an ISO code. Raises `InvalidRecord` where the account does not have the currency."""
    for id, symbol in table.items():
        if symbol == code:
            return id
    words = f"{field} <-> currency.symbol: this account has no {code!r}, only {', '.join(sorted(table.values()))}"
    raise InvalidRecord(words, problems=(Problem(words, f"/{field}"),))


def unit_id(allowed: Mapping[str, str], name: str, pointer: str) -> str:
    """The internal id of a unit's name among those that an item may be counted in."""
    for id, known in allowed.items():
        if known == name:
            return id
    there = ", ".join(allowed.values()) or "none, it has no unit type"
    words = f"unit <-> units: this item is not counted in {name!r}; its units are {there}"
    raise InvalidRecord(words, problems=(Problem(words, pointer),))


def unit_types(names: Sequence[str]) -> Flow[Mapping[str, Mapping[str, str]]]:
    """The units types that have units of these names: by the type's id, the unit's id by its name."""
    text = (
        "SELECT u.unitstype AS kind, u.internalid AS k, u.unitname AS v FROM unitstypeuom u "  # noqa: S608 - marks only
        f"WHERE u.unitname IN ({', '.join('?' * len(names))})"
    )
    found: dict[str, dict[str, str]] = {}
    row: dict[str, Any]
    for row in (yield from rows(text, list(names))):
        found.setdefault(row["kind"], {})[row["v"]] = row["k"]
    return found


def units_of_items(ctx: Context, ids: Iterable[str]) -> Flow[Mapping[str, Mapping[str, str]]]:
    """Of each item the units that it may be counted in, name by internal id."""
    wanted = [id for id in dict.fromkeys(ids) if id.isdecimal()]
    found: dict[str, dict[str, str]] = {}
    for at in range(0, len(wanted), LISTED):
        some = ", ".join(wanted[at : at + LISTED])
        text = (
            "SELECT i.id AS item, u.internalid AS k, u.unitname AS v FROM item i "  # noqa: S608 - digits only
            f"JOIN unitstypeuom u ON u.unitstype = i.unitstype WHERE i.id IN ({some})"
        )
        row: dict[str, Any]
        for row in (yield from rows(text)):
            found.setdefault(row["item"], {})[row["k"]] = row["v"]
    return found
