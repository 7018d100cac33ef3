"""Business partners: vendors and customers are one type, told apart by CardType (sap sheet §13)."""

from __future__ import annotations

from anyerp_sap.b1.sandbox.edm import record

BUSINESS_PARTNER = record(
    "BusinessPartner",
    """
    CardCode                text:15         key fixed
    CardName                text:100
    CardType                enum:BoCardTypes =cCustomer
    GroupCode               int             =100
    Address                 text:100
    ZipCode                 text:20
    Phone1                  text:20
    Phone2                  text:20
    Fax                     text:20
    ContactPerson           text:90
    Notes                   text:100
    PayTermsGrpCode         int             =-1
    CreditLimit             number
    VatLiable               enum:BoVatStatus =vLiable
    FederalTaxID            text:32
    PriceListNum            int             =1
    VatGroup                text:8
    CurrentAccountBalance   number          ro
    County                  text:100
    Country                 text:3
    DefaultBankCode         text:30
    IBAN                    text:50
    Currency                text:3
    Cellular                text:50
    City                    text:100
    EmailAddress            text:100
    Website                 text:100
    CardForeignName         text:100
    ShippingType            int
    CompanyPrivate          enum:BoCardCompanyTypes =cCompany
    BillToState             text:3
    DebitorAccount          text:15
    Valid                   enum:BoYesNoEnum =tYES
    ValidFrom               date
    ValidTo                 date
    Frozen                  enum:BoYesNoEnum =tNO
    FrozenFrom              date
    FrozenTo                date
    Industry                int
    Territory               int
    LinkedBusinessPartner   text:15
    AliasName               text:64000
    BilltoDefault           text:50
    ShipToDefault           text:50
    GlobalLocationNumber    text:50
    UpdateDate              date            ro
    UpdateTime              time            ro
    CreateDate              date            ro
    CreateTime              time            ro
    DataVersion             int             ro
    BPAddresses             list:BPAddress  merge:RowNum
    ContactEmployees        list:ContactEmployee merge:InternalCode
    BPPaymentMethods        list:BPPaymentMethod rows:PaymentMethodCode
    BPBankAccounts          list:BPBankAccount merge:InternalKey
    """,
    {"PaymentTermsType": ("PaymentTermsTypes", "PayTermsGrpCode")},
)

BP_ADDRESS = record(
    "BPAddress",
    """
    AddressName             text:50
    Street                  text:100
    Block                   text:100
    ZipCode                 text:20
    City                    text:100
    County                  text:100
    Country                 text:3
    State                   text:3
    FederalTaxID            text:32
    TaxCode                 text:8
    BuildingFloorRoom       text:64000
    AddressType             enum:BoAddressType =bo_ShipTo
    AddressName2            text:50
    AddressName3            text:50
    StreetNo                text:100
    BPCode                  text:15         ro
    RowNum                  int
    GlobalLocationNumber    text:50
    CreateDate              date            ro
    CreateTime              time            ro
    """,
)

CONTACT_EMPLOYEE = record(
    "ContactEmployee",
    """
    CardCode                text:15         ro
    Name                    text:50
    Position                text:90
    Phone1                  text:20
    MobilePhone             text:50
    Fax                     text:20
    E_Mail                  text:100
    Remarks1                text:100
    InternalCode            int
    Title                   text:10
    Active                  enum:BoYesNoEnum =tYES
    FirstName               text:50
    LastName                text:50
    UpdateDate              date            ro
    UpdateTime              time            ro
    """,
)

BP_BANK_ACCOUNT = record(
    "BPBankAccount",
    """
    BPCode                  text:15         ro
    IBAN                    text:50
    Country                 text:3
    BankCode                text:30
    AccountNo               text:50
    InternalKey             int
    AccountName             text:250
    BICSwiftCode            text:50
    """,
)

BP_PAYMENT_METHOD = record(
    "BPPaymentMethod",
    """
    PaymentMethodCode       text:15
    RowNumber               int             ro
    BPCode                  text:15         ro
    """,
)
