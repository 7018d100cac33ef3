"""Business rules: which rules write which set; a new document type is one more line here."""

from __future__ import annotations

from collections.abc import Callable

from anyerp_sap.sandbox.edm import Row
from anyerp_sap.sandbox.rules import goods_movement, supplier_invoice
from anyerp_sap.sandbox.rules.base import Rules
from anyerp_sap.sandbox.rules.business_partner import BusinessPartnerRules
from anyerp_sap.sandbox.rules.customer import CustomerRules
from anyerp_sap.sandbox.rules.goods_movement import GoodsMovementRules
from anyerp_sap.sandbox.rules.product import ProductRules
from anyerp_sap.sandbox.rules.purchase_order import PurchaseOrderRules
from anyerp_sap.sandbox.rules.sales_order import SalesOrderRules
from anyerp_sap.sandbox.rules.supplier import SupplierRules
from anyerp_sap.sandbox.rules.supplier_invoice import SupplierInvoiceRules
from anyerp_sap.sandbox.schema import SERVICES
from anyerp_sap.sandbox.world import Work

_SUPPLIER = ("A_Supplier", "A_SupplierCompany", "A_SupplierPurchasingOrg")
_CUSTOMER = ("A_Customer", "A_CustomerCompany", "A_CustomerSalesArea")


def _table() -> dict[str, Rules]:
    by_service: dict[str, Rules] = {
        "API_PURCHASEORDER_PROCESS_SRV": PurchaseOrderRules(),
        "API_BUSINESS_PARTNER": BusinessPartnerRules(),
        "API_PRODUCT_SRV": ProductRules(),
        "API_MATERIAL_DOCUMENT_SRV": GoodsMovementRules(),
        "API_SUPPLIERINVOICE_PROCESS_SRV": SupplierInvoiceRules(),
        "API_SALES_ORDER_SRV": SalesOrderRules(),
    }
    table = {name: rules for service, rules in by_service.items() for name in SERVICES[service].entities}
    return table | dict.fromkeys(_SUPPLIER, SupplierRules()) | dict.fromkeys(_CUSTOMER, CustomerRules())


#: The rules of each set that can be written.
RULES: dict[str, Rules] = _table()
#: What each function import does, by service and name.
ACTIONS: dict[tuple[str, str], Callable[[Work, Row], Row]] = {
    ("API_MATERIAL_DOCUMENT_SRV", "Cancel"): goods_movement.cancel,
    ("API_MATERIAL_DOCUMENT_SRV", "CancelItem"): goods_movement.cancel_item,
    ("API_SUPPLIERINVOICE_PROCESS_SRV", "Post"): supplier_invoice.post,
    ("API_SUPPLIERINVOICE_PROCESS_SRV", "Cancel"): supplier_invoice.cancel,
    ("API_SUPPLIERINVOICE_PROCESS_SRV", "Release"): supplier_invoice.release,
}
