"""The one type of all marketing documents, and the rows inside it (sap sheet §13, names as on the wire).

Text lengths, here and in the rooms beside, are own knowledge: the sheet's source keeps none.
"""

from __future__ import annotations

from anyerp_sap.b1.sandbox.edm import record

DOCUMENT = record(
    "Document",
    """
    DocEntry                int             key ro
    DocNum                  int             ro
    DocType                 enum:BoDocumentTypes fixed =dDocument_Items
    HandWritten             enum:BoYesNoEnum fixed =tNO
    DocDate                 date
    DocDueDate              date
    CardCode                text:15         fixed
    CardName                text:100
    Address                 text:254
    NumAtCard               text:100
    DocTotal                number          ro
    AttachmentEntry         int
    DocCurrency             text:3          fixed
    DocRate                 number
    Reference1              text:11         ro
    Comments                text:254
    JournalMemo             text:50
    PaymentGroupCode        int
    DocTime                 time            ro
    SalesPersonCode         int             =-1
    TransportationCode      int
    Confirmed               enum:BoYesNoEnum =tYES
    ContactPersonCode       int
    Series                  int             fixed
    TaxDate                 date
    PartialSupply           enum:BoYesNoEnum =tYES
    DocObjectCode           enum:BoObjectTypes fixed
    ShipToCode              text:50
    Indicator               text:2
    FederalTaxID            text:32
    DiscountPercent         number
    CreationDate            date            ro
    UpdateDate              date            ro
    UserSign                int             ro
    VatSum                  number          ro
    VatSumSys               number          ro
    VatSumFc                number          ro
    DocTotalFc              number          ro
    DocTotalSys             number          ro
    PaidToDate              number          ro
    PaidToDateFC            number          ro
    PaymentBlock            enum:BoYesNoEnum =tNO
    RequriedDate            date
    CancelDate              date
    Project                 text:20
    Rounding                enum:BoYesNoEnum =tNO
    RoundingDiffAmount      number          ro
    ExternalCorrectedDocNum text:20
    DocumentsOwner          int
    Address2                text:254
    DocumentStatus          enum:BoStatus   ro =bost_Open
    PayToCode               text:50
    BPL_IDAssignedToInvoice int             fixed
    BPLName                 text:100        ro
    VATRegNum               text:32         ro
    TotalDiscount           number          ro
    Cancelled               enum:BoYesNoEnum ro =tNO
    CancelStatus            enum:CancelStatusEnum ro =csNo
    AuthorizationStatus     enum:DocumentAuthorizationStatusEnum ro =dasWithout
    ClosingDate             date            ro
    ReqType                 int
    Requester               text:25
    RequesterName           text:155
    UpdateTime              time            ro
    DataVersion             int             ro
    DocumentLines           list:DocumentLine merge:LineNum
    DocumentAdditionalExpenses list:DocumentAdditionalExpense merge:LineNum
    AddressExtension        part:AddressExtension
    TaxExtension            part:TaxExtension
    """,
    {
        "BusinessPartner": ("BusinessPartners", "CardCode"),
        "PaymentTermsType": ("PaymentTermsTypes", "PaymentGroupCode"),
    },
)

DOCUMENT_LINE = record(
    "DocumentLine",
    """
    LineNum                 int
    ItemCode                text:50
    ItemDescription         text:200
    Quantity                number
    ShipDate                date
    Price                   number          ro
    PriceAfterVAT           number          ro
    Currency                text:3
    Rate                    number
    DiscountPercent         number
    WarehouseCode           text:8
    SalesPersonCode         int             =-1
    AccountCode             text:15
    UseBaseUnits            enum:BoYesNoEnum =tNO
    SupplierCatNum          text:50
    CostingCode             text:8
    ProjectCode             text:20
    BarCode                 text:254
    VatGroup                text:8
    BaseType                int             fixed =-1
    BaseEntry               int             fixed
    BaseLine                int             fixed
    TaxCode                 text:8
    FreeText                text:100
    NetTaxAmount            number          ro
    NetTaxAmountFC          number          ro
    MeasureUnit             text:100
    UnitsOfMeasurment       number          =1
    LineTotal               number
    TaxPercentagePerRow     number          ro
    TaxTotal                number          ro
    RowTotalFC              number          ro
    RowTotalSC              number          ro
    VisualOrder             int             ro
    UnitPrice               number
    LineStatus              enum:BoStatus   ro =bost_Open
    PackageQuantity         number
    LineType                enum:BoDocLineType =dlt_Regular
    CostingCode2            text:8
    CostingCode3            text:8
    CostingCode4            text:8
    CostingCode5            text:8
    ItemDetails             text:64000
    LocationCode            int
    ActualDeliveryDate      date
    RemainingOpenQuantity   number          ro
    OpenAmount              number          ro
    OpenAmountFC            number          ro
    RequiredDate            date
    RequiredQuantity        number
    DocEntry                int             ro
    LineVendor              text:15
    UoMEntry                int
    UoMCode                 text:20         ro
    InventoryQuantity       number          ro
    RemainingOpenInventoryQuantity number   ro
    GrossPrice              number          ro
    GrossTotal              number          ro
    GrossTotalFC            number          ro
    SerialNumbers           list:SerialNumber
    BatchNumbers            list:BatchNumber
    DocumentLinesBinAllocations list:DocumentLinesBinAllocation
    """,
)

EXPENSE = record(
    "DocumentAdditionalExpense",
    """
    ExpenseCode             int
    LineTotal               number
    LineTotalFC             number
    Remarks                 text:254
    VatGroup                text:8
    TaxPercent              number          ro
    TaxSum                  number          ro
    TaxSumFC                number          ro
    LineNum                 int
    LineGross               number          ro
    LineGrossFC             number          ro
    """,
)

BATCH_NUMBER = record(
    "BatchNumber",
    """
    BatchNumberProperty     text:36
    ExpiryDate              date
    ManufacturingDate       date
    Notes                   text:64000
    Quantity                number
    BaseLineNumber          int
    ItemCode                text:50
    """,
)

SERIAL_NUMBER = record(
    "SerialNumber",
    """
    ManufacturerSerialNumber text:36
    InternalSerialNumber    text:36
    ExpiryDate              date
    Quantity                number          =1
    BaseLineNumber          int
    ItemCode                text:50
    """,
)

BIN_ALLOCATION = record(
    "DocumentLinesBinAllocation",
    """
    BinAbsEntry             int
    Quantity                number
    AllowNegativeQuantity   enum:BoYesNoEnum =tNO
    SerialAndBatchNumbersBaseLine int       =-1
    BaseLineNumber          int
    """,
)

_SIDE = """
    {0}Street               text:100
    {0}StreetNo             text:100
    {0}Block                text:100
    {0}Building             text:64000
    {0}City                 text:100
    {0}ZipCode              text:20
    {0}County               text:100
    {0}State                text:3
    {0}Country              text:3
    {0}Address2             text:50
    {0}Address3             text:50
"""

ADDRESS_EXTENSION = record("AddressExtension", _SIDE.format("ShipTo").rstrip() + _SIDE.format("BillTo"))

TAX_EXTENSION = record(
    "TaxExtension",
    """
    Incoterms               text:20
    Vehicle                 text:15
    Carrier                 text:15
    PackQuantity            int
    NetWeight               number
    GrossWeight             number
    """,
)
