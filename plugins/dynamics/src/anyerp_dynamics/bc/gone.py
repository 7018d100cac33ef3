"""Orders that are gone: posting the last invoice deletes an order, and only its documents can tell (sheet §2.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow
from anyerp.errors import AnyErpError, Conflict, Native, NotFound, Problem
from anyerp.kits.odata import v4

from anyerp_dynamics.bc.document import key_path
from anyerp_dynamics.bc.service import EntitySet, any_of

INVOICES = EntitySet("purchaseInvoices")
RECEIPTS = EntitySet("purchaseReceipts")
_POSTED = "status ne 'Draft'"


def explained(ctx: Context, number: str, missing: NotFound) -> Flow[NotFound]:
    """Why an order is not there any more: the invoices and receipts that name it, else that it was deleted.

    Gives the error as it was where these may not be read.
    """
    named = f"orderNumber eq {v4.literal(number)}"
    try:
        invoices = yield from INVOICES.select(ctx, v4.both(named, _POSTED), "number", "invoiceDate")
        receipts = yield from RECEIPTS.select(ctx, named, "number", "postingDate")
    except AnyErpError:
        return missing
    problems = [
        *_problems("invoiced", "purchaseInvoices", invoices),
        *_problems("received", "purchaseReceipts", receipts),
    ]
    if invoices:
        words = f"purchase order {number} is gone: it was invoiced in full by {_numbers(invoices)}"
        hint: str | None = "Business Central deletes an order with its last invoice; the invoices have its lines"
    else:
        words = f"purchase order {number} was deleted, and never invoiced"
        hint = f"it was received by {_numbers(receipts)}" if receipts else None
    return NotFound(words, hint=hint, status=missing.status, request_id=missing.request_id, problems=problems)


def ended(ctx: Context, path: str, key: str) -> Flow[None]:
    """Raise `Conflict` where an order with the caller's key was made, invoiced in full, and so deleted.

    Without this, asking again with an old key would order again. Invoices keep the standard fields only.
    """
    if path not in _KEPT_BY_INVOICES:
        return
    condition = v4.both(f"{path} eq {v4.literal(key)}", "orderNumber ne ''", _POSTED)
    rows = yield from INVOICES.select(ctx, condition, "number", "orderNumber", "invoiceDate")
    if rows:
        raise _over(key, rows)


def all_ended(ctx: Context, natives: Sequence[Mapping[str, Any]]) -> Flow[dict[int, BatchAnswer]]:
    """The same for many new orders at once, by their place."""
    path = key_path(ctx)
    places = {str(native[path]): place for place, native in enumerate(natives) if native.get(path)}
    rows: dict[str, list[dict[str, Any]]] = {}
    keys = list(places) if path in _KEPT_BY_INVOICES else []
    for start in range(0, len(keys), _KEYS):
        condition = v4.both(any_of(path, keys[start : start + _KEYS]), "orderNumber ne ''", _POSTED)
        for row in (yield from INVOICES.select(ctx, condition, "number", "orderNumber", "invoiceDate", path)):
            rows.setdefault(str(row.get(path)), []).append(row)
    return {places[key]: BatchAnswer(error=_over(key, rows[key])) for key in rows if key in places}


def _over(key: str, rows: list[dict[str, Any]]) -> Conflict:
    return Conflict(
        f"the purchase order with the key {key!r} was {rows[0]['orderNumber']}, which is gone: "
        f"it was invoiced in full by {_numbers(rows)}",
        problems=_problems("invoiced", "purchaseInvoices", rows),
        hint="nothing was sent; take another key for another order",
    )


_KEYS = 25
_KEPT_BY_INVOICES = frozenset({"shipToContact", "shipToName"})


def _numbers(rows: list[dict[str, Any]]) -> str:
    return ", ".join(sorted(str(row.get("number")) for row in rows))


def _problems(code: str, entity_set: str, rows: list[dict[str, Any]]) -> list[Problem]:
    return [
        Problem(f"{code} by {row.get('number')} of {row.get('invoiceDate') or row.get('postingDate')}", "/id", code,
                Native(entity_set, str(row.get("number")), "orderNumber"))
        for row in sorted(rows, key=lambda row: str(row.get("number")))
    ]  # fmt: skip
