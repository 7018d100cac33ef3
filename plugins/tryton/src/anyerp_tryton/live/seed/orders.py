"""Purchase orders in each stage of their life, from draft to paid."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from ..rpc import Rpc
from .goods import TAXED

# The first order that is received in part is for years, and called off by ones.
CALLED_OFF = 1000
# In the order of an order's life, and how many; each stage has gone through the ones that made it possible. There are
# few of those that bring receipts and invoices with them: a check of the connector reads all some hundred times.
STAGES = {
    "draft": 20,
    "quotation": 20,
    "cancelled": 20,
    "processing": 4,
    "partly_received": 4,
    "received": 4,
    "billed": 4,
    "done": 4,
}
# product, unit, quantity, unit price
WARES = (
    ("BOLT-M8", "Unit", 250.0, "0.1199"),
    ("GEARBOX", "Unit", 2.0, "139.5000"),
    ("STEEL-ROD", "Kilogram", 12.5, "3.4000"),
    ("HOSE-19", "Meter", 40.0, "7.1500"),
    ("COOLANT", "Liter", 18.0, "4.7500"),
)
# Prices of yen and dinar orders are the dollar price times this, so that they look like themselves.
SCALE = {"USD": Decimal(1), "EUR": Decimal("0.92"), "JPY": Decimal(155), "KWD": Decimal("0.307")}


@dataclass(frozen=True)
class Masters:
    """Ids of everything an order points at, by code or name."""

    suppliers: dict[str, int]
    products: dict[str, int]
    units: dict[str, int]
    currencies: dict[str, int]
    terms: dict[str, int]
    warehouses: dict[str, int]
    accounts: dict[str, int]
    tax: int


def purchases(rpc: Rpc, masters: Masters, tick: Callable[[], None]) -> dict[str, list[int]]:
    """Make the orders and move each to its stage; ids by stage. `tick` is called after each stage."""
    addresses = {
        row["id"]: row["addresses"][0] for row in rpc.read("party.party", list(masters.suppliers.values()), "addresses")
    }
    made: dict[str, list[int]] = {}
    for place, (stage, many) in enumerate(STAGES.items()):
        orders = [_order(masters, addresses, stage, place * 10 + number, number) for number in range(many)]
        made[stage] = rpc.create("purchase.purchase", *orders)
        for button in _buttons(stage):
            rpc.click("purchase.purchase", button, made[stage])
        tick()
    for stage, share in (("partly_received", 0.4), ("received", 1.0), ("billed", 1.0), ("done", 1.0)):
        _receive(rpc, made[stage], share)
        tick()
    bill(rpc, "purchase.purchase", made["billed"] + made["done"])
    tick()
    pay(rpc, "purchase.purchase", made["done"], masters.accounts)
    tick()
    return made


TICKS = len(STAGES) + 6


def _buttons(stage: str) -> tuple[str, ...]:
    return {"draft": (), "quotation": ("quote",), "cancelled": ("cancel",)}.get(stage, ("quote", "confirm"))


def _order(m: Masters, addresses: dict[int, int], stage: str, turn: int, number: int) -> dict[str, Any]:
    supplier = list(m.suppliers.values())[turn % len(m.suppliers)]
    # one order in three is in another currency than the company's
    currency = ("EUR", "JPY", "KWD")[turn % 9 // 3] if turn % 3 == 0 else "USD"
    today = dt.datetime.now(dt.UTC).date()
    return {
        "party": supplier,
        "invoice_address": addresses[supplier],
        "reference": f"{stage.upper()}-{number + 1}",
        "description": f"Order {number + 1}, meant to stay {stage.replace('_', ' ')}",
        "comment": "Deliver to the back door.\nRing twice." if number == 0 else None,
        "currency": m.currencies[currency],
        "payment_term": list(m.terms.values())[turn % len(m.terms)],
        "warehouse": list(m.warehouses.values())[turn % len(m.warehouses)],
        "purchase_date": today - dt.timedelta(days=turn % 30),
        "invoice_method": "fulfillment",
        "lines": [["create", list(_lines(m, stage, turn, number, currency, today))]],
    }


def _lines(m: Masters, stage: str, turn: int, number: int, currency: str, today: dt.date) -> Iterator[dict[str, Any]]:
    for place in range(1 + turn % 3):
        product, unit, quantity, price = WARES[(turn + place) % len(WARES)]
        yield {
            "type": "line",
            "sequence": (place + 1) * 10,
            "product": m.products[product],
            "unit": m.units[unit],
            "quantity": quantity * (CALLED_OFF if stage == "partly_received" and number == 0 else 1),
            "unit_price": (Decimal(price) * SCALE[currency]).quantize(Decimal("0.0001")),
            "description": f"{product} as per drawing {turn}" if place == 0 else None,
            "delivery_date_edit": True,  # without it Tryton shows a date of its own reckoning, or none
            "delivery_date_store": today + dt.timedelta(days=14 + turn % 20),
            "taxes": [["add", [m.tax]]] if product in TAXED else [],
        }
    # A line without a product: nothing is received on it, so Tryton bills it as soon as the order is confirmed,
    # and the orders that wait for their goods stay unbilled without it.
    if turn % 4 == 0 and stage != "processing":
        yield {
            "type": "line",
            "sequence": 80,
            "description": "Crating, as agreed by telephone",
            "quantity": 1.0,
            "unit": m.units["Unit"],
            "unit_price": Decimal(20) * SCALE[currency],
        }
    if turn % 5 == 0:
        yield {"type": "comment", "sequence": 90, "description": "Certificates of origin are required."}


def _receive(rpc: Rpc, orders: list[int], share: float) -> None:
    """Receive `share` of every line, one supplier shipment an order."""
    places = ("warehouse.input_location", "warehouse.storage_location")
    rows = rpc.read("purchase.purchase", orders, "party", "warehouse", "company", "moves", *places)
    if share < 1:
        for move in rpc.read("stock.move", list(chain(*(row["moves"] for row in rows))), "quantity"):
            came = 1.0 if move["quantity"] >= CALLED_OFF else float(max(1, int(move["quantity"] * share)))
            rpc.write("stock.move", [move["id"]], {"quantity": came})
    today = dt.datetime.now(dt.UTC).date()
    shipments = rpc.create(
        "stock.shipment.in",
        *(
            {
                "supplier": row["party"],
                "warehouse": row["warehouse"],
                # a client's form would fill these two in; over the wire nothing does
                "warehouse_input": row["warehouse."]["input_location"],
                "warehouse_storage": row["warehouse."]["storage_location"],
                "company": row["company"],
                "reference": f"DN-{row['id']}",
                "effective_date": today,
                "incoming_moves": [["add", row["moves"]]],
            }
            for row in rows
        ),
    )
    rpc.click("stock.shipment.in", "receive", shipments)
    rpc.click("stock.shipment.in", "do", shipments)


def bill(rpc: Rpc, model: str, orders: list[int]) -> None:
    """Post the invoices that receiving or shipping the goods of `orders` made."""
    today = dt.datetime.now(dt.UTC).date()
    invoices = list(chain(*(row["invoices"] for row in rpc.read(model, orders, "invoices"))))
    for invoice in invoices:
        rpc.write("account.invoice", [invoice], {"invoice_date": today, "reference": f"BILL-{invoice}"})
    rpc.click("account.invoice", "post", invoices)


def pay(rpc: Rpc, model: str, orders: list[int], accounts: dict[str, int]) -> None:
    """Pay the invoices of `orders` in full, which makes the orders done."""
    journal = rpc.ids("account.journal", [["type", "=", "cash"]])[0]
    (method,) = rpc.create(
        "account.invoice.payment.method",
        {"name": "Cash", "journal": journal, "credit_account": accounts["cash"], "debit_account": accounts["cash"]},
    )
    for row in rpc.read(model, orders, "invoices"):
        for invoice in row["invoices"]:
            _pay_one(rpc, invoice, method)


def _pay_one(rpc: Rpc, invoice: int, method: int) -> None:
    (row,) = rpc.read("account.invoice", [invoice], "company", "currency", "amount_to_pay")
    acting = {"active_model": "account.invoice", "active_id": invoice, "active_ids": [invoice]}
    session, start, _end = rpc.call("wizard.account.invoice.pay.create")
    rpc.call("wizard.account.invoice.pay.execute", session, {}, start, context=acting)
    form = {
        "payee": None,
        "amount": row["amount_to_pay"],
        "currency": row["currency"],
        "date": dt.datetime.now(dt.UTC).date(),
        "payment_method": method,
        "company": row["company"],
    }
    rpc.call("wizard.account.invoice.pay.execute", session, {"start": form}, "choice", context=acting)
    rpc.call("wizard.account.invoice.pay.delete", session)
