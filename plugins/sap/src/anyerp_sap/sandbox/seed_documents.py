"""What followed the seed orders: invoices, a return, a reversal; and customers with sales orders, and stock.

All is written by the same rules as documents of clients, at their own time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Row
from anyerp_sap.sandbox.rules import goods_movement, sales_order_item, supplier_invoice
from anyerp_sap.sandbox.rules.base import Rules
from anyerp_sap.sandbox.rules.business_partner import BusinessPartnerRules
from anyerp_sap.sandbox.rules.goods_movement import GoodsMovementRules
from anyerp_sap.sandbox.rules.sales_order import SalesOrderRules, settle
from anyerp_sap.sandbox.rules.supplier_invoice import SupplierInvoiceRules
from anyerp_sap.sandbox.seed_orders import receive
from anyerp_sap.sandbox.world import ENTITIES, Work, World

_START = datetime(2025, 3, 3, 7, 45, 10, 511204, tzinfo=UTC)
#: Name, country, city, postal code, street, house number, currency, terms, home of the sales area
_CUSTOMERS = (
    ("Inlandskunde DE 2", "DE", "Dresden", "01067", "Ostra-Allee", "9", "EUR", "NT30", "1010"),
    ("Café & Bäckerei Schröder GmbH & Co. KG", "DE", "Köln", "50667", "Hohe Straße", "41", "EUR", "0004", "1010"),
    ("Sierra Tooling Inc.", "US", "Reno", "89501", "Virginia St", "200", "USD", "NT60", "1710"),
    ("大和精工", "JP", "東京", "1000005", "丸の内", "1", "JPY", "NT30", "2010"),
)
BLOCKED_CUSTOMER = "Gesperrte Handels AG"
#: Customer's place, type, reference, lines (material, quantity, price, per)
_ORDERS: tuple[tuple[int, str, tuple[tuple[str, str, str, int], ...]], ...] = (
    (0, "PO-77-A", (("TG11", "10", "17.55", 1),)),
    (0, "PO-78", (("TG11", "3", "18.00", 1), ("66", "12.5", "5.20", 1))),
    (1, "", (("RM-M8X20", "400", "21.50", 100),)),
    (2, "8812", (("TG11", "2", "22.40", 1),)),
    (3, "発注-5", (("RM-M8X20", "1000", "2900", 100),)),
)


def documents(world: World) -> None:
    """Write everything."""
    clock = world.now
    moments = iter(_START + timedelta(hours=5 * n, seconds=13 * n) for n in range(1000))

    def step() -> None:
        moment = next(moments)
        world.now = lambda: moment

    _stock(world, step)
    _receipts(world, step)
    _invoices(world, step)
    _sales(world, step, _customers(world, step))
    world.now = clock


def _made(world: World, rules: Rules, name: str, values: Row, **children: list[Draft]) -> Row:
    work = Work(world, "EN", "SETUP")
    row = rules.create(work, Draft(ENTITIES[name], values, dict(children)))
    work.settle()
    return row


def _drafts(name: str, *rows: Row) -> list[Draft]:
    return [Draft(ENTITIES[name], row) for row in rows]


def _stock(world: World, step: Any) -> None:
    """Opening stock, and goods for a cost centre taken from it: no receipts from vendors."""
    step()
    day = world.now().date()
    lines: list[Row] = [
        {"GoodsMovementType": "561", "Material": material, "Plant": plant, "StorageLocation": store,
         "QuantityInEntryUnit": Decimal(quantity), "InventoryStockType": kind, "Batch": batch}
        for material, plant, store, quantity, kind, batch in (
            ("TG11", "1010", "101A", "120", "01", ""), ("TG11", "1010", "101B", "7", "01", ""),
            ("TG11", "1010", "QUAR", "4", "02", ""), ("TG11", "1710", "101A", "33", "01", ""),
            ("66", "1010", "101A", "812.5", "01", "LOT-7"), ("66", "1010", "101A", "90", "01", "LOT-8"),
            ("RM-M8X20", "1010", "101A", "5000", "07", ""),
        )
    ]  # fmt: skip
    head: Row = {"GoodsMovementCode": "05", "PostingDate": day, "DocumentDate": day}
    items = _drafts("A_MaterialDocumentItem", *lines)
    _made(world, GoodsMovementRules(), goods_movement.HEADER, head, to_MaterialDocumentItem=items)
    issue: Row = {"GoodsMovementType": "201", "Material": "TG11", "Plant": "1010", "StorageLocation": "101A",
                  "QuantityInEntryUnit": Decimal(2), "CostCenter": "10101101"}  # fmt: skip
    head = {"GoodsMovementCode": "03", "PostingDate": day, "DocumentDate": day}
    items = _drafts("A_MaterialDocumentItem", issue)
    _made(world, GoodsMovementRules(), goods_movement.HEADER, head, to_MaterialDocumentItem=items)


def _receipts(world: World, step: Any) -> None:
    """Of the second order: a receipt that was reversed. Of the third: a part went back to the vendor."""
    step()
    wrong = receive(world, "4500000002", "20", Decimal(50))
    step()
    work = Work(world, "EN", "WAREHOUSE")
    goods_movement.cancel(work, wrong)
    step()
    back: Row = {"GoodsMovementType": "122", "GoodsMovementRefDocType": "B", "PurchaseOrder": "4500000003",
                 "PurchaseOrderItem": "10", "QuantityInEntryUnit": Decimal("150.5"), "EntryUnit": "M"}  # fmt: skip
    day = world.now().date()
    head: Row = {"GoodsMovementCode": "01", "PostingDate": day, "DocumentDate": day, "ReferenceDocument": "RET-1"}
    items = _drafts("A_MaterialDocumentItem", back)
    _made(world, GoodsMovementRules(), goods_movement.HEADER, head, to_MaterialDocumentItem=items)


def _invoice(world: World, number: str, item: str, quantity: str, amount: str, gross: str, **more: Any) -> Row:
    order = world.store.find("A_PurchaseOrder", number) or {}
    day = world.now().date()
    head: Row = {
        "CompanyCode": order["CompanyCode"],
        "DocumentDate": day - timedelta(days=2),
        "PostingDate": day,
        "InvoiceReceiptDate": day - timedelta(days=1),
        "SupplierInvoiceIDByInvcgParty": f"R-{number[-3:]}-{item}",
        "InvoicingParty": order["Supplier"],
        "DocumentCurrency": order["DocumentCurrency"],
        "InvoiceGrossAmount": Decimal(gross),
        "TaxIsCalculatedAutomatically": True,
        **more,
    }
    line: Row = {
        "PurchaseOrder": number,
        "PurchaseOrderItem": item,
        "TaxCode": "V1",
        "QuantityInPurchaseOrderUnit": Decimal(quantity),
        "SupplierInvoiceItemAmount": Decimal(amount),
    }
    items = _drafts(supplier_invoice.ORDER_ITEM, line)
    return _made(world, SupplierInvoiceRules(), supplier_invoice.INVOICE, head, to_SuplrInvcItemPurOrdRef=items)


def _invoices(world: World, step: Any) -> None:
    """Posted, blocked, parked, reversed; a credit memo; one on accounts alone."""
    step()
    _invoice(world, "4500000008", "10", "30", "357.00", "424.83")
    step()
    _invoice(world, "4500000002", "10", "16", "400.00", "476.00", PaymentBlockingReason="R")
    step()
    _invoice(world, "4500000003", "10", "1200", "1140.00", "1356.60", PaymentTerms="0004")
    step()
    _invoice(world, "4500000003", "10", "150.5", "142.98", "170.15", SupplierInvoiceIsCreditMemo="X")
    step()
    wrong = _invoice(world, "4500000008", "10", "20", "238.00", "283.22")
    step()
    supplier_invoice.cancel(
        Work(world, "EN", "SETUP"), {**wrong, "ReversalReason": "01", "PostingDate": date(2025, 3, 31)}
    )
    step()
    _invoice(world, "4500000006", "10", "20", "246.900", "293.811", SupplierInvoiceStatus="A")
    step()
    day = world.now().date()
    head: Row = {"CompanyCode": "1010", "DocumentDate": day, "PostingDate": day, "InvoicingParty": "10300002",
                 "SupplierInvoiceIDByInvcgParty": "MIETE-04", "DocumentCurrency": "EUR", "PaymentTerms": "NT30",
                 "InvoiceGrossAmount": Decimal("1190.00"), "TaxIsCalculatedAutomatically": True}  # fmt: skip
    line: Row = {
        "GLAccount": "63000000",
        "CostCenter": "10101101",
        "TaxCode": "V1",
        "SupplierInvoiceItemAmount": Decimal("1000.00"),
        "SupplierInvoiceItemText": "Rent of the hall",
    }
    items = _drafts(supplier_invoice.ACCOUNT_ITEM, line)
    _made(world, SupplierInvoiceRules(), supplier_invoice.INVOICE, head, to_SupplierInvoiceItemGLAcct=items)


def _customers(world: World, step: Any) -> list[str]:
    made = []
    blocked = (BLOCKED_CUSTOMER, "DE", "Bonn", "53111", "Sperrweg", "8", "EUR", "0001", "1010")
    for place, facts in enumerate((*_CUSTOMERS, blocked), 1):
        name, country, city, postal, street, house, currency, terms, organization = facts
        step()
        address = Draft(ENTITIES["A_BusinessPartnerAddress"], {"Country": country, "CityName": city,
            "PostalCode": postal, "StreetName": street, "HouseNumber": house})  # fmt: skip
        address.children["to_EmailAddress"] = _drafts(
            "A_AddressEmailAddress", {"EmailAddress": f"buying@{postal}.example"}
        )
        address.children["to_PhoneNumber"] = _drafts("A_AddressPhoneNumber", {"PhoneNumber": f"555 {postal}"})
        area: Row = {
            "SalesOrganization": organization,
            "DistributionChannel": "10",
            "Division": "00",
            "Currency": currency,
            "CustomerPaymentTerms": terms,
            "IncotermsClassification": "DAP",
            "IncotermsLocation1": city,
        }
        customer = Draft(ENTITIES["A_Customer"], {"VATRegistration": f"{country}{postal}0"})
        if name == BLOCKED_CUSTOMER:
            customer.values["OrderIsBlockedForCustomer"] = "01"
        customer.children["to_CustomerSalesArea"] = _drafts("A_CustomerSalesArea", area)
        roles = [Draft(ENTITIES["A_BusinessPartnerRole"], {"BusinessPartnerRole": r}) for r in ("FLCU00", "FLCU01")]
        values: Row = {
            "BusinessPartner": f"1710000{place}",
            "BusinessPartnerCategory": "2",
            "OrganizationBPName1": name,
        }
        row = _made(world, BusinessPartnerRules(), "A_BusinessPartner", values, to_BusinessPartnerAddress=[address],
                    to_BusinessPartnerRole=roles, to_Customer=[customer])  # fmt: skip
        made.append(str(row["Customer"]))
    return made


def _sales(world: World, step: Any, customers: list[str]) -> None:
    rules = SalesOrderRules()
    numbers = []
    for place, reference, lines in _ORDERS:
        step()
        area = world.store.rows("A_CustomerSalesArea")
        sales = next(row for row in area if row["Customer"] == customers[place])
        head: Row = {"SalesOrderType": "OR", "SalesOrganization": sales["SalesOrganization"],
                     "DistributionChannel": "10", "OrganizationDivision": "00", "SoldToParty": customers[place],
                     "PurchaseOrderByCustomer": reference, "RequestedDeliveryDate": date(2025, 5, 5)}  # fmt: skip
        items = []
        for material, quantity, price, per in lines:
            condition: Row = {
                "ConditionType": "PPR0",
                "ConditionRateValue": Decimal(price),
                "ConditionQuantity": Decimal(per),
            }
            item = Draft(ENTITIES["A_SalesOrderItem"], {"Material": material, "RequestedQuantity": Decimal(quantity)})
            item.children["to_PricingElement"] = _drafts("A_SalesOrderItemPrElement", condition)
            items.append(item)
        numbers.append(str(_made(world, rules, "A_SalesOrder", head, to_Item=items)["SalesOrder"]))
    step()
    work = Work(world, "EN", "SETUP")
    sold = world.store.find("A_SalesOrderItem", numbers[1], "10") or {}
    sales_order_item.deliver(work, sold, Decimal(2))
    settle(work, world.store.find("A_SalesOrder", numbers[1]) or {})
    rejected = world.store.find("A_SalesOrderItem", numbers[3], "10") or {}
    work = Work(world, "EN", "SETUP")
    rules.change(work, ENTITIES["A_SalesOrderItem"], rejected, {"SalesDocumentRjcnReason": "61"})
