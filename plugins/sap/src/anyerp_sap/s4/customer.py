"""Customers: business partners with the customer roles and the data of a sales area (sap sheet §12)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Resource
from anyerp.errors import ConfigError

from anyerp_sap.s4 import header
from anyerp_sap.s4.lens.customer import CUSTOMER
from anyerp_sap.s4.partner import SERVICE, Side
from anyerp_sap.s4.service import EntitySet
from anyerp_sap.s4.vendor import KEPT


def _sales_area(ctx: Context, given: dict[str, Any]) -> dict[str, Any]:
    organization = given.get("SalesOrganization") or ctx.settings.sales_organization
    if organization is None:
        raise ConfigError(
            "currency, payment terms and incoterms of a customer belong to a sales area",
            hint="set settings.sales_organization, or extra.SalesOrganization of a new customer",
        )
    return {
        "SalesOrganization": str(organization),
        "DistributionChannel": str(given.get("DistributionChannel") or ctx.settings.distribution_channel),
        "Division": str(given.get("Division") or ctx.settings.division),
    }


BUYER = Side(
    number="Customer",
    roles=("FLCU00", "FLCU01"),  # for accounting and for sales
    area="to_Customer/to_CustomerSalesArea",
    areas=EntitySet(
        SERVICE, "A_CustomerSalesArea", ("Customer", "SalesOrganization", "DistributionChannel", "Division")
    ),
    organization=_sales_area,
)
PARTNERS = BUYER.partners

CUSTOMERS = Resource(
    lens=CUSTOMER,
    given=header.given,
    rows="d/results",
    page=PARTNERS.page,
    get=BUYER.get,
    create=BUYER.create,
    update=BUYER.update,
    find=BUYER.find,
    because=KEPT,
)
