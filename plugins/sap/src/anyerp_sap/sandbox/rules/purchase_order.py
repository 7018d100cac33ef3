"""Purchase orders: numbers, defaults and checks of the header, and where the parts of an order are sent on to."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from anyerp_sap.sandbox.codes import CURRENCIES
from anyerp_sap.sandbox.customizing import (
    EXTERNAL_ORDERS,
    ORDER_TYPES,
    PAYMENT_TERMS,
    PURCHASING_GROUPS,
    PURCHASING_ORGANIZATIONS,
    rate,
)
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row, Value
from anyerp_sap.sandbox.rules import purchase_order_item as items
from anyerp_sap.sandbox.rules import purchase_order_part as parts
from anyerp_sap.sandbox.rules.base import changed, refuse_fixed, text
from anyerp_sap.sandbox.world import Work

ORDER, ITEM = "A_PurchaseOrder", "A_PurchaseOrderItem"
LABEL = "Purchase order"
_LABELS = {
    "CompanyCode": "Company Code",
    "PurchaseOrderType": "Purchasing Doc. Type",
    "Supplier": "Supplier",
    "PurchasingOrganization": "Purch. Organization",
    "PurchasingGroup": "Purchasing Group",
}


class PurchaseOrderRules:
    """All sets of an order: each change of a part moves the header's stamp (the brief of the service, sheet §11)."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Create an order with its items, or a part of an existing order."""
        if draft.entity.name == ORDER:
            return _create(work, draft)
        order = _order_of(work, draft.entity, draft.values)
        if order is None:
            return {}
        row = items.create(work, order, draft) if draft.entity.name == ITEM else parts.create(work, order, draft)
        touch(work, order)
        return row

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Change the header or a part."""
        order = _order_of(work, entity, row)
        changes = changed(entity, row, changes)
        if order is None or not changes:
            return
        if entity.name == ORDER:
            _change(work, row, changes)
        elif entity.name == ITEM:
            items.change(work, order, row, changes)
        else:
            parts.change(work, order, entity, row, changes)
        touch(work, order)

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Mark an item, or all items of an order, as deleted; the header's own code stays empty (sheet §10)."""
        order = _order_of(work, entity, row)
        if order is None:
            return
        if entity.name == ORDER:
            for item in work.store.related(entity, row, entity.navigations["to_PurchaseOrderItem"]):
                items.delete(work, item)
        elif entity.name == ITEM:
            items.delete(work, row)
        else:
            parts.delete(work, order, entity, row)
        touch(work, order)


def _order_of(work: Work, entity: Entity, values: Row) -> Row | None:
    name = "PurchasingDocument" if "PurchasingDocument" in entity.properties else "PurchaseOrder"
    number = text(values.get(name))
    order = work.store.find(ORDER, number)
    if order is None:
        work.problem("ME/013", LABEL, number, target=name)
        return None
    work.enter(ORDER, number, LABEL)
    return order


def touch(work: Work, order: Row) -> None:
    """Move the change stamp of an order."""
    current = work.store.find(ORDER, order["PurchaseOrder"]) or order
    work.change(ORDER, current, {"LastChangeDateTime": work.world.after(current.get("LastChangeDateTime"))})


def _create(work: Work, draft: Draft) -> Row:
    values = draft.values
    number = _number(work, text(values.get("PurchaseOrder")))
    work.enter(ORDER, number, LABEL)
    held = values.get("PurchasingCompletenessStatus") is True
    _check(work, draft.get)
    order = _defaults(work, {**values, "PurchaseOrder": number})
    work.insert(ORDER, order, LABEL)
    for child in draft.children.get("to_PurchaseOrderItem", []):
        items.create(work, order, child)
    if not draft.children.get("to_PurchaseOrderItem"):
        work.problem("06/042", target="to_PurchaseOrderItem")
    for child in draft.children.get("to_PurchaseOrderNote", []):
        parts.create(work, order, child)
    if held:
        # A held order is kept with its errors (sheet §7); they come back as warnings.
        for problem in work.problems:
            work.warn(problem.code, *problem.args, target=problem.target)
        work.problems.clear()
    return work.store.find(ORDER, number) or order


def _number(work: Work, wished: str) -> str:
    if not wished:
        return work.world.next_number(ORDER)
    if not wished.isdigit() or int(wished) not in EXTERNAL_ORDERS:
        work.problem("06/027", wished, target="PurchaseOrder")
    return wished


def _check(work: Work, value: Callable[[str], Value]) -> None:
    for name, label in _LABELS.items():
        if not value(name):
            work.problem("ME/083", label, target=name)
    if value("PurchaseOrderType") and value("PurchaseOrderType") not in ORDER_TYPES:
        work.problem("06/026", value("PurchaseOrderType"), target="PurchaseOrderType")
    if value("CompanyCode"):
        work.exists("Company code", "A_CompanyCode", value("CompanyCode"))
    organization = text(value("PurchasingOrganization"))
    if organization and PURCHASING_ORGANIZATIONS.get(organization) != value("CompanyCode"):
        work.problem("ME/013", "Purchasing organization", organization, target="PurchasingOrganization")
    _check_terms(work, value("PurchasingGroup"), value("DocumentCurrency"), value("PaymentTerms"))
    if value("Supplier"):
        _check_supplier(work, text(value("Supplier")), organization)


