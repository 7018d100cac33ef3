"""Tables: companies, their set-up, locations, accounts and dimensions (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set

COMPANIES = entity_set(
    "companies",
    "company",
    Page("Company", 2000000006, "Company", insert=False, update=False, delete=False, companyless=True),
    """
    id guid
    systemVersion text ro
    timestamp long
    name text
    displayName text
    businessProfileId text
    systemCreatedAt instant ro
    systemCreatedBy guid ro
    systemModifiedAt instant ro
    systemModifiedBy guid ro
    """,
)

COMPANY_INFORMATION = entity_set(
    "companyInformation",
    "companyInformation",
    Page("Company Information", 79, "Company Information", insert=False, delete=False),
    """
    id guid
    displayName text100
    addressLine1 text100
    addressLine2 text50
    city text30
    state text30
    country code10
    postalCode code20
    phoneNumber text30
    faxNumber text30
    email text80
    website text255
    taxRegistrationNumber text50
    currencyCode code10 ro
    currentFiscalYearStartDate date ro
    industry text30
    experience text
    lastModifiedDateTime instant
    """,
)

GENERAL_LEDGER_SETUP = entity_set(
    "generalLedgerSetup",
    "generalLedgerSetup",
    Page("General Ledger Setup", 98, "General Ledger Setup", insert=False, update=False, delete=False),
    """
    id guid
    allowPostingFrom date ro
    allowPostingTo date ro
    additionalReportingCurrency text10 ro
    localCurrencyCode code10 ro
    localCurrencySymbol text10 ro
    lastModifiedDateTime instant
    allowQueryFromConsolidation bool ro
    shortcutDimension1Code code20 ro
    shortcutDimension2Code code20 ro
    shortcutDimension3Code code20 ro
    shortcutDimension4Code code20 ro
    shortcutDimension5Code code20 ro
    shortcutDimension6Code code20 ro
    shortcutDimension7Code code20 ro
    shortcutDimension8Code code20 ro
    """,
)

LOCATIONS = entity_set(
    "locations",
    "location",
    Page("Location", 14, "Location"),
    """
    id guid
    code code10
    displayName text100
    contact text100
    addressLine1 text100
    addressLine2 text50
    city text30
    state text30
    country code10
    postalCode code20
    phoneNumber text30
    email text80
    website text255
    lastModifiedDateTime instant
    """,
)

ACCOUNTS = entity_set(
    "accounts",
    "account",
    Page("G/L Account", 15, "Account", insert=False, update=False, delete=False),
    """
    id guid
    number code20 ro
    displayName text100 ro
    category *glAccountCategory ro
    subCategory text80 ro
    blocked bool ro
    accountType *glAccountType ro
    directPosting bool ro
    netChange decimal ro
    consolidationTranslationMethod *glAccountConsolTranslationMethod ro
    consolidationDebitAccount code20 ro
    consolidationCreditAccount code20 ro
    excludeFromConsolidation bool ro
    lastModifiedDateTime instant
    """,
)
