"""Vendor invoices: read with their orders, credit memos turned round; made as drafts, changed, cancelled (wire §19)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import InvalidRecord
from anyerp.model import VendorInvoice

from anyerp_tryton import rpc
from anyerp_tryton.flow.lookup import Problems, existing
from anyerp_tryton.flow.order import STAMPS, Documents
from anyerp_tryton.flow.origin import ORDERED, ORIGIN, agreed, origin_id, resolved, with_orders
from anyerp_tryton.flow.table import Rows, Table
from anyerp_tryton.flow.trade import HEADER, Trade
from anyerp_tryton.flow.trade import resolved as with_ids
from anyerp_tryton.flow.values import Flat, Part
from anyerp_tryton.lens.vendor_invoice import ALSO, SIGNED, SIGNED_LINE, VENDOR_INVOICE
from anyerp_tryton.session import context

_SHIPMENT = "stock.shipment.in,"
_CREDIT = "credit_memo"
#: What Tryton's form sends along when it asks what follows from a line's product; each must be there.
_EMPTY = dict.fromkeys(
    ("unit", "account", "unit_price", "description", "origin", "invoice", "taxes_date", "taxes_deductible_rate")
)


def finish(ctx: Context, rows: Rows) -> Flow[None]:
    """Say what each line bills, and make both kinds positive: a credit memo is an invoice below nothing."""
    yield from with_orders(ctx, rows, "lines.")
    for row in rows:
        for line in row.get("lines.") or ():
            line["_receipt"] = _receipt(line)
        credit = _number(row.get("total_amount")) < 0
        row["_kind"] = _CREDIT if credit else "invoice"
        if credit:
            _turn(row, SIGNED)
            for line in row.get("lines.") or ():
                _turn(line, SIGNED_LINE)


def _receipt(line: dict[str, Any]) -> int | None:
    """The receipt that a line bills, where it is one."""
    found = {move.get("shipment") for move in line.get("stock_moves.") or ()}
    match [str(shipment) for shipment in found]:
        case [only] if only.startswith(_SHIPMENT):
            return int(only.removeprefix(_SHIPMENT))
    return None


def _number(value: Any) -> Decimal:
    return Decimal(value["decimal"]) if isinstance(value, dict) else Decimal(str(value or 0))


def _turn(row: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        value = row.get(name)
        if isinstance(value, dict):
            row[name] = {**value, "decimal": str(-_number(value))}
        elif value is not None:
            row[name] = -_number(value)


TRADE = Trade(
    Table(
        "account.invoice",
        {**ALSO, "_kind": ("total_amount",)},
        only=(["type", "=", "in"],),
        stamps=STAMPS,
        finish=finish,
    ),
    "account.invoice.line",
    "invoice",
    "vendor",
    "purchase_uom",
    on_lines=(("item", "product.product", "code"), ("account", "account.account", "code")),
    on_header=HEADER,
)


def complete(ctx: Context, header: Part, added: list[Part], changed: list[Part]) -> Flow[None]:
    """What a person's client would fill in: account and journal by the party, accounts of lines by their products."""
    new = not header.native
    kind = header.values.pop("_kind", header.native.get("_kind"))
    header.values.pop("move./date", None)
    user = yield from context(ctx)
    general: Flat = {
        name: header.values.get(name, header.native.get(name)) for name in ("party", "company", "currency")
    }
    general["company"] = general["company"] or user.get("company")
    if general["currency"] is None:
        companies = yield from existing(ctx, "company.company", [general["company"]], ["currency"])
        general["currency"] = companies[general["company"]]["currency"]
    yield from _billed(ctx, added, changed)
    yield from _accounts(ctx, general, added)
    for part in [*added, *changed]:
        if kind == _CREDIT and part.values.get("quantity") is not None:
            part.values["quantity"] = -part.values["quantity"]
    for part in added:
        part.values["currency"] = general["currency"]
    if new:
        asked = {**general, "type": "in", "id": -1}
        found = yield from rpc.call(ctx, "account.invoice.on_change", asked, ["type", "party"])
        header.values |= {name: found.get(name) for name in ("account", "journal")}
        header.values |= {"type": "in", "currency": general["currency"]}
    elif header.values.get("currency", general["currency"]) != header.native.get("currency"):
        for row in header.native.get("lines.") or ():
            if row["id"] not in {part.native["id"] for part in changed}:
                changed.append(Part("/lines", {}, row))
        for part in changed:
            part.values["currency"] = general["currency"]


def _billed(ctx: Context, added: list[Part], changed: list[Part]) -> Flow[None]:
    """What a line says of an order must agree with it; a new one has from it what it does not say itself."""
    problems = Problems()
    written = [*added, *changed]
    wanted = (id for part in written if (id := origin_id(part.values.get("origin"))))
    ordered = yield from existing(ctx, ORIGIN, wanted, ORDERED)
    for part in written:
        row = agreed(part, ordered, problems)
        if row is not None and part in added and part.values.get("type") in (None, "line"):
            for name in ("product", "unit", "unit_price"):
                if part.values.get(name) is None:
                    part.values[name] = row[name]
    problems.demand()


def _accounts(ctx: Context, general: Flat, added: list[Part]) -> Flow[None]:
    known: dict[int | None, int | None] = {}
    for part in added:
        if part.values.get("type") not in (None, "line") or part.values.get("account") is not None:
            continue
        product = part.values.get("product")
        if product not in known:
            known[product] = yield from _account(ctx, general, product)
        if known[product] is None:
            raise InvalidRecord(
                f"{part.pointer}: account <-> account: neither given nor set for what is billed",
                hint="give the account, or set one on the product's category in Tryton",
            )
        part.values["account"] = known[product]


def _account(ctx: Context, general: Flat, product: int | None) -> Flow[int | None]:
    if product is None:
        rows = yield from rpc.rows(ctx, "account.configuration", [], ["default_category_account_expense"])
        return rows[0]["default_category_account_expense"] if rows else None
    asked = {**_EMPTY, **general, "product": product, "type": "line", "invoice_type": "in", "taxes": [], "id": -1}
    found = yield from rpc.call(ctx, "account.invoice.line.on_change", {**asked, "quantity": 1}, ["product"])
    account: int | None = found.get("account")
    return account


def resolve(ctx: Context, record: VendorInvoice) -> Flow[VendorInvoice]:
    """The invoice with ids in the place of numbers, those of the orders' lines among them."""
    record = yield from with_ids(ctx, TRADE, record)
    found: VendorInvoice = yield from resolved(ctx, record)
    return found


_invoices: Documents[VendorInvoice] = Documents(
    TRADE, ("draft", "validated", "posted"), "a paid invoice needs a credit memo", complete, resolve
)
VENDOR_INVOICES = _invoices.resource(
    VENDOR_INVOICE,
    close="never: an invoice closes itself when it is paid",
    delete="never: an order that loses a draft of its invoice makes another one at once; cancel it",
)