def _check_terms(work: Work, group: Value, currency: Value, terms: Value) -> None:
    if group and group not in PURCHASING_GROUPS:
        work.problem("ME/013", "Purchasing group", group, target="PurchasingGroup")
    if currency and currency not in CURRENCIES:
        work.problem("ME/013", "Currency", currency, target="DocumentCurrency")
    if terms and terms not in PAYMENT_TERMS:
        work.problem("ME/013", "Terms of payment", terms, target="PaymentTerms")


def _check_supplier(work: Work, number: str, organization: str) -> None:
    supplier = work.store.find("A_Supplier", number)
    if supplier is None:
        work.problem("06/023", number, target="Supplier")
        return
    purchasing = work.store.find("A_SupplierPurchasingOrg", number, organization)
    if purchasing is None:
        work.problem("ME/027", number, organization, target="Supplier")
    elif supplier.get("PurchasingIsBlocked") or purchasing.get("PurchasingIsBlockedForSupplier"):
        work.problem("06/024", number, target="Supplier")


def _defaults(work: Work, row: Row) -> Row:
    """Fill what the system fills: status, stamps, terms and currency of the supplier, its address."""
    now = work.world.now()
    purchasing = (
        work.store.find("A_SupplierPurchasingOrg", row.get("Supplier"), row.get("PurchasingOrganization")) or {}
    )
    company = work.store.find("A_CompanyCode", row.get("CompanyCode")) or {}
    waits = ORDER_TYPES.get(text(row.get("PurchaseOrderType")), False)
    filled: Row = {
        "PurchasingProcessingStatus": "03" if waits else "02",
        "ReleaseIsNotCompleted": waits,
        "PurchasingDocumentOrigin": "9",
        "CreatedByUser": work.user[:12].upper(),
        "CreationDate": now.date(),
        "LastChangeDateTime": now,
        "Language": work.language,
        "PurchaseOrderDate": now.date(),
        "DocumentCurrency": text(purchasing.get("PurchaseOrderCurrency")) or text(company.get("Currency")),
        "PaymentTerms": purchasing.get("PaymentTerms", ""),
        "IncotermsClassification": purchasing.get("IncotermsClassification", ""),
        "IncotermsLocation1": purchasing.get("IncotermsLocation1", ""),
        **_address(work, text(row.get("Supplier"))),
    }
    filled.update({name: value for name, value in row.items() if value not in ("", None)})
    filled.setdefault("ExchangeRate", rate(text(filled["DocumentCurrency"]), text(company.get("Currency"))))
    return {**filled, **{n: v for n, v in terms(filled["PaymentTerms"]).items() if n not in row}}


def terms(key: Value) -> Row:
    """Give the copies that an order keeps of its terms of payment."""
    days1, percent1, days2, percent2, net = PAYMENT_TERMS.get(text(key), (0, "0", 0, "0", 0))
    return {
        "CashDiscount1Days": Decimal(days1),
        "CashDiscount1Percent": Decimal(percent1),
        "CashDiscount2Days": Decimal(days2),
        "CashDiscount2Percent": Decimal(percent2),
        "NetPaymentDays": Decimal(net),
    }


def _address(work: Work, supplier: str) -> Row:
    partner = next((p for p in work.store.rows("A_BusinessPartner") if p.get("Supplier") == supplier), None)
    if partner is None:
        return {}
    entity = work.store.entities["A_BusinessPartner"]
    addresses = work.store.related(entity, partner, entity.navigations["to_BusinessPartnerAddress"])
    first = addresses[0] if addresses else {}
    return {
        "AddressName": text(partner.get("BusinessPartnerName"))[:40],
        "AddressStreetName": first.get("StreetName", ""),
        "AddressHouseNumber": first.get("HouseNumber", ""),
        "AddressCityName": first.get("CityName", ""),
        "AddressPostalCode": first.get("PostalCode", ""),
        "AddressRegion": first.get("Region", ""),
        "AddressCountry": first.get("Country", ""),
    }


def _change(work: Work, row: Row, changes: Row) -> None:
    refuse_fixed(work, changes, "PurchaseOrderType", "Supplier", "CompanyCode", "PurchasingOrganization")
    merged = {**row, **changes}
    _check_terms(work, merged.get("PurchasingGroup"), merged.get("DocumentCurrency"), merged.get("PaymentTerms"))
    if "PaymentTerms" in changes:
        changes = {**terms(changes["PaymentTerms"]), **changes}
    if "DocumentCurrency" in changes:
        items.reprice(work, row, changes["DocumentCurrency"])
    work.change(ORDER, row, changes)
