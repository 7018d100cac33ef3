"""The services that the sandbox serves, one module per service; a new service is one more line here."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service
from anyerp_sap.sandbox.schema.business_partner import BUSINESS_PARTNER
from anyerp_sap.sandbox.schema.material_document import MATERIAL_DOCUMENT
from anyerp_sap.sandbox.schema.material_stock import MATERIAL_STOCK
from anyerp_sap.sandbox.schema.organisation import COMPANY_CODE, PLANT, STORAGE_LOCATION
from anyerp_sap.sandbox.schema.product import PRODUCT
from anyerp_sap.sandbox.schema.purchase_order import PURCHASE_ORDER
from anyerp_sap.sandbox.schema.sales_order import SALES_ORDER
from anyerp_sap.sandbox.schema.supplier_invoice import SUPPLIER_INVOICE

SERVICES: dict[str, Service] = {
    service.name: service
    for service in (
        PURCHASE_ORDER,
        BUSINESS_PARTNER,
        PRODUCT,
        PLANT,
        STORAGE_LOCATION,
        COMPANY_CODE,
        MATERIAL_DOCUMENT,
        SUPPLIER_INVOICE,
        SALES_ORDER,
        MATERIAL_STOCK,
    )
}
