"""What a document's values need before they are sent: ids for codes, units, addresses, line numbers, a warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from anyerp.connector import Context, Flow

from anyerp_tryton import rpc
from anyerp_tryton.flow.lookup import Problems, one
from anyerp_tryton.flow.trade import Trade
from anyerp_tryton.flow.values import Part, by_code, there
from anyerp_tryton.lens.common import inner
from anyerp_tryton.session import context

LINES = "lines."
STEP = 10


def finished(
    ctx: Context,
    trade: Trade,
    header: Part,
    added: Sequence[Part],
    changed: Sequence[Part],
    removed: Sequence[dict[str, Any]],
) -> Flow[None]:
    """Make the parts ready to send. Raises `InvalidRecord` naming everything that leads nowhere."""
    problems = Problems()
    written = [*added, *changed]
    _warehouse(header, added, changed, removed, problems)
    yield from by_code(ctx, [header], "currency./code", "currency.currency", "currency", problems)
    yield from by_code(ctx, written, "unit./symbol", "product.uom", "unit", problems)
    yield from there(ctx, [header], "payment_term", "account.invoice.payment_term", "payment_terms", problems)
    yield from there(ctx, [header], "warehouse", "stock.location", "lines.location", problems)
    yield from _party(ctx, trade, header, problems)
    yield from _products(ctx, trade, added, changed, problems)
    yield from _taxes(ctx, header, written, problems)
    problems.demand()
    _numbers(header, added)
    for part in written:
        if part.values.get("delivery_date_edit", False) is None:
            part.values["delivery_date_edit"] = False


def _warehouse(
    header: Part, added: Sequence[Part], changed: Sequence[Part], removed: Sequence[dict[str, Any]], problems: Problems
) -> None:
    """Tryton has one warehouse an order: the lines' locations become it, or are refused where they differ."""
    now = header.native.get("warehouse")
    touched = {part.native["id"] for part in changed if "warehouse" in part.values} | {row["id"] for row in removed}
    asked = {part.values.pop("warehouse") for part in [*added, *changed] if "warehouse" in part.values}
    if not asked or asked == {now}:
        return
    left = {
        row.get("warehouse")
        for row in header.native.get(LINES) or ()
        if row["id"] not in touched and row.get("type") == "line"
    }
    if len(asked | left) > 1:
        problems.add("/lines", "lines.location", "warehouse", "an order has one warehouse for all its lines")
        return
    header.values["warehouse"] = asked.pop()


def _party(ctx: Context, trade: Trade, header: Part, problems: Problems) -> Flow[None]:
    """A document needs addresses of its party, which a person's client would fill in (wire §9)."""
    marks = tuple(f"addresses.{mark}" for _, mark in trade.addresses)
    found = yield from there(ctx, [header], "party", "party.party", trade.party, problems, marks)
    party = found.get(header.values.get("party", 0))
    if party is None:
        return
    for field, mark in trade.addresses:
        suited = [row["id"] for row in party.get("addresses.") or () if row.get(mark)]
        suited += [row["id"] for row in party.get("addresses.") or ()]
        header.values.setdefault(field, suited[0] if suited else None)


def _products(
    ctx: Context, trade: Trade, added: Sequence[Part], changed: Sequence[Part], problems: Problems
) -> Flow[None]:
    """A line with a product needs a unit; and its kind must be what the product is."""
    written = [*added, *changed]
    known = yield from there(
        ctx, written, "product", "product.product", "item", problems, ("type", trade.unit, "default_uom")
    )
    for part in written:
        kind = part.values.pop("product./type", None)
        product = known.get(part.values.get("product", part.native.get("product")) or 0)
        own = product["type"] if product else inner(part.native, "product.", "type")
        if kind is not None and (kind == "service") != (own == "service") and part.values.get("type") != "comment":
            problems.add(f"{part.pointer}/kind", "kind", "product.type", f"the product is {own or 'not given'}")
        if product and part in added and part.values.get("unit") is None:
            part.values["unit"] = product[trade.unit] or product["default_uom"]


def _taxes(ctx: Context, header: Part, written: Sequence[Part], problems: Problems) -> Flow[None]:
    """Names of taxes become commands; those of another company are not looked at."""
    concerned = [part for part in written if "taxes." in part.values]
    if not concerned:
        return
    names = sorted({row["name"] for row in chain(*(part.values["taxes."] for part in concerned))})
    known: dict[str, list[int]] = {}
    user = yield from context(ctx)
    company = header.values.get("company") or header.native.get("company") or user.get("company")
    if names:
        for row in (
            yield from rpc.rows(ctx, "account.tax", [["name", "in", names], ["company", "=", company]], ["name"])
        ):
            known.setdefault(row["name"], []).append(row["id"])
    for part in concerned:
        chosen = []
        for row in part.values.pop("taxes."):
            id, why = one(known, row["name"])
            if id is None:
                problems.add(f"{part.pointer}/tax_code", "tax_code", "taxes.name", why)
            else:
                chosen.append(id)
        gone = [row["id"] for row in part.native.get("taxes.") or () if row["id"] not in chosen]
        part.values["taxes"] = [*([["remove", gone]] if gone else []), *([["add", chosen]] if chosen else [])]


def _numbers(header: Part, added: Sequence[Part]) -> None:
    """Tryton leaves lines unnumbered, and sorts those first: number what comes without one, behind the others."""
    present = [row.get("sequence") or 0 for row in header.native.get(LINES) or ()]
    last = max([0, *present, *(part.values.get("sequence") or 0 for part in added)])
    for part in added:
        if part.values.get("sequence") is None:
            last += STEP
            part.values["sequence"] = last
