"""What CompanyService answers: the company of the session, its currencies and the precision of its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.session import VERSION
from anyerp_sap.b1.sandbox.world import DEFAULT_WAREHOUSE, LOCAL_CURRENCY, World

NAME = "Ateliers Lumière Europe"


def admin_info(world: World) -> Row:
    """How the company is set up."""
    return {
        **world.types["AdminInfo"].blank(),
        "CompanyName": NAME,
        "Address": "12 Rue de la Fonderie\r69003 LYON\rFRANCE",
        "Country": "FR",
        "PhoneNumber1": "+33 4 72 00 00 00",
        "eMail": "contact@lumiere.example",
        "LocalCurrency": LOCAL_CURRENCY,
        "SystemCurrency": LOCAL_CURRENCY,
        "FederalTaxID": "FR40303265045",
        "DefaultWarehouse": DEFAULT_WAREHOUSE,
    }


def company_info(world: World) -> Row:
    """What the company is."""
    return {
        **world.types["CompanyInfo"].blank(),
        "Version": int(VERSION),
        "CompanyName": NAME,
        "Localization": "FR",
    }


#: Function → the type of its answer, and the answer. Both are called with GET or with POST.
FUNCTIONS: Mapping[str, tuple[str, Callable[[World], Row]]] = {
    "CompanyService_GetAdminInfo": ("AdminInfo", admin_info),
    "CompanyService_GetCompanyInfo": ("CompanyInfo", company_info),
}
