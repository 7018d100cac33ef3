"""References to documents by the number that people read: looked up, since DocNum is no key (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import InvalidRecord, Problem
from anyerp.model import Ref
from anyerp.model.base import Record

from anyerp_sap.b1.service import rows

R = TypeVar("R", bound=Record)
_SETS = {"purchase_order": "PurchaseOrders", "goods_receipt": "PurchaseDeliveryNotes"}


def resolving(*fields: str) -> Callable[[Context, R], Flow[R]]:
    """Complete these fields of a record's lines, where they have a number and no id."""

    def resolve(ctx: Context, record: R) -> Flow[R]:
        lines, known = [], {}
        for place, line in enumerate(getattr(record, "lines", None) or ()):
            changed: dict[str, Any] = {}
            for field in fields:
                ref = getattr(line, field)
                if ref is None or ref.id is not None or ref.number is None:
                    continue
                if (field, ref.number) not in known:
                    known[field, ref.number] = yield from _entry(field, ref.number, f"/lines/{place}/{field}")
                changed[field] = Ref(id=known[field, ref.number])
            lines.append(line.model_copy(update=changed) if changed else line)
        return record.model_copy(update={"lines": tuple(lines)}) if known else record

    return resolve


def _entry(field: str, number: str, pointer: str) -> Flow[str]:
    found: list[int] = []
    if number.isascii() and number.isdecimal():
        params = {"$select": "DocEntry", "$filter": f"DocNum eq {int(number)}", "$top": "2"}
        every = rows((yield from ask(Request("GET", _SETS[field], params))))
        found = [row["DocEntry"] for row in every if isinstance(row, dict) and isinstance(row.get("DocEntry"), int)]
    if len(found) != 1:
        many = "several documents bear" if found else "no document bears"
        message = f"{field} <-> BaseEntry: {many} the number {number}; give its id"
        raise InvalidRecord(message, problems=[Problem(message, pointer, "not_representable")])
    return str(found[0])
