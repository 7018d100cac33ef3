"""The enumerations that the tables use: members in order, integers positional (dynamics sheet §1.4)."""

from __future__ import annotations

from ...odata import EnumType

_MEMBERS = """
CustVendorBlocked No Invoice All Payment Requisition Never PurchOrder
DMFOperationType Export Import All Company
DMFProjectCategory Project Configuration Integration Other CDS
DebCredProposal None Debit Credit
DimensionLedgerAccountType Blank ProfitAndLoss Revenue Expense BalanceSheet Asset Liability Equity Total \
Reporting Common_CN
EcoResProductSubtype Product ProductMaster ProductVariant
EcoResProductType Item Service
ExchangeRateDisplayFactor One Ten Hundred Thousand TenThousand
InventLocationType Standard Quarantine Transit GoodsInRoute_RU ITMGIT ITMUnder
NetCurrent Net CurrentMth CurrentQuart CurrentYear CurrentWeek COD CutOffDate
NoYes No Yes
PurchInvoiceLineType Standard Advance AdvanceApplication ReverseAdvanceApplication
PurchInvoiceType Standard VendorAdvance InvoicePool
PurchPurchaseOrderCreationMethod Purchase Consignment
PurchReqLineType Item Category External
PurchReqRequisitionStatus Draft InReview Rejected Approved Cancelled Closed ReferencedByBudgetReservation_PSN
PurchStatus None Backorder Received Invoiced Canceled
SalesOrderProcessingStatus Active Confirmed Picked PartiallyDelivered Delivered Invoiced PartiallyInvoiced Canceled \
DeliveredPartiallyInvoiced
SalesStatus None Backorder Delivered Invoiced Canceled
TradeWorkflowState NotSubmitted Submitted PendingApproval PendingCompletion Returned ChangeRequest Completed Approved
VendInvoiceRequestStatus Draft InReview Approved Rejected Cancelled
VersioningDocumentState Draft InReview Rejected Approved InExternalReview Finalized Confirmed
"""

#: Time zones are many; these few keep their places among all of them.
_TIME_ZONES = {
    "GMTMINUS1200INTERNATIONALDATELINEWEST": 0,
    "GMTMINUS0800PACIFICTIME": 5,
    "GMTMINUS0500EASTERNTIME": 15,
    "GMT_COORDINATEDUNIVERSALTIME": 36,
    "GMTPLUS0100_AMSTERDAM_BERLIN_BERN_ROME": 39,
    "GMTPLUS0300KUWAIT_RIYADH": 57,
    "GMTPLUS0900OSAKA_SAPPORO_TOKYO": 88,
}


def enums() -> dict[str, EnumType]:
    """Give the enumerations by name."""
    named = {name: EnumType(name, tuple(members)) for name, *members in map(str.split, _MEMBERS.strip().splitlines())}
    return named | {"Timezone": EnumType("Timezone", tuple(_TIME_ZONES), tuple(_TIME_ZONES.values()))}
