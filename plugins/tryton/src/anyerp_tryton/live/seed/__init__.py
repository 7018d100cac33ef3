"""The business data of a live server, planted over its own wire (no Tryton code is imported)."""

from collections.abc import Callable

from ..rpc import Rpc
from ..seeds import Credentials, Seeds, User
from . import books, goods, orders, people

TICKS = 3 + orders.TICKS

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
    people.reader(rpc, company, reader.login, reader.password)
    credentials = Credentials(admin, reader, people.application_key(rpc))
    tick()
    masters = orders.Masters(suppliers, products, units, currencies, terms, warehouses, accounts, tax)
    purchases = orders.purchases(rpc, masters, tick)
    _look(rpc, purchases)
    return Seeds(company, currencies, terms, units, products, warehouses, suppliers, tax, purchases), credentials


def _look(rpc: Rpc, purchases: dict[str, list[int]]) -> None:
    fields = ("state", "shipment_state", "invoice_state")
    for stage, ids in purchases.items():
        for row in rpc.read("purchase.purchase", ids, *fields):
            found = tuple(row[name] for name in fields)
            if found != OUTCOME[stage]:
                raise LookupError(f"purchase {row['id']}: {found} where stage {stage} means {OUTCOME[stage]}")
