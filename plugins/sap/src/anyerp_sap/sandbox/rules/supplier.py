"""Suppliers: made by a role of their business partner, with their company codes and purchasing organisations."""

from __future__ import annotations

from anyerp_sap.sandbox.codes import CURRENCIES
from anyerp_sap.sandbox.customizing import PAYMENT_TERMS, PURCHASING_ORGANIZATIONS
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row
from anyerp_sap.sandbox.rules.base import changed, text
from anyerp_sap.sandbox.world import Work

PARTNER, SUPPLIER = "A_BusinessPartner", "A_Supplier"
COMPANY, PURCHASING = "A_SupplierCompany", "A_SupplierPurchasingOrg"


class SupplierRules:
    """Sets below a supplier. Their changes do not move the partner's stamp (sheet §11)."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Add a company code or purchasing organisation to an existing supplier."""
        number = text(draft.values.get("Supplier"))
        if not work.exists("Supplier", SUPPLIER, number):
            return {}
        _enter(work, number)
        return _create_part(work, number, draft)

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Change a supplier or a part."""
        changes = changed(entity, row, changes)
        _enter(work, text(row["Supplier"]))
        if changes:
            _check(work, work.change(entity.name, row, changes))

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Never called: no set here is deletable."""
        raise NotImplementedError(entity.name)


def _enter(work: Work, number: str) -> None:
    """Work on the business partner that a supplier belongs to: the two are one document."""
    partner = next((p for p in work.store.rows(PARTNER) if p.get("Supplier") == number), {})
    work.enter(PARTNER, text(partner.get("BusinessPartner")), "Business partner")


def make(work: Work, partner: Row) -> Row:
    """Make the supplier of a partner, once; its number is the partner's."""
    number = text(partner.get("Supplier"))
    if number:
        return work.store.find(SUPPLIER, number) or {}
    number = text(partner["BusinessPartner"])
    work.change(PARTNER, partner, {"Supplier": number})
    row: Row = {
        "Supplier": number,
        "SupplierAccountGroup": "SUPL",
        "CreatedByUser": work.user[:12].upper(),
        "CreationDate": work.world.now().date(),
        **_names(partner),
    }
    return work.insert(SUPPLIER, row, "Supplier")


def _names(partner: Row) -> Row:
    name = text(partner.get("BusinessPartnerName"))
    return {"SupplierName": name[:80], "SupplierFullName": name}


def rename(work: Work, partner: Row) -> None:
    """Carry a partner's name to its supplier."""
    supplier = work.store.find(SUPPLIER, partner.get("Supplier", ""))
    if supplier is not None:
        work.change(SUPPLIER, supplier, _names(partner))


def create_nested(work: Work, partner: Row, draft: Draft) -> None:
    """Fill the supplier of a partner that is being created; it needs a supplier role beside it."""
    partner = work.store.find(PARTNER, partner["BusinessPartner"]) or partner
    number = text(partner.get("Supplier"))
    supplier = work.store.find(SUPPLIER, number)
    if supplier is None:
        work.problem("R1/111", "BusinessPartnerRole", target="to_BusinessPartnerRole")
        return
    values = {name: value for name, value in draft.values.items() if name != "Supplier"}
    work.change(SUPPLIER, supplier, values)
    for child in (c for children in draft.children.values() for c in children):
        _create_part(work, number, child)


def _create_part(work: Work, supplier: str, draft: Draft) -> Row:
    row: Row = {**draft.values, "Supplier": supplier}
    if draft.entity.name == COMPANY:
        company = work.store.find("A_CompanyCode", row.get("CompanyCode", "")) or {}
        row["CompanyCodeName"] = company.get("CompanyCodeName", "")
    _check(work, row)
    return work.insert(draft.entity.name, row, "Supplier")


def _check(work: Work, row: Row) -> None:
    if "CompanyCode" in row:
        work.exists("Company code", "A_CompanyCode", row["CompanyCode"])
    organization = text(row.get("PurchasingOrganization"))
    if "PurchasingOrganization" in row and organization not in PURCHASING_ORGANIZATIONS:
        work.problem("R1/112", "Purchasing organization", organization, target="PurchasingOrganization")
    if row.get("PaymentTerms") and row["PaymentTerms"] not in PAYMENT_TERMS:
        work.problem("R1/112", "Terms of payment", row["PaymentTerms"], target="PaymentTerms")
    currency = row.get("PurchaseOrderCurrency")
    if "PurchasingOrganization" in row and not currency:
        work.problem("R1/111", "PurchaseOrderCurrency", target="PurchaseOrderCurrency")
    elif currency and currency not in CURRENCIES:
        work.problem("R1/112", "Currency", currency, target="PurchaseOrderCurrency")
