"""The world behind the host's back: what people inside the ERP do while a client looks elsewhere.

Methods name orders by number, in the default company unless told otherwise, and raise `KeyError` for what is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..odata import Row
from .dmf import DataManagement
from .identity import Directory
from .rule import Desk
from .rule.purchase import received
from .schema import blank, schema
from .sequence import Sequences
from .store import Store


class World:
    """Mixed into the sandbox: its state, and what may happen to it."""

    store: Store
    sequences: Sequences
    directory: Directory
    dmf: DataManagement
    now: Callable[[], datetime]
    client_id: str
    company = "usmf"

    def _desk(self, set_name: str) -> Desk:
        return Desk(self.store, self.sequences, self.now, schema().sets[set_name])

    def _find(self, table: str, *key: Any) -> Row:
        found = self.store.find(table, *key)
        if found is None:
            raise KeyError(key)
        return found

    def touch(self, order: str, company: str | None = None, **fields: Any) -> None:
        """Let someone else edit a purchase order (its attention line unless `fields` says what)."""
        row = self._find("purchase_order", company or self.company, order)
        self.store.replace("purchase_order", row | (fields or {"AttentionInformation": f"seen {self.store.stamp}"}))

    def confirm(self, order: str, company: str | None = None, tax: Decimal | str = Decimal(0)) -> None:
        """Confirm a purchase order to its vendor; only the confirmation has totals, with the tax on the whole."""
        self.touch(order, company, DocumentApprovalStatus="Confirmed")
        at = company or self.company
        header, lines = self._find("purchase_order", at, order), self._lines(order, at)
        total = sum((line["LineAmount"] for line in lines), Decimal(0))
        so_far = self.store.where("confirmation", dataAreaId=at, PurchaseOrderNumber=order)
        kept = ("dataAreaId", "PurchaseOrderNumber", "OrderVendorAccountNumber", "VendorOrderReference", "CurrencyCode")
        row = {name: header[name] for name in (*kept, "DocumentApprovalStatus")} | {
            "ConfirmationNumber": f"{order}-{len(so_far) + 1}",
            "ConfirmationDate": self._desk("PurchaseOrderConfirmationHeaders").today,
            "SubTotalAmount": total,
            "TotalTaxAmount": Decimal(tax),
            "TotalConfirmedAmount": total + Decimal(tax),
            "TotalQuantity": sum((line["OrderedPurchaseQuantity"] for line in lines), Decimal(0)),
        }
        self.store.insert("confirmation", blank("PurchaseOrderConfirmationHeaders") | row)

    def cancel(self, order: str, company: str | None = None) -> None:
        """Cancel a purchase order and its lines."""
        self._close(order, company, "Canceled")

    def invoice(self, order: str, company: str | None = None) -> None:
        """Post the invoice for the whole order."""
        self._close(order, company, "Invoiced")

    def _lines(self, order: str, company: str) -> list[Row]:
        return self.store.where("purchase_order_line", dataAreaId=company, PurchaseOrderNumber=order)

    def _close(self, order: str, company: str | None, status: str) -> None:
        at = company or self.company
        self.touch(order, at, PurchaseOrderStatus=status)
        for line in self._lines(order, at):
            self.store.replace("purchase_order_line", line | {"PurchaseOrderLineStatus": status})

    def receive(self, order: str, line: int, quantity: Decimal | str, company: str | None = None) -> str:
        """Post a product receipt for one line; gives its number. Statuses follow, the line has no received quantity."""
        at, amount = company or self.company, Decimal(quantity)
        header, ordered = self._find("purchase_order", at, order), self._find("purchase_order_line", at, order, line)
        desk = self._desk("ProductReceiptHeaders")
        number = self.sequences.next("receipt", at)
        before = received(desk, ordered)
        kept = {name: header[name] for name in ("OrderVendorAccountNumber", "DeliveryTermsId", "DeliveryModeId")}
        common = {
            "dataAreaId": at,
            "ProductReceiptNumber": number,
            "ProductReceiptDate": desk.today,
            "PurchaseOrderNumber": order,
        }
        head = blank("ProductReceiptHeaders") | common | kept | {"RecordId": self.store.record()}
        self.store.insert("receipt", head)
        names = (
            *("ItemNumber", "LineDescription", "ExternalItemNumber", "OrderedPurchaseQuantity", "PurchaseUnitSymbol"),
            *("ReceivingSiteId", "ReceivingWarehouseId", "ProcurementProductCategoryName"),
        )
        item = self.store.find("item", at, ordered["ItemNumber"]) or {}
        body = blank("ProductReceiptLines") | common | {name: ordered[name] for name in names}
        body |= {
            "RecordId": self.store.record(),
            "ProductReceiptHeaderRecordId": head["RecordId"],
            "LineNumber": Decimal(1),
            "PurchaseOrderLineNumber": line,
            "ProductNumber": item.get("ProductNumber", ""),
            "ExpectedDeliveryDate": ordered["ConfirmedDeliveryDate"],
            "ReceivedPurchaseQuantity": amount,
            "RemainingPurchaseQuantity": max(Decimal(0), ordered["OrderedPurchaseQuantity"] - before - amount),
            "ReceivedInventoryQuantity": amount,
        }
        self.store.insert("receipt_line", body)
        self._stock(at, ordered, amount)
        if before + amount >= ordered["OrderedPurchaseQuantity"]:
            self.store.replace("purchase_order_line", ordered | {"PurchaseOrderLineStatus": "Received"})
        if all(each["PurchaseOrderLineStatus"] != "Backorder" for each in self._lines(order, at)):
            self.touch(order, at, PurchaseOrderStatus="Received")
        return number

    def _stock(self, company: str, line: Row, quantity: Decimal) -> None:
        """Move on-hand stock; a place that had none gets a row."""
        site, warehouse = line["ReceivingSiteId"], line["ReceivingWarehouseId"]
        if not (line["InventoryLotId"] and warehouse):
            return
        row = self.store.find("on_hand", company, line["ItemNumber"], "", "", "", "", "", site, warehouse)
        if row is None:
            row = blank("WarehousesOnHandV2") | {
                "dataAreaId": company,
                "ItemNumber": line["ItemNumber"],
                "InventorySiteId": site,
                "InventoryWarehouseId": warehouse,
                "ProductName": line["LineDescription"],
            }
            row = self.store.insert("on_hand", row)
        moved = ("OnHandQuantity", "AvailableOnHandQuantity", "TotalAvailableQuantity")
        self.store.replace("on_hand", row | {name: row[name] + quantity for name in moved})

    def post_invoice(self, reference: str, company: str | None = None) -> None:
        """Post a pending vendor invoice: it leaves the set with its lines (dynamics sheet §1.7)."""
        at = company or self.company
        for line in self.store.where("vendor_invoice_line", dataAreaId=at, HeaderReference=reference):
            self.store.remove("vendor_invoice_line", line)
            ordered = self.store.find("purchase_order_line", at, line["PurchaseOrder"], line["PurchLineNumber"])
            if ordered is not None:
                self.store.replace("purchase_order_line", ordered | {"PurchaseOrderLineStatus": "Invoiced"})
        self.store.remove("vendor_invoice", self._find("vendor_invoice", at, reference))

    def block_item(self, item: str, company: str | None = None) -> None:
        """Stop an item for purchase orders."""
        self.store.replace("item", self._find("item", company or self.company, item) | {"_stopped": True})

    def hold_vendor(self, account: str, status: str = "PurchOrder", company: str | None = None) -> None:
        """Put a vendor on hold (`CustVendorBlocked` member), or release it (`No`)."""
        row = self._find("vendor", company or self.company, account)
        self.store.replace("vendor", row | {"OnHoldStatus": status})

    def revoke(self, set_name: str, operation: str = "*") -> None:
        """Take a set (or one of `Read`, `Create`, `Update`, `Delete` on it) from the integration user's roles."""
        self.directory.users[self.client_id].denied.add((set_name, operation))

    def unmap(self) -> None:
        """Take the application off the list of Entra applications: good tokens, no user."""
        del self.directory.users[self.client_id]

    def confirmed_event(self, order: str, company: str | None = None) -> dict[str, Any]:
        """Give the business event that a confirmation sends out, with its odd dates (dynamics sheet §1.10)."""
        at = company or self.company
        row = self._find("purchase_order", at, order)
        total = sum((line["LineAmount"] for line in self._lines(order, at)), Decimal(0))
        control = self.store.record()

        def stamp(moment: datetime) -> str:
            return f"/Date({int(moment.timestamp() * 1000)})/"

        return {
            "BusinessEventId": "PurchaseOrderConfirmedBusinessEvent",
            "ControlNumber": control,
            "EventId": f"55A81094-A14E-46A6-A12C-{control:012X}",
            "EventTime": stamp(self.now()),
            "LegalEntity": at,
            "MajorVersion": 0,
            "MinorVersion": 0,
            "PurchaseJournal": f"{order}-1",
            "PurchaseOrderDate": stamp(row["AccountingDate"]),
            "PurchaseOrderNumber": order,
            "PurchaseType": "Purch",
            "TransactionCurrencyAmount": total,
            "TransactionCurrencyCode": row["CurrencyCode"],
            "VendorAccount": row["OrderVendorAccountNumber"],
        }
