"""Twelve purchase orders, one per story, with their receipts and invoices; sales orders; a bill without an order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.rules import action, document
from anyerp_sap.b1.sandbox.schema import KINDS
from anyerp_sap.b1.sandbox.world import World

_ORDER, _RECEIPT = 22, 20


def seed_purchases(world: World, lights: int) -> None:
    """Orders 1 to 12, in the order of the comments below; `lights` of the first item of order 2."""
    # 1: open, boxes of a unit group
    _order(world, 3, "V10000", [_line("A1000", 20, UnitPrice="42.50"), _line("A1002", 6, DiscountPercent="5")])
    # 2: partly received, a header discount
    _order(world, 4, "V10010", [_line("A1001", lights, UnitPrice="395"), _line("A2000", 500)], DiscountPercent="2.5")
    _copy(world, 10, "PurchaseDeliveryNotes", _ORDER, 2, {0: "4"})
    # 3: fully received and invoiced in US dollars
    _order(world, 5, "V20000", [_line("A1002", 100, UnitPrice="49.99")], NumAtCard="PC-7731")
    _copy(world, 12, "PurchaseDeliveryNotes", _ORDER, 3, {0: "100"})
    _copy(world, 14, "PurchaseInvoices", _RECEIPT, 2, {0: "100"}, NumAtCard="INV-2025-118")
    # 4: yen, no decimals
    _order(world, 6, "V30000", [_line("A1001", 3, UnitPrice="61234"), _line("A1002", 7, UnitPrice="8991")])
    # 5: Kuwaiti dinars, three decimals, closed by hand before anything came
    _order(world, 7, "V40000", [_line("A2000", 1000, UnitPrice="0.385", WarehouseCode="02")])
    _act(world, 15, 5, action.close)
    # 6: Tunisian dinars, another branch, its warehouse
    tunisian = [_line("A3000", 25, UnitPrice="12.755", WarehouseCode="SFX", VatGroup="C0")]
    _order(world, 8, "V50000", tunisian, BPL_IDAssignedToInvoice=2)
    # 7: cancelled
    _order(world, 9, "V10000", [_line("A1000", 5, UnitPrice="41")], Comments="Doublon")
    _act(world, 9, 7, action.cancel)
    # 8: services, by account
    works = {
        "AccountCode": "615500",
        "ItemDescription": "Révision de la grue",
        "LineTotal": "1850.5",
        "VatGroup": "C20",
    }
    _order(world, 11, "V10010", [works], DocType="dDocument_Service")
    # 9: any currency, pounds, project and cost centre, buyer's remarks over two lines
    project = {"ProjectCode": "TH-2025", "CostingCode": "LYON"}
    _order(
        world, 13, "V60000", [_line("S9000", "7.5", **project)], DocCurrency="GBP", Comments="Livraison le matin\r\nSVP"
    )
    # 10: goods managed by batches, received with them
    _order(world, 16, "V10000", [_line("A4000", 8, UnitPrice="98")], U_ExternalRef="REQ-10")
    batches = [{"BatchNumberProperty": "LOT-25-031", "Quantity": "40", "ExpiryDate": "2026-03-01"}]
    _copy(world, 20, "PurchaseDeliveryNotes", _ORDER, 10, {0: "8"}, batches)
    # 11: received and taken back by a cancellation document: open again
    _order(world, 17, "V10000", [_line("A1000", 10)])
    _copy(world, 21, "PurchaseDeliveryNotes", _ORDER, 11, {0: "10"})
    with world.at(_day(22)):
        action.create_cancellation(world, KINDS["PurchaseDeliveryNotes"], world.store.get("PurchaseDeliveryNotes", 4))
    # 12: not confirmed yet, amounts beyond six digits
    _order(world, 18, "V10010", [_line("A1001", 1234, UnitPrice="987.654321")], Confirmed="tNO")
    with world.at(_day(23)):
        sales = {
            "CardCode": "C10000",
            "DocDueDate": "2025-03-20",
            "DocumentLines": [_line("P5000", 4), _line("A1000", 2)],
        }
        document.create(world, "Orders", sales)
        abroad = {
            "CardCode": "C30000",
            "DocDueDate": "2025-04-01",
            "DocumentLines": [_line("P5000", 2, UnitPrice="24500")],
        }
        document.create(world, "Orders", abroad)
        wanted = {"RequriedDate": "2025-03-10", "DocumentLines": [_line("A1002", 3)], "RequesterName": "Atelier"}
        document.create(world, "PurchaseRequests", wanted)
        power = {"AccountCode": "606100", "ItemDescription": "Électricité 02/2025", "LineTotal": "640.2"}
        bill = {"CardCode": "V10000", "DocType": "dDocument_Service", "NumAtCard": "EDF-7", "DocumentLines": [power]}
        document.create(world, "PurchaseInvoices", bill)


def receive(world: World, entry: int, line: int, quantity: str, batches: list[Row] | None = None) -> Row:
    """A receipt for some of an order's line, now."""
    return _copied(world, "PurchaseDeliveryNotes", _ORDER, entry, {line: quantity}, batches)


def _day(day: int) -> datetime:
    return datetime(2025, 2, day, 8, day, 40 + day % 20, tzinfo=UTC)


def _line(item: str, quantity: int | str, **values: Any) -> Row:
    return {"ItemCode": item, "Quantity": str(quantity), **values}


def _order(world: World, day: int, vendor: str, lines: list[Row], **values: Any) -> None:
    with world.at(_day(day)):
        body = {"CardCode": vendor, "DocDueDate": f"2025-03-{day:02}", "DocumentLines": lines, **values}
        document.create(world, "PurchaseOrders", body)


def _copy(
    world: World,
    day: int,
    target: str,
    code: int,
    entry: int,
    quantities: dict[int, str],
    batches: list[Row] | None = None,
    **values: Any,
) -> None:
    with world.at(_day(day)):
        _copied(world, target, code, entry, quantities, batches, **values)


def _copied(
    world: World,
    target: str,
    code: int,
    entry: int,
    quantities: dict[int, str],
    batches: list[Row] | None = None,
    **values: Any,
) -> Row:
    source = "PurchaseOrders" if code == _ORDER else "PurchaseDeliveryNotes"
    base = world.store.get(source, entry)
    lines = [
        {"BaseType": code, "BaseEntry": entry, "BaseLine": line, "Quantity": quantity, "BatchNumbers": batches or []}
        for line, quantity in quantities.items()
    ]
    currency = {"DocCurrency": base["DocCurrency"], "DocRate": base["DocRate"]}
    body = {"CardCode": base["CardCode"], **currency, "DocumentLines": lines, **values}
    return document.create(world, target, body)


def _act(world: World, day: int, entry: int, what: Any) -> None:
    with world.at(_day(day)):
        what(world, KINDS["PurchaseOrders"], world.store.get("PurchaseOrders", entry))
