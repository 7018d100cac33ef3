"""Where a company is and what it counts in: warehouses, bins, branches, units, terms, taxes, accounts, currencies."""

from __future__ import annotations

from anyerp_sap.b1.sandbox.edm import record

WAREHOUSE = record(
    "Warehouse",
    """
    WarehouseCode           text:8          key fixed
    WarehouseName           text:100
    Street                  text:100
    StreetNo                text:100
    Block                   text:100
    ZipCode                 text:20
    City                    text:100
    County                  text:100
    Country                 text:3
    State                   text:3
    Location                int
    DropShip                enum:BoYesNoEnum =tNO
    BusinessPlaceID         int
    Nettable                enum:BoYesNoEnum =tYES
    Inactive                enum:BoYesNoEnum =tNO
    EnableBinLocations      enum:BoYesNoEnum =tNO
    DefaultBin              int
    """,
)

BIN_LOCATION = record(
    "BinLocation",
    """
    AbsEntry                int             key ro
    Warehouse               text:8          fixed
    Sublevel1               text:50         fixed
    Sublevel2               text:50         fixed
    BinCode                 text:228        ro
    Inactive                enum:BoYesNoEnum =tNO
    Description             text:50
    BarCode                 text:254
    IsSystemBin             enum:BoYesNoEnum ro =tNO
    ReceivingBinLocation    enum:BoYesNoEnum =tNO
    """,
)

BUSINESS_PLACE = record(
    "BusinessPlace",
    """
    BPLID                   int             key ro
    BPLName                 text:100
    BPLNameForeign          text:100
    VATRegNum               text:32
    Address                 text:254
    MainBPL                 enum:BoYesNoEnum =tNO
    Disabled                enum:BoYesNoEnum =tNO
    DefaultWarehouseID      text:8
    FederalTaxID            text:32
    Street                  text:100
    StreetNo                text:100
    ZipCode                 text:20
    City                    text:100
    State                   text:3
    Country                 text:3
    AliasName               text:50
    """,
)

UNIT_OF_MEASUREMENT = record(
    "UnitOfMeasurement",
    """
    AbsEntry                int             key ro
    Code                    text:20
    Name                    text:100
    InternationalSymbol     text:50
    """,
)

UNIT_GROUP = record(
    "UnitOfMeasurementGroup",
    """
    AbsEntry                int             key ro
    Code                    text:20
    Name                    text:100
    BaseUoM                 int
    UoMGroupDefinitionCollection list:UoMGroupDefinition rows:AlternateUoM
    """,
)

UNIT_GROUP_DEFINITION = record(
    "UoMGroupDefinition",
    """
    AlternateUoM            int
    AlternateQuantity       number          =1
    BaseQuantity            number          =1
    """,
)

PAYMENT_TERMS = record(
    "PaymentTermsType",
    """
    GroupNumber             int             key ro
    PaymentTermsGroupName   text:100
    NumberOfAdditionalMonths int
    NumberOfAdditionalDays  int
    GeneralDiscount         number
    BaselineDate            enum:BoBaselineDate =bld_PostingDate
    NumberOfInstallments    int             =1
    """,
)

VAT_GROUP = record(
    "VatGroup",
    """
    Code                    text:8          key fixed
    Name                    text:100
    Category                enum:BoVatCategoryEnum =bovcInputTax
    TaxAccount              text:15
    EU                      enum:BoYesNoEnum =tNO
    Inactive                enum:BoYesNoEnum =tNO
    VatGroups_Lines         list:VatGroups_Line
    """,
)

VAT_RATE = record(
    "VatGroups_Line",
    """
    Effectivefrom           date
    Rate                    number
    """,
)

ACCOUNT = record(
    "ChartOfAccount",
    """
    Code                    text:15         key fixed
    Name                    text:100
    Balance                 number          ro
    CashAccount             enum:BoYesNoEnum =tNO
    ActiveAccount           enum:BoYesNoEnum =tYES
    AccountLevel            int             =5
    FatherAccountKey        text:15
    ExternalCode            text:12
    AccountType             enum:BoAccountTypes =at_Other
    AcctCurrency            text:3
    ForeignName             text:100
    FormatCode              text:210
    ValidFor                enum:BoYesNoEnum =tYES
    FrozenFor               enum:BoYesNoEnum =tNO
    """,
)

CURRENCY = record(
    "Currency",
    """
    Code                    text:3          key fixed
    Name                    text:20
    DocumentsCode           text:3
    InternationalDescription text:20
    EnglishName             text:20
    Decimals                enum:CurrenciesDecimalsEnum =cdDefault
    """,
)
