"""Sales orders: defaults of the sales area, statuses and totals of the header; items stand beside (sap sheet §12)."""

from __future__ import annotations

from decimal import Decimal

from anyerp_sap.sandbox.codes import CURRENCIES
from anyerp_sap.sandbox.customizing import PAYMENT_TERMS, SALES_AREAS, SALES_ORDER_TYPES
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row
from anyerp_sap.sandbox.rules import sales_order_item as items
from anyerp_sap.sandbox.rules.base import changed, refuse_fixed, text
from anyerp_sap.sandbox.world import Work

ORDER, ITEM, TEXT = "A_SalesOrder", "A_SalesOrderItem", "A_SalesOrderText"
PARTNER, ADDRESS = "A_SalesOrderHeaderPartner", "A_SalesOrderPartnerAddress"
#: Parts of the header that are kept as they are sent.
_PLAIN = (TEXT, PARTNER, ADDRESS)
#: Partner functions, as an English session sees them, and their internal codes: sold-to, ship-to, bill-to, payer.
_FUNCTIONS = {"SP": "AG", "SH": "WE", "BP": "RE", "PY": "RG"}
LABEL = "Sales order"
_AREA = ("SalesOrganization", "DistributionChannel", "OrganizationDivision")


class SalesOrderRules:
    """All sets of an order: each change of a part moves the header's stamp and its totals."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Create an order with its items, or a part of an existing order."""
        if draft.entity.name == ORDER:
            return _create(work, draft)
        order = _enter(work, draft.values)
        if order is None:
            return {}
        if draft.entity.name == TEXT:
            row = _text(work, order, draft)
        elif draft.entity.name in _PLAIN:
            row = work.insert(draft.entity.name, draft.values, draft.entity.name.removeprefix("A_"))
        else:
            row = items.create(work, order, draft)
        settle(work, order)
        return row

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Change the header or a part."""
        order = _enter(work, row)
        changes = changed(entity, row, changes)
        if order is None or not changes:
            return
        if entity.name == ORDER:
            refuse_fixed(work, changes, "SalesOrderType", "SoldToParty", *_AREA)
            _check_terms(work, {**row, **changes})
            work.change(ORDER, row, changes)
        elif entity.name in _PLAIN:
            work.change(entity.name, row, changes)
        else:
            items.change(work, order, entity, row, changes)
        settle(work, order)

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Remove an order or a part, as long as nothing was delivered."""
        order = _enter(work, row)
        if order is None:
            return
        if entity.name in (ORDER, ITEM):
            items.remove(work, entity, row)
        else:
            work.store.remove(entity.name, entity.key_of(row))
        if entity.name != ORDER:
            settle(work, order)


def _enter(work: Work, values: Row) -> Row | None:
    number = text(values.get("SalesOrder"))
    order = work.store.find(ORDER, number)
    if order is None:
        work.problem("V1/042", LABEL, number, target="SalesOrder")
    else:
        work.enter(ORDER, number, LABEL)
    return order


def _create(work: Work, draft: Draft) -> Row:
    values = draft.values
    number = text(values.get("SalesOrder")) or work.world.next_number(ORDER)
    work.enter(ORDER, number, LABEL)
    for name in ("SalesOrderType", *_AREA, "SoldToParty"):
        if not values.get(name):
            work.problem("V1/051", name, target=name)
    if values.get("SalesOrderType") and values["SalesOrderType"] not in SALES_ORDER_TYPES:
        work.problem("V1/042", "Sales document type", values["SalesOrderType"], target="SalesOrderType")
    area = tuple(text(values.get(name)) for name in _AREA)
    if all(area) and area not in SALES_AREAS:
        work.problem("V1/042", "Sales area", " ".join(area), target="SalesOrganization")
    sold_to = text(values.get("SoldToParty"))
    sales = work.store.find("A_CustomerSalesArea", sold_to, *area) or {}
    if sold_to and not sales:
        work.problem("V1/045", "Sold-to party", sold_to, *area, target="SoldToParty")
    customer = work.store.find("A_Customer", sold_to) or {}
    if customer.get("OrderIsBlockedForCustomer") or sales.get("OrderIsBlockedForCustomer"):
        work.problem("V1/048", sold_to, target="SoldToParty")
    now = work.world.now()
    row: Row = {
        "CreationDate": now.date(),
        "CreatedByUser": work.user[:12].upper(),
        "LastChangeDateTime": now,
        "SalesOrderDate": now.date(),
        "PricingDate": now.date(),
        "RequestedDeliveryDate": now.date(),
        "TransactionCurrency": sales.get("Currency", ""),
        "CustomerPaymentTerms": sales.get("CustomerPaymentTerms", ""),
        "IncotermsClassification": sales.get("IncotermsClassification", ""),
        "IncotermsLocation1": sales.get("IncotermsLocation1", ""),
        "ShippingCondition": "01",
        "AccountingExchangeRate": Decimal(0),
        **{name: value for name, value in values.items() if value not in ("", None)},
        "SalesOrder": number,
    }
    _check_terms(work, row)
    work.insert(ORDER, row, LABEL)
    for child in draft.children.get("to_Item", []):
        items.create(work, row, child)
    for child in draft.children.get("to_Text", []):
        _text(work, row, child)
    _partners(work, row, {text(child.get("PartnerFunction")): child for child in draft.children.get("to_Partner", [])})
    settle(work, row)
    return work.store.find(ORDER, number) or row


