"""Goods receipts, whose lines name their unit by code only: the Rec 20 code is put beside it (dynamics sheet §2.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query
from anyerp.wire import dump_json, load_json

from anyerp_dynamics.bc.lens.goods_receipt import LINES, UNIT
from anyerp_dynamics.bc.service import EntitySet

RECEIPTS = EntitySet("purchaseReceipts")
_UNITS = EntitySet("unitsOfMeasure")
_REMEMBERED = timedelta(minutes=1)
_CODE, _STANDARD = "unitOfMeasureCode", "internationalStandardCode"
#: The member as it stands on the wire; within a text its quotes would be escaped.
_MEMBER = re.compile(rb'"unitOfMeasureCode":("(?:[^"\\]|\\.)*")')


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page of receipts, each line with the standard code of its unit."""
    answer = yield from RECEIPTS.page(ctx, query, state)
    if not _wanted(ctx):
        return answer
    units = yield from _units(ctx)

    def told(found: re.Match[bytes]) -> bytes:
        code = units.get(str(load_json(found[1])))
        return found[0] if code is None else dump_json({UNIT: code})[1:-1] + b"," + found[0]

    return replace(answer, content=_MEMBER.sub(told, answer.content))


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One receipt in the same way."""
    receipt = yield from RECEIPTS.one(ctx, id)
    if _wanted(ctx):
        units = yield from _units(ctx)
        for line in receipt.get(LINES) or ():
            line[UNIT] = units.get(str(line.get(_CODE)))
    return receipt


def _wanted(ctx: Context) -> bool:
    return any(path.endswith(UNIT) for path in ctx.fields())


def _units(ctx: Context) -> Flow[Mapping[str, str]]:
    """The standard codes of the company's units by their own; remembered for a minute, as they are few and stay."""
    known = ctx.memory.get("units")
    if known is None or known[1] <= ctx.now():
        rows = yield from _UNITS.select(ctx, "", "code", _STANDARD)
        table = {str(row.get("code")): str(row[_STANDARD]) for row in rows if row.get(_STANDARD)}
        known = ctx.memory["units"] = (table, ctx.now() + _REMEMBERED)
    found: Mapping[str, str] = known[0]
    return found
