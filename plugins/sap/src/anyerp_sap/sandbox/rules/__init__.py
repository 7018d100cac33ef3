"""Business rules: which rules write which set; a new document type is one more line here."""

from __future__ import annotations

from anyerp_sap.sandbox.rules.base import Rules
from anyerp_sap.sandbox.rules.business_partner import BusinessPartnerRules
from anyerp_sap.sandbox.rules.product import ProductRules
from anyerp_sap.sandbox.rules.purchase_order import PurchaseOrderRules
from anyerp_sap.sandbox.rules.supplier import SupplierRules
from anyerp_sap.sandbox.schema import SERVICES

_SUPPLIER = ("A_Supplier", "A_SupplierCompany", "A_SupplierPurchasingOrg")


def _table() -> dict[str, Rules]:
    by_service: dict[str, Rules] = {
        "API_PURCHASEORDER_PROCESS_SRV": PurchaseOrderRules(),
        "API_BUSINESS_PARTNER": BusinessPartnerRules(),
        "API_PRODUCT_SRV": ProductRules(),
    }
    table = {name: rules for service, rules in by_service.items() for name in SERVICES[service].entities}
    return table | dict.fromkeys(_SUPPLIER, SupplierRules())


#: The rules of each set that can be written.
RULES: dict[str, Rules] = _table()
