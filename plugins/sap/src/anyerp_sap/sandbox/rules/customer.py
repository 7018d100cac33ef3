"""Customers: made by a role of their business partner, with their company codes and sales areas (sap sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.codes import CURRENCIES
from anyerp_sap.sandbox.customizing import PAYMENT_TERMS, SALES_AREAS
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row
from anyerp_sap.sandbox.rules.base import changed, text
from anyerp_sap.sandbox.world import Work

PARTNER, CUSTOMER, AREA = "A_BusinessPartner", "A_Customer", "A_CustomerSalesArea"
AREA_KEY = ("SalesOrganization", "DistributionChannel", "Division")


class CustomerRules:
    """Sets below a customer. Their changes do not move the partner's stamp (sheet §11)."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Add a company code or sales area to an existing customer."""
        number = text(draft.values.get("Customer"))
        if not work.exists("Customer", CUSTOMER, number):
            return {}
        _enter(work, number)
        return _create_part(work, number, draft)

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Change a customer or a part."""
        changes = changed(entity, row, changes)
        _enter(work, text(row["Customer"]))
        if changes:
            _check(work, work.change(entity.name, row, changes))

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Never called: no set here is deletable."""
        raise NotImplementedError(entity.name)


def _enter(work: Work, number: str) -> None:
    """Work on the business partner that a customer belongs to: the two are one document."""
    partner = next((p for p in work.store.rows(PARTNER) if p.get("Customer") == number), {})
    work.enter(PARTNER, text(partner.get("BusinessPartner")), "Business partner")


def make(work: Work, partner: Row) -> Row:
    """Make the customer of a partner, once; its number is the partner's."""
    number = text(partner.get("Customer"))
    if number:
        return work.store.find(CUSTOMER, number) or {}
    number = text(partner["BusinessPartner"])
    work.change(PARTNER, partner, {"Customer": number})
    row: Row = {
        "Customer": number,
        "CustomerAccountGroup": "CUST",
        "CreatedByUser": work.user[:12].upper(),
        "CreationDate": work.world.now().date(),
        **_names(partner),
    }
    return work.insert(CUSTOMER, row, "Customer")


def _names(partner: Row) -> Row:
    name = text(partner.get("BusinessPartnerName"))
    return {"CustomerName": name[:80], "CustomerFullName": name}


def rename(work: Work, partner: Row) -> None:
    """Carry a partner's name to its customer."""
    customer = work.store.find(CUSTOMER, partner.get("Customer", ""))
    if customer is not None:
        work.change(CUSTOMER, customer, _names(partner))


def create_nested(work: Work, partner: Row, draft: Draft) -> None:
    """Fill the customer of a partner that is being created; it needs a customer role beside it."""
    partner = work.store.find(PARTNER, partner["BusinessPartner"]) or partner
    number = text(partner.get("Customer"))
    customer = work.store.find(CUSTOMER, number)
    if customer is None:
        work.problem("R1/111", "BusinessPartnerRole", target="to_BusinessPartnerRole")
        return
    values = {name: value for name, value in draft.values.items() if name != "Customer"}
    work.change(CUSTOMER, customer, values)
    for child in (c for children in draft.children.values() for c in children):
        _create_part(work, number, child)


def _create_part(work: Work, customer: str, draft: Draft) -> Row:
    row: Row = {**draft.values, "Customer": customer}
    _check(work, row)
    return work.insert(draft.entity.name, row, "Customer")


def _check(work: Work, row: Row) -> None:
    if "CompanyCode" in row:
        work.exists("Company code", "A_CompanyCode", row["CompanyCode"])
    area = tuple(text(row.get(name)) for name in AREA_KEY)
    if "SalesOrganization" in row and area not in SALES_AREAS:
        work.problem("R1/112", "Sales area", " ".join(area), target="SalesOrganization")
    for name in ("PaymentTerms", "CustomerPaymentTerms"):
        if row.get(name) and row[name] not in PAYMENT_TERMS:
            work.problem("R1/112", "Terms of payment", row[name], target=name)
    currency = row.get("Currency")
    if "SalesOrganization" in row and not currency:
        work.problem("R1/111", "Currency", target="Currency")
    elif currency and currency not in CURRENCIES:
        work.problem("R1/112", "Currency", currency, target="Currency")
