"""What a company says of itself: the answers of CompanyService, structures and no entities."""

from __future__ import annotations

from anyerp_sap.b1.sandbox.edm import record

ADMIN_INFO = record(
    "AdminInfo",
    """
    Code                    int             =1
    CompanyName             text:100
    Address                 text:254
    Country                 text:3
    PhoneNumber1            text:20
    eMail                   text:100
    LocalCurrency           text:3
    SystemCurrency          text:3
    FederalTaxID            text:32
    TotalsAccuracy          int             =2
    AccuracyofQuantities    int             =3
    PriceAccuracy           int             =6
    RateAccuracy            int             =6
    PercentageAccuracy      int             =2
    MeasuringAccuracy       int             =3
    DefaultWarehouse        text:8
    State                   text:3
    """,
)

COMPANY_INFO = record(
    "CompanyInfo",
    """
    Version                 int
    CompanyName             text:100
    EnableExpensesManagement enum:BoYesNoEnum =tNO
    BlockStockNegativeQuantity enum:BoYesNoEnum =tNO
    Localization            text:2
    """,
)
