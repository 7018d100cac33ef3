"""The organisation, read only: API_PLANT_SRV, API_STORAGELOCATION_SRV, API_COMPANYCODE_SRV (sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service, entity

_PLANT = entity(
    "A_Plant",
    """
    Plant:S4:*U PlantName:S30 CompanyCode:S4:U CompanyCodeName:S25
    """,
    can="",
)

_STORAGE_LOCATION = entity(
    "StorageLocation",
    """
    Plant:S4:*U StorageLocation:S4:*U StorageLocationName:S16 SalesOrganization:S4:U DistributionChannel:S2:U
    Division:S2:U IsStorLocAuthznCheckActive:B
    """,
    can="",
)

_COMPANY_CODE = entity(
    "A_CompanyCode",
    """
    CompanyCode:S4:*U CompanyCodeName:S25 CityName:S25 Country:S3:U Currency:S5:U$ Language:S2
    ChartOfAccounts:S4:U FiscalYearVariant:S2:U Company:S6:U CreditControlArea:S4:U CountryChartOfAccounts:S4:U
    FinancialManagementArea:S4:U AddressID:S10:UA TaxableEntity:S4:U VATRegistration:S20:U
    ExtendedWhldgTaxIsActive:B ControllingArea:S4:U FieldStatusVariant:S4:U NonTaxableTransactionTaxCode:S2:U
    DocDateIsUsedForTaxDetn:B TaxRptgDateIsActive:B
    """,
    can="",
)

PLANT = Service.of("API_PLANT_SRV", (_PLANT,), "LO-MD-PLT")
# The one service whose types live in a namespace of another name.
STORAGE_LOCATION = Service.of(
    "API_STORAGELOCATION_SRV", (_STORAGE_LOCATION,), "LO-MD-PLT", namespace="cds_api_storagelocation_srv"
)
COMPANY_CODE = Service.of("API_COMPANYCODE_SRV", (_COMPANY_CODE,), "FI-GL-GL")
