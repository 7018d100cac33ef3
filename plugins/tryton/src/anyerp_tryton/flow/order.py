"""Purchase and sales orders: found by the caller's key, made as drafts, changed in one write, cancelled, deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import InvalidRecord
from anyerp.lens import Changes, Lens
from anyerp.model import PurchaseOrder, SalesOrder

from anyerp_tryton.flow.order_values import LINES, finished
from anyerp_tryton.flow.table import Table
from anyerp_tryton.flow.trade import R, Trade, resolved
from anyerp_tryton.flow.values import Part, commands, flat
from anyerp_tryton.flow.write import guarded, made
from anyerp_tryton.lens.progress import ALSO
from anyerp_tryton.lens.purchase_order import PURCHASE_ORDER
from anyerp_tryton.lens.sales_order import SALES_ORDER
from anyerp_tryton.session import context

#: Writing a line by itself does not touch its order's stamp (wire §13).
STAMPS = ("last_modified_at", "lines.last_modified_at")
PURCHASE = Trade(Table("purchase.purchase", ALSO, stamps=STAMPS), "purchase.line", "purchase", "vendor", "purchase_uom")
SALE = Trade(
    Table("sale.sale", ALSO, stamps=STAMPS),
    "sale.line",
    "sale",
    "customer",
    "sale_uom",
    addresses=(("invoice_address", "invoice"), ("shipment_address", "delivery")),
)

Complete = Callable[[Context, Part, list[Part], list[Part]], Flow[None]]


def _as_it_is(*_: Any) -> Flow[None]:
    """Nothing is filled in beyond what every document needs."""
    yield from ()


@dataclass(frozen=True, slots=True)
class Documents(Generic[R]):
    """The operations of one kind of document. `complete` fills in what only this kind needs, ids being in place.

    `cancellable` are the states that Tryton's button takes, `instead` what to do about one in another. `resolving` is
    for a kind that refers to more than orders do.
    """

    trade: Trade
    cancellable: tuple[str, ...] = ("draft", "quotation")
    instead: str = "cancel its shipments and invoices in Tryton"
    complete: Complete = _as_it_is
    resolving: Callable[[Context, R], Flow[R]] | None = None

    def resolve(self, ctx: Context, record: R) -> Flow[R]:
        """The document with ids in the place of numbers."""
        return (yield from self.resolving(ctx, record) if self.resolving else resolved(ctx, self.trade, record))

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The oldest of the company whose description is the key: a copy of a document copies it too (wire §9)."""
        user = yield from context(ctx)
        own = [["company", "=", user["company"]]] if user.get("company") is not None else []
        return (yield from self.trade.table.find(ctx, ["description", "=", key.strip()], *own))

    def create(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """Make a draft, lines and all, in one call; then read it as Tryton completed it."""
        header = Part("", flat(native, (LINES,)))
        added = [Part(f"/lines/{index}", flat(line)) for index, line in enumerate(native.get(LINES) or ())]
        yield from finished(ctx, self.trade, header, added, [], [])
        yield from self.complete(ctx, header, added, [])
        values = header.values
        if added:
            values["lines"] = commands((part.values for part in added), (), ())
        more = {"company": values["company"]} if values.get("company") is not None else {}
        return (yield from made(ctx, self.trade.table, values, more))

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """Write header and lines in one call; Tryton refuses it if either was changed since it was read (wire §6)."""
        header = Part("", dict(changes.fields), native)
        lines = changes.lists.get(LINES)
        before = len(native.get(LINES) or ())
        added = [Part(f"/lines/{before + n}", flat(row)) for n, row in enumerate(lines.added if lines else ())]
        changed = [Part("/lines", dict(to.fields), row) for row, to in (lines.changed if lines else ())]
        removed = list(lines.removed) if lines else []
        yield from finished(ctx, self.trade, header, added, changed, removed)
        yield from self.complete(ctx, header, added, changed)
        values = header.values
        steps = commands(
            (part.values for part in added),
            ((part.native["id"], part.values) for part in changed),
            (row["id"] for row in removed),
        )
        if steps:
            values["lines"] = steps
        if values:
            yield from guarded(ctx, self.trade.table, id, native, "write", values, lists={"lines": self.trade.line})

    def cancel(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
        """Cancel it where its state allows that; one that is cancelled already stays so."""
        state = native.get("state")
        if state == "cancelled":
            return
        if state not in self.cancellable:
            raise InvalidRecord(
                f"it is {state}, and Tryton cancels only what is {' or '.join(self.cancellable)}", hint=self.instead
            )
        yield from guarded(ctx, self.trade.table, id, native, "cancel", lists={"lines": self.trade.line})

    def delete(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
        """Delete a draft or what is cancelled; Tryton says no to any other."""
        yield from guarded(ctx, self.trade.table, id, native, "delete", lists={"lines": self.trade.line})

    def resource(self, lens: Lens[R], **because: str) -> Resource[R]:
        """The resource with all of these but those that `because` says it lacks."""
        table = self.trade.table
        return Resource(
            lens=lens, rows="result", page=table.page, get=table.get, create=self.create, update=self.update,
            delete=None if "delete" in because else self.delete, cancel=self.cancel, find=self.find,
            resolve=self.resolve, updated_since="native",
            because=because,
        )  # fmt: skip


_purchases: Documents[PurchaseOrder] = Documents(PURCHASE)
_sales: Documents[SalesOrder] = Documents(SALE)
PURCHASE_ORDERS = _purchases.resource(
    PURCHASE_ORDER, close="never: an order closes itself when all of it has come and is paid"
)
SALES_ORDERS = _sales.resource(
    SALES_ORDER, close="never: an order closes itself when all of it has gone out and is paid"
)
