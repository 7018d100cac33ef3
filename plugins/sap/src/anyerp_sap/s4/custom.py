"""Custom fields of a customer (`YY1_...`), asked for by the names in `$metadata` and gathered for `extra` (sheet §1).

They are in no table, so the system is asked once which it has. Those that a rule maps, of the connector's or of an
overlay, are left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from anyerp.connector import Context, Flow, Request, ask
from anyerp.kits.custom import gathered

from anyerp_sap.s4.metadata import Metadata, Plan

#: Where the lens finds them, in a record and in its items; no field of SAP's.
CUSTOM = "_anyerp.custom"
PREFIX = "YY1_"
_REFUSED = (403, 404)
_NUMBERS = frozenset({"Edm.Decimal", "Edm.Double", "Edm.Single", "Edm.Int64"})
_TICKS = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wanted(ctx: Context) -> bool:
    """Whether a read must know them: the lens gathers them, and the settings do not leave them out."""
    return bool(_prefixes(ctx))


def _prefixes(ctx: Context) -> list[str]:
    """The paths of the records that the lens gathers them in."""
    return [p.removesuffix(CUSTOM) for p in ctx.fields() if p.endswith(CUSTOM)] if ctx.settings.custom_fields else []


def learned(ctx: Context, root: str, read: Any, remembered: str) -> Flow[None]:
    """Have the metadata of a service in memory, if custom fields are wanted; a service that hides it has none."""
    if remembered not in ctx.memory and wanted(ctx):
        request = Request("GET", f"{root}/$metadata", headers={"Accept": "*/*"}, accept=_REFUSED)
        response = yield from ask(request)
        if response.status not in _REFUSED:
            ctx.memory[remembered] = read(response.text())


def paths(ctx: Context, known: Metadata | None, entity_set: str, via: Callable[[str], str] = str) -> list[str]:
    """What is to be asked for beside the mapped paths, in V2's layout; `via` names a navigation as the service does."""
    if known is None:
        return []
    return [
        f"{prefix}{name}"
        for prefix in _prefixes(ctx)
        for name in known.custom(entity_set, map(via, _names(prefix)), PREFIX)
    ]


def _names(prefix: str) -> list[str]:
    return [name for name in prefix.split("/") if name not in ("", "results", "*")]


def gather(
    ctx: Context,
    known: Metadata | None,
    entity_set: str,
    record: dict[str, Any],
    via: Callable[[str], str] = str,
) -> dict[str, Any]:
    """A record with its custom fields gathered, in its items too; what is empty is left out."""
    for names, own in () if known is None else _plan(ctx, known, entity_set, via):
        if not names:
            record = _gathered(record, own)
            continue
        below: Any = record.get(names[0])
        if isinstance(below, dict) and isinstance(below.get("results"), list):
            rows = [_gathered(row, own) if isinstance(row, dict) else row for row in below["results"]]
            record[names[0]] = {**below, "results": rows}
    return record


def _plan(ctx: Context, known: Metadata, entity_set: str, via: Callable[[str], str]) -> Plan:
    """Where custom fields are to be gathered, by the names of navigations, and their types; once for many records."""
    fields = ctx.fields()
    key = entity_set, fields
    if key not in known.plans:
        found = []
        for prefix in _prefixes(ctx):
            names = _names(prefix)
            types = known.custom(entity_set, map(via, names), PREFIX)
            if own := {name: of for name, of in types.items() if f"{prefix}{name}" not in fields}:
                found.append((names, own))
        known.plans[key] = found
    return known.plans[key]


def _gathered(row: dict[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    return gathered(row, CUSTOM, dict(_values(row, own)))


def _values(row: Mapping[str, Any], own: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, of in own.items():
        value = _plain(row.get(name), of)
        if value not in (None, ""):
            yield name, value


def _plain(value: Any, of: str) -> Any:
    """A value as both protocols would say it: numbers are numbers, days and moments ISO."""
    if not isinstance(value, str):
        return value
    if of in _NUMBERS:
        try:
            return Decimal(value)
        except DecimalException:
            return value
    ticks = _TICKS.fullmatch(value)
    if ticks is None:
        return value
    moment = _EPOCH + timedelta(milliseconds=int(ticks[1]))
    return moment.isoformat().replace("+00:00", "Z") if ticks[2] else moment.date().isoformat()
