"""The business data of a live server, planted over its own wire (no Tryton code is imported)."""

from collections.abc import Callable, Mapping

from ..rpc import Rpc
from ..seeds import Credentials, Seeds, User
from . import books, goods, orders, people, sales

TICKS = 3 + orders.TICKS + sales.TICKS

# stage -> state, shipment_state, invoice_state. Tryton does part of the work in tasks whose failure no caller
# sees, so the outcome is looked at.
OUTCOME = {
    "draft": ("draft", "none", "none"),
    "quotation": ("quotation", "none", "none"),
    "cancelled": ("cancelled", "none", "none"),
    "processing": ("processing", "waiting", "none"),
    "partly_received": ("processing", "partially shipped", "pending"),
    "received": ("processing", "received", "pending"),
    "billed": ("processing", "received", "awaiting payment"),
    "done": ("done", "received", "paid"),
}
SOLD = {
    "draft": ("draft", "none", "none"),
    "quotation": ("quotation", "none", "none"),
    "cancelled": ("cancelled", "none", "none"),
    "processing": ("processing", "waiting", "none"),
    "partly_shipped": ("processing", "partially shipped", "pending"),
    "shipped": ("processing", "sent", "pending"),
    "billed": ("processing", "sent", "awaiting payment"),
    "done": ("done", "sent", "paid"),
}


def plant(rpc: Rpc, admin: User, reader: User, tick: Callable[[], None]) -> tuple[Seeds, Credentials]:
    """Fill a blank database as the administrator; `tick` is called `TICKS` times.

    RpcError when Tryton refuses a step, LookupError when an order ended in another state than meant.
    """
    currencies = books.currencies(rpc)
    company = books.company(rpc, currencies["USD"])
    accounts = books.accounts(rpc, company)
    tax = books.tax(rpc, company, accounts["tax"])
    books.fiscal_years(rpc, company)
    terms = books.payment_terms(rpc)
    tick()
    products, units = goods.products(rpc, accounts, tax)
    warehouses = goods.warehouses(rpc)
    tick()
    suppliers = people.suppliers(rpc, terms)
    customers = people.customers(rpc, terms)
    buyer = people.reader(rpc, company, reader.login, reader.password)
    credentials = Credentials(admin, reader, people.application_key(rpc))
    tick()
    masters = orders.Masters(suppliers, products, units, currencies, terms, warehouses, accounts, tax)
    purchases = orders.purchases(rpc, masters, tick)
    _look(rpc, "purchase.purchase", purchases, OUTCOME)
    sold = sales.sales(rpc, masters, customers, tick)
    _look(rpc, sales.SALE, sold, SOLD)
    people.passwords(rpc, {buyer: reader.password, rpc.user_id: admin.password})
    seeds = Seeds(
        company, currencies, terms, units, products, warehouses, suppliers, tax, purchases, customers, sales=sold
    )
    return seeds, credentials


def _look(rpc: Rpc, model: str, made: dict[str, list[int]], outcome: Mapping[str, tuple[str, ...]]) -> None:
    fields = ("state", "shipment_state", "invoice_state")
    for stage, ids in made.items():
        for row in rpc.read(model, ids, *fields):
            found = tuple(row[name] for name in fields)
            if found != outcome[stage]:
                raise LookupError(f"{model} {row['id']}: {found} where stage {stage} means {outcome[stage]}")