def _partners(work: Work, order: Row, sent: dict[str, Draft]) -> None:
    """Fill the partner functions: the customer is all of them, unless another was sent for one."""
    for function, internal in _FUNCTIONS.items():
        draft = sent.get(function)
        customer = text(draft.get("Customer")) if draft else text(order.get("SoldToParty"))
        key: Row = {"SalesOrder": order["SalesOrder"], "PartnerFunction": function}
        work.insert(PARTNER, {**key, "PartnerFunctionInternalCode": internal, "Customer": customer}, "Partner")
        address = _address_of(work, customer)
        if address:
            work.insert(ADDRESS, {**key, **address}, "Address")


def _address_of(work: Work, customer: str) -> Row:
    partner = next((p for p in work.store.rows("A_BusinessPartner") if p.get("Customer") == customer), {})
    rows = [
        a for a in work.store.rows("A_BusinessPartnerAddress") if a["BusinessPartner"] == partner.get("BusinessPartner")
    ]
    if not rows:
        return {}
    name = text(partner.get("BusinessPartnerName"))
    copied = ("CityName", "PostalCode", "StreetName", "HouseNumber", "Country", "Region")
    return {"AddresseeFullName": name[:80], "OrganizationName1": name[:40], **{n: rows[0].get(n, "") for n in copied}}


def _check_terms(work: Work, row: Row) -> None:
    if row.get("TransactionCurrency") and row["TransactionCurrency"] not in CURRENCIES:
        work.problem("V1/042", "Currency", row["TransactionCurrency"], target="TransactionCurrency")
    if row.get("CustomerPaymentTerms") and row["CustomerPaymentTerms"] not in PAYMENT_TERMS:
        work.problem("V1/042", "Terms of payment", row["CustomerPaymentTerms"], target="CustomerPaymentTerms")


def _text(work: Work, order: Row, draft: Draft) -> Row:
    row: Row = {"Language": work.language, **draft.values, "SalesOrder": order["SalesOrder"]}
    if not row.get("LongTextID"):
        work.problem("V1/051", "LongTextID", target="LongTextID")
    return work.insert(TEXT, row, "Text")


def settle(work: Work, order: Row) -> None:
    """Carry sums and statuses of the items to the header, and move its stamp."""
    order = work.store.find(ORDER, order["SalesOrder"]) or order
    entity = work.store.entities[ORDER]
    rows = work.store.related(entity, order, entity.navigations["to_Item"])
    alive = [row for row in rows if not row.get("SalesDocumentRjcnReason")]
    stamp = work.world.after(order.get("LastChangeDateTime"))
    delivery, process = (_overall({text(row.get(n)) for row in alive}) for n in ("DeliveryStatus", "SDProcessStatus"))
    rejected = len(rows) - len(alive)
    changes: Row = {
        "LastChangeDateTime": stamp,
        "LastChangeDate": stamp.date(),
        "TotalNetAmount": sum((items.number(row.get("NetAmount")) for row in alive), Decimal(0)),
        "OverallDeliveryStatus": delivery,
        "OverallTotalDeliveryStatus": delivery,
        "OverallSDProcessStatus": process if alive else "C",
        "OverallSDDocumentRejectionSts": "C" if rows and not alive else "B" if rejected else "A",
    }
    work.change(ORDER, order, changes)


def _overall(states: set[str]) -> str:
    """One letter for many: all not begun, all complete, otherwise partly (sheet §10)."""
    if states <= {"A"}:
        return "A" if states else ""
    return "C" if states <= {"C", ""} else "B"
