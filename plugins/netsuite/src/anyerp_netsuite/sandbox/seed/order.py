"""Purchase orders in every status and several currencies, with what came of them; and many more on request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D  # noqa: N817
from typing import Any

from anyerp_netsuite.sandbox.field import Ref, Values
from anyerp_netsuite.sandbox.merge import merged
from anyerp_netsuite.sandbox.rule import save
from anyerp_netsuite.sandbox.seed.common import add, at, to
from anyerp_netsuite.sandbox.store import Record, Store
from anyerp_netsuite.sandbox.transform import transform

_KINDS = {86: "lotnumberedinventoryitem", 91: "assemblyitem", 92: "noninventorypurchaseitem"} | {
    93: "servicepurchaseitem",
    94: "otherchargepurchaseitem",
}
_START = datetime(2026, 3, 1, 15, 8, tzinfo=UTC)


def item(id: int) -> Ref:
    """A reference to a seeded item."""
    return to(_KINDS.get(id, "inventoryitem"), id)


def line(id: int, quantity: str, rate: str = "", **more: Any) -> Values:
    """An order line."""
    price = {"rate": D(rate)} if rate else {}
    return {"item": item(id), "quantity": D(quantity), **price, **more}


def sow(store: Store) -> None:
    """The twelve orders, in the order of their ids."""
    _sample(store)
    acme, place = _party(1722, 1, 1), to("location", 2)
    tuesday = date(2026, 3, 3)
    mueller, yamada, gulf, sfax = _party(1723, 2, 3), _party(1724, 3, 4), _party(1725, 4, 5), _party(1726, 5, 6)
    angstrom = _party(1727, 1, 1)
    _order(store, 2174, acme, [line(84, "5000"), line(94, "1", "35.5")], approvalStatus="1", memo="Waits for Zoë")
    _order(store, 2175, mueller, [line(87, "3"), line(93, "4.5")], otherRefNum="Bestellung 4711/ü", shipDate=tuesday)
    _order(store, 2176, acme, [line(85, "1")], approvalStatus="3", memo="Too dear")
    partly = _order(store, 2177, yamada, [line(89, "40", "312"), line(89, "60", "299")])
    receive(store, partly, {1: D(40)})
    behind = _order(
        store, 2178, gulf, [line(90, "12.5", "980.125"), line(90, "2.125", "1004.375")], otherRefNum="KWT-9"
    )
    receive(store, behind, {1: D(8)})
    bill(store, behind, {1: D(5)}, "INV-778")
    came = _order(store, 2179, sfax, [line(88, "20", "6.125")], terms=to("term", 1))
    receive(store, came, {1: D(20)})
    whole = _order(store, 2180, angstrom, [line(85, "4", "151.25"), line(93, "2", "90")], currency=to("currency", 4))
    receive(store, whole, {1: D(4)})
    bill(store, whole, None, "ÅD-2026-0007")
    closed = _order(store, 2181, acme, [line(84, "100"), line(88, "2")], location=place)
    shut = {"item": [{"line": one["line"], "isClosed": True} for one in closed.values["item"]]}
    save(store, merged(closed, shut))
    _order(store, 2182, acme, [line(84, "800")], orderStatus="P", memo="By supply planning")
    costs = [{"account": to("account", 115), "amount": D("210.4"), "memo": "Customs broker"}]
    _order(store, 2183, angstrom, [line(86, "30", "11.5"), line(92, "2")], expense=costs, currency=to("currency", 1))
    taxed = _order(store, 2184, mueller, [line(87, "1", "420", amount=D("399.99"))], memo="Amount overridden; taxed")
    taxed.values["_tax"] = D("76.00")
    store.put(taxed)
    seller = to("customer", 1801)
    more: Values = {
        "entity": seller,
        "subsidiary": to("subsidiary", 1),
        "location": to("location", 1),
        "tranDate": tuesday,
    }
    with at(store, datetime(2026, 3, 12, 9, tzinfo=UTC)):
        add(store, "salesorder", 2301, item=[line(84, "12", "0.3"), line(85, "1", "260")], **more)


def sow_many(store: Store, count: int) -> None:
    """Plain approved orders after the twelve, one a minute, cheap to make."""
    first, start = 10_001, datetime(2026, 4, 1, tzinfo=UTC)
    parties = (_party(1722, 1, 1), _party(1723, 2, 3), _party(1724, 3, 4))
    with at(store, start):
        for number in range(count):
            lines = [line(84, str(10 + number % 90), "0.12"), line(85, str(1 + number % 7), "140")][: 1 + number % 2]
            day = date(2026, 4, 1) + timedelta(days=number % 180)
            add(store, "purchaseorder", first + number, item=lines, tranDate=day, **parties[number % len(parties)])


def receive(store: Store, order: Record, quantities: dict[int, D]) -> Record:
    """Receive quantities by line id of an order, and nothing else of it."""
    lines = [{"orderLine": number, "quantity": amount} for number, amount in quantities.items()]
    return transform(store, store.at(order.ref), "itemreceipt", {"item": lines}, ["item"])


def bill(store: Store, order: Record, quantities: dict[int, D] | None, number: str) -> Record:
    """Bill quantities by line id, or all that is open."""
    lines = [{"orderLine": one, "quantity": amount} for one, amount in (quantities or {}).items()]
    body: Values = {"tranId": number, **({"item": lines} if lines else {})}
    return transform(store, store.at(order.ref), "vendorbill", body, ["item"] if lines else [])


def _party(vendor: int, company: int, place: int) -> Values:
    return {"entity": to("vendor", vendor), "subsidiary": to("subsidiary", company), "location": to("location", place)}


def _order(store: Store, id: int, party: Values, lines: Sequence[Values], **more: Any) -> Record:
    """An order made a day later than the one before."""
    start = _START + timedelta(days=id - 2173)
    with at(store, start):
        values: Values = {"tranDate": start.date(), "employee": to("employee", 159), **party, **more}
        return add(store, "purchaseorder", id, item=list(lines), **values)


def _sample(store: Store) -> None:
    """An order as full as a real one: custom fields, a gap in its line numbers, a partial receipt."""
    extra: Values = {
        "department": to("department", 1),
        "class": to("classification", 15),
        "custcol_est_delivery_date": date(2026, 3, 19),
        "custcol_scm_track_landed_cost": True,
    }
    lines = [
        line(84, "1000", "0.118", vendorName="ACME-BOLT-M8", **extra),
        line(88, "5", "1.95", **extra),
        line(85, "2", "139.5", vendorName="ACME-GEARBOX", **extra),
    ]
    order = _order(
        store,
        2173,
        _party(1722, 1, 1),
        lines,
        tranId="PO45723",
        memo="Spring order",
        email="orders@acme.example",
        shipDate=date(2026, 3, 19),
        department=to("department", 3),
        incoTerm=to("incoterm", 1),
        billAddressList=to("address", 1279883),
        custbody2="free text custom field",
        custbody_requestor=[to("employee", 159)],
        custbody_purchase_order_type=to("customlist_po_type", 2),
        custbody_report_timestamp="19/12/2025 6:6:29",
        externalId="REQ-2173",
    )
    with at(store, datetime(2026, 3, 5, 15, 22, tzinfo=UTC)):
        order = save(store, merged(order, {"item": [{"line": 1}, {"line": 3}]}, ["item"]))
    with at(store, datetime(2026, 3, 5, 15, 22, tzinfo=UTC)):
        receive(store, order, {1: D(400)})
