"""Documents of the seed: orders in every state, several currencies, and as many generated ones as a test wants."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ...odata import Row
from ..posting import invoice, receive, ship
from ..schema import SCHEMA, ZERO
from ..store import Company
from ..writing import create

_FIRST = date(2026, 3, 2)


def _line(number: str, quantity: str, price: str | None = None, **more: Any) -> dict[str, Any]:
    line: dict[str, Any] = {"lineType": "Item", "lineObjectNumber": number, "quantity": Decimal(quantity)}
    return line | ({} if price is None else {"directUnitCost": Decimal(price)}) | more


def _order(company: Company, vendor: str, day: int, *lines: dict[str, Any], **more: Any) -> Row:
    when = (_FIRST + timedelta(days=day)).isoformat()
    body = {"vendorNumber": vendor, "orderDate": when, "postingDate": when, "purchaseOrderLines": list(lines)}
    return create(company, SCHEMA.sets["purchaseOrders"], body | more)


def _state(company: Company, order: Row, status: str) -> Row:
    return company.put("purchaseOrders", {**order, "status": status})


def _lines(company: Company, order: Row) -> list[Row]:
    return company.of("purchaseOrderLines", order["id"])


def _receive(company: Company, order: Row, *quantities: str) -> Row:
    pairs = zip(_lines(company, order), quantities, strict=False)
    receive(company, order, {line["id"]: Decimal(quantity) for line, quantity in pairs})
    return company.tables["purchaseOrders"][order["id"]]


def _bill(company: Company, order: Row, *quantities: str) -> Row:
    pairs = zip(_lines(company, order), quantities, strict=False)
    return invoice(company, order, {line["id"]: Decimal(quantity) for line, quantity in pairs})


def _id(company: Company, name: str, **values: Any) -> str:
    found = company.find(name, **values)
    return ZERO if found is None else str(found["id"])


def purchase_orders(company: Company) -> None:
    """Thirteen purchase orders, 106001 to 106013; the ninth is invoiced in full and so no longer there."""
    _order(company, "10000", 0, _line("1896-S", "5"), _line("1900-S", "10", "95"))
    released = _order(company, "20000", 1, _line("3000", "12.5"), requestedReceiptDate="2026-03-20")
    _state(company, released, "Open")
    review = _order(company, "30000", 2, _line("2000", "240", "3.95"), _line("2010", "75.5"))
    _state(company, review, "In_x0020_Review")
    _order(company, "40000", 3, _line("1908-S", "3", "14132"))
    dinar = _order(company, "50000", 4, _line("2020", "1250", "0.391", discountPercent=Decimal("2.5")))
    _state(company, dinar, "Open")
    partial = _order(company, "70000", 5, _line("2030", "500", "0.3725"), _line("2040", "12"))
    _receive(company, partial, "200", "12")
    _receive(company, _order(company, "10000", 6, _line("1900-S", "8")), "8")
    billed = _receive(
        company, _order(company, "30000", 7, _line("2000", "100", "4"), _line("2020", "900", "1.15")), "60", "900"
    )
    _bill(company, billed, "60", "400")
    done = _receive(company, _order(company, "20000", 8, _line("3010", "50")), "50")
    _bill(company, done, "50")
    _order(
        company,
        "10000",
        9,
        {"lineType": "Comment", "description": "Deliver to gate 4, ask for Zoë"},
        {"accountId": _id(company, "accounts", number="65300"), "quantity": 1, "directUnitCost": Decimal("180.25")},
        {"lineType": "Charge", "lineObjectNumber": "P-FREIGHT", "quantity": 1, "directUnitCost": 40},
        _line("1908-S", "6", "95.5", expectedReceiptDate="2026-03-30"),
        discountAmount=25,
        shipToName="Plant 2 + Süd",
    )
    _order(
        company,
        "10000",
        10,
        _line(
            "1900-S",
            "4",
            unitOfMeasureCode="BOX",
            itemVariantId=_id(company, "itemVariants", code="RED"),
            locationId=_id(company, "locations", code="EAST"),
            dimensionSetLines=[{"code": "PROJECT", "valueCode": "P-200"}],
        ),
        dimensionSetLines=[{"code": "DEPARTMENT", "valueCode": "PROD"}, {"code": "PROJECT", "valueCode": "P-100"}],
        shortcutDimension1Code="PROD",
        purchaser="RL",
    )
    _state(
        company, _order(company, "60000", 11, _line("2030", "1000", "1.234"), _line("2010", "20.75", "6.789")), "Open"
    )
    _order(company, "70000", 12)


def purchase_invoices(company: Company) -> None:
    """Two draft invoices, and two that were paid and cancelled."""
    for day, (vendor, reference, status) in enumerate(
        (
            ("10000", "FAB-7781", "Draft"),
            ("30000", "RE-2026/0815", "Draft"),
            ("10000", "FAB-7700", "Paid"),
            ("20000", "X-1", "Canceled"),
        )
    ):
        when = (_FIRST + timedelta(days=day)).isoformat()
        body = {"vendorNumber": vendor, "vendorInvoiceNumber": reference, "invoiceDate": when, "postingDate": when}
        line = {"lineType": "Item", "lineObjectNumber": "2000", "quantity": 10, "unitCost": Decimal("4.10")}
        row = create(company, SCHEMA.sets["purchaseInvoices"], body | {"purchaseInvoiceLines": [line]})
        if status != "Draft":
            company.put("purchaseInvoices", {**row, "status": status, "number": company.number("P-INV+")})


def sales_orders(company: Company) -> None:
    """Four sales orders: three drafts, and one shipped in part."""
    for day, (customer, item, quantity, status) in enumerate(
        (
            ("10000", "1896-S", "2", "Draft"),
            ("30000", "1900-S", "12", "Open"),
            ("20000", "1908-S", "4", "Draft"),
            ("40000", "2040", "1.5", "Draft"),
        )
    ):
        body = {
            "customerNumber": customer,
            "externalDocumentNumber": f"PO-{day + 1:04d}",
            "orderDate": (_FIRST + timedelta(days=day)).isoformat(),
            "salesOrderLines": [{"lineType": "Item", "lineObjectNumber": item, "quantity": Decimal(quantity)}],
        }
        row = create(company, SCHEMA.sets["salesOrders"], body)
        if status == "Open":
            (line,) = company.of("salesOrderLines", row["id"])
            ship(company, row, {line["id"]: Decimal(5)})


def many_orders(company: Company, count: int) -> None:
    """So many more purchase orders of two lines, made from one: cheap, for paging and bulk."""
    pattern = _order(company, "10000", 20, _line("1896-S", "1"), _line("2000", "10"))
    lines = _lines(company, pattern)
    for index in range(count - 1):
        day = _FIRST + timedelta(days=20 + index % 200)
        again = {"number": company.number("P-ORD"), "orderDate": day, "postingDate": day}
        order = company.put("purchaseOrders", {**pattern, "id": company.journal.identity(), **again})
        for line in lines:
            company.put("purchaseOrderLines", {**line, "id": company.journal.identity(), "documentId": order["id"]})
