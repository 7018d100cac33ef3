"""Small tables of the account that records refer to by id: read once for a connection, by SuiteQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import InvalidRecord, Problem
from anyerp.model import Ref

from anyerp_netsuite.suiteql import ROWS, rows

#: Numbers of vendors and the like that are remembered.
_KEPT = 4096
#: Values of one list of a query, which may have a thousand.
LISTED = 500
_REMEMBERED = timedelta(minutes=1)
#: Items whose units are asked for together: an answer has a thousand rows, and an item some units.
_TOGETHER = 100


def currencies(ctx: Context, *ids: str) -> Flow[Mapping[str, str]]:
    """ISO code by internal id; `symbol` is the code, the sign is another column (netsuite sheet §4).

    An id of `ids` that was not there when the table was read is looked for anew, once.
    """
    text = "SELECT c.id AS k, c.symbol AS v FROM currency c WHERE c.id > TO_NUMBER(?) ORDER BY c.id"
    return (yield from _table(ctx, "currencies", text, ids))


def units(ctx: Context, *ids: str) -> Flow[Mapping[str, str]]:
    """Name by internal id; ids are unique in the account, names only within a unit type. `ids` as for currencies."""
    text = (
        "SELECT u.internalid AS k, u.unitname AS v FROM unitstypeuom u "
        "WHERE u.internalid > TO_NUMBER(?) ORDER BY u.internalid"
    )
    return (yield from _table(ctx, "units", text, ids))


def _table(ctx: Context, name: str, text: str, ids: Iterable[str]) -> Flow[Mapping[str, str]]:
    known: dict[str, str] | None = ctx.memory.get(name)
    missed: set[str] = ctx.memory.setdefault(f"{name} that are not there", set())
    new = set() if known is None else set(ids) - known.keys() - missed
    if known is None or new:
        missed |= new
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
    wanted = [id for id in dict.fromkeys(ids) if id.isdecimal()]
    found = {id: known[id] for id in wanted if id in known}  # apart: another thread may empty what is remembered
    missing = [id for id in wanted if id not in found]
    if missing and len(known) > _KEPT:
        known.clear()
    for at in range(0, len(missing), LISTED):
        some = missing[at : at + LISTED]
        text = f"SELECT x.id AS k, x.{column} AS v FROM {table} x WHERE x.id IN ({', '.join(some)})"  # noqa: S608 - digits only
        found |= dict.fromkeys(some, "")  # one without is not looked for again
        found |= {row["k"]: row["v"] for row in (yield from rows(text)) if "k" in row and "v" in row}
    known |= found
    return found


def ids(ctx: Context, table: str, column: str, given: Iterable[str]) -> Flow[Mapping[str, Sequence[str]]]:
    """The ids of the records that have these numbers, by number: in one query, and remembered for a minute.

    So that many documents in a row do not ask for the same items. A number that nobody has is not remembered.
    """
    wanted = list(dict.fromkeys(given))
    known: dict[tuple[str, str], tuple[list[str], datetime]] = ctx.memory.setdefault("ids by number", {})
    now = ctx.now()
    fresh = {number: one for number in wanted if (one := known.get((table, number))) and one[1] > now}
    found = {number: list(fresh[number][0]) if number in fresh else [] for number in wanted}
    missing = [number for number in wanted if number not in fresh]
    if missing and len(known) > _KEPT:
        known.clear()
    for at in range(0, len(missing), LISTED):
        some = missing[at : at + LISTED]
        text = (
            f"SELECT x.id AS k, x.{column} AS v FROM {table} x "  # noqa: S608 - names of our own
            f"WHERE x.{column} IN ({', '.join('?' * len(some))})"
        )
        for row in (yield from rows(text, some)):
            found.setdefault(row.get("v", ""), []).append(row.get("k", ""))
    known |= {(table, number): (found[number], now + _REMEMBERED) for number in missing if found[number]}
    return found


def identified(ctx: Context, field: str, ref: Ref, table: str, column: str) -> Flow[Ref]:
    """A reference with its id, where only the number was given. Raises `InvalidRecord` for a number of none or many."""
    if ref.id is not None or ref.number is None:
        return ref
    found = (yield from ids(ctx, table, column, [ref.number]))[ref.number]
    if len(found) != 1:
        words = f"{field} <-> {table}.{column}: {len(found) or 'no'} records have the number {ref.number!r}"
        raise InvalidRecord(words, problems=(Problem(words, f"/{field.replace('.', '/')}"),), hint="give the id")
    return ref.model_copy(update={"id": found[0]})


def currency_id(ctx: Context, code: str) -> Flow[str]:
    """The internal id of an ISO code. Raises `InvalidRecord` where the account does not have the currency."""
    remembered = "currencies" in ctx.memory
    table = yield from currencies(ctx)
    if remembered and code not in table.values():
        del ctx.memory["currencies"]
        table = yield from currencies(ctx)
    for id, symbol in table.items():
        if symbol == code:
            return id
    words = f"currency <-> currency.symbol: this account has no {code!r}, only {', '.join(sorted(table.values()))}"
    raise InvalidRecord(words, problems=(Problem(words, "/currency"),))


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


def units_of_items(ctx: Context, wanted: Mapping[str, Iterable[str]]) -> Flow[Mapping[str, Mapping[str, str]]]:
    """Of each item the units that it may be counted in, name by internal id.

    `wanted` are the names that somebody asks for, by the item: what is remembered is asked for anew if it lacks one.
    """
    known: dict[str, dict[str, str]] = ctx.memory.setdefault("units of items", {})
    found = {id: of for id, names in wanted.items() if set(names) <= set((of := known.get(id, {})).values())}
    asked = [id for id in wanted if id.isdecimal() and id not in found]
    if asked and len(known) > _KEPT:
        known.clear()
    for at in range(0, len(asked), _TOGETHER):
        yield from _units_of(asked[at : at + _TOGETHER], found)
    known |= found
    return found


def _units_of(ids: Sequence[str], known: dict[str, dict[str, str]]) -> Flow[None]:
    text = (
        "SELECT i.id AS item, u.internalid AS k, u.unitname AS v FROM item i "  # noqa: S608 - digits only
        f"JOIN unitstypeuom u ON u.unitstype = i.unitstype WHERE i.id IN ({', '.join(ids)})"
    )
    found: list[dict[str, str]] = yield from rows(text)
    if len(found) >= ROWS and len(ids) > 1:  # more may be behind the end of the answer
        half = len(ids) // 2
        yield from _units_of(ids[:half], known)
        yield from _units_of(ids[half:], known)
        return
    known |= {id: {} for id in ids}
    for row in found:
        known[row["item"]][row["k"]] = row["v"]
