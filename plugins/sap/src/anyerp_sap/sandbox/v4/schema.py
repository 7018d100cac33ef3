"""CE_PURCHASEORDER_0001: the V4 sets of an order, and the V2 set behind each (sap sheet, Purchase order V4).

Properties are in the notation of `anyerp_sap.sandbox.edm`, with `v` as the scale of amounts whose decimals are those of
their currency.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from anyerp_sap.sandbox.codes import commercial, decimals
from anyerp_sap.sandbox.edm import Entity, Navigation, Row, Value, entity, nav
from anyerp_sap.sandbox.rules import goods_movement
from anyerp_sap.sandbox.store import Store

NAMESPACE = "com.sap.gateway.srvd_a2x.api_purchaseorder_2.v0001"
ROOT = "/sap/opu/odata4/sap/api_purchaseorder_2/srvd_a2x/sap/purchaseorder/0001"


@dataclass(frozen=True)
class Twin:
    """A V4 set: the V2 set behind it, the V2 names of properties and navigations that differ, and what is worked out.

    `amounts` are the properties whose scale is variable. `direct` says whether a POST to the set itself is allowed.
    """

    entity: Entity
    behind: str
    names: dict[str, str] = field(default_factory=dict)
    navigations: dict[str, str] = field(default_factory=dict)
    amounts: frozenset[str] = frozenset()
    computed: dict[str, Callable[[Store, Row], Value]] = field(default_factory=dict)
    direct: bool = False

    @property
    def type_name(self) -> str:
        """The type of the set."""
        return f"{self.entity.name}_Type"

    def old(self, name: str) -> str:
        """The V2 name of a property."""
        return self.names.get(name, name)

    def view(self, store: Store, row: Row) -> Row:
        """A V2 row under V4 names, with what V4 works out."""
        seen = {p: row[old] for p in self.entity.properties if (old := self.old(p)) in row and p not in self.computed}
        if isinstance(seen.get("ExchangeRate"), str):
            seen["ExchangeRate"] = Decimal(str(seen["ExchangeRate"]) or "0")
        return seen | {name: work(store, row) for name, work in self.computed.items()}


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _net(store: Store, item: Row) -> Value:
    """Quantity in price units times the price of one, by the decimals of the currency (sap sheet §10)."""
    top = _number(item.get("OrderPriceUnitToOrderUnitNmrtr")) or Decimal(1)
    ratio = top / (_number(item.get("OrdPriceUnitToOrderUnitDnmntr")) or Decimal(1))
    value = _number(item.get("OrderQuantity")) * ratio * _number(item.get("NetPriceAmount"))
    value /= _number(item.get("NetPriceQuantity")) or Decimal(1)
    return commercial(value, decimals(str(item.get("DocumentCurrency", ""))))


def _open(store: Store, line: Row) -> Value:
    """What is still to come of a schedule line: receipts fill the earliest lines first."""
    item = store.find("A_PurchaseOrderItem", line["PurchasingDocument"], line["PurchasingDocumentItem"]) or {}
    came = goods_movement.received(store, item)
    source = store.entities["A_PurchaseOrderItem"]
    for other in store.related(source, item, source.navigations["to_ScheduleLine"]):
        quantity = _number(other.get("ScheduleLineOrderQuantity"))
        if other["ScheduleLine"] == line["ScheduleLine"]:
            return max(quantity - came, Decimal(0))
        came = max(came - quantity, Decimal(0))
    return Decimal(0)


_ORDER = entity(
    "PurchaseOrder",
    """
    PurchaseOrder:S10:*UA PurchaseOrderType:S4:U^ PurchaseOrderSubtype:S1:!U PurchasingDocumentOrigin:S1:!U
    CreatedByUser:S12:!U CreationDate:date:! PurchaseOrderDate:date LastChangeDateTime:dto:! ValidityStartDate:date
    ValidityEndDate:date Language:S2 PurchaseOrderDeletionCode:S1:!U ReleaseIsNotCompleted:B:!
    PurchasingCompletenessStatus:B PurchasingProcessingStatus:S2:!U CompanyCode:S4:U PurchasingOrganization:S4:U
    PurchasingGroup:S3:U Supplier:S10:U^A ManualSupplierAddressID:S10:!U SupplierRespSalesPersonName:S30
    SupplierPhoneNumber:S16 SupplyingSupplier:S10:UA SupplyingPlant:S4:U InvoicingParty:S10:UA
    SupplierQuotationExternalID:S10:U PaymentTerms:S4:U CashDiscount1Days:D3.0 CashDiscount2Days:D3.0
    NetPaymentDays:D3.0 CashDiscount1Percent:D5.3 CashDiscount2Percent:D5.3 IncotermsClassification:S3:U
    IncotermsVersion:S4:U IncotermsLocation1:S70 IncotermsLocation2:S70 CorrespncExternalReference:S12
    CorrespncInternalReference:S12 DocumentCurrency:S3:U$ ExchangeRate:D9.5 ExchangeRateIsFixed:B
    PurchasingCollectiveNumber:S10:U YY1_Project_PDH:S20 YY1_NeededBy_PDH:date
    """,
    nav("_PurchaseOrderItem", "PurchaseOrderItem", "PurchaseOrder"),
    nav("_PurchaseOrderNote", "PurchaseOrderNote", "PurchaseOrder"),
    etag="*",
)
_ITEM = entity(
    "PurchaseOrderItem",
    """
    PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# DocumentCurrency:S3:U$ PurchasingDocumentDeletionCode:S1:!U
    MaterialGroup:S9:U Material:S18:UA SupplierMaterialNumber:S35:U PurchaseOrderItemText:S40 ProductTypeCode:S2:U
    Plant:S4:U^ StorageLocation:S4:U PurchaseOrderQuantityUnit:S3:m NetPriceQuantity:D5.0::OrderPriceUnit
    IsCompletelyDelivered:B IsFinallyInvoiced:B GoodsReceiptIsExpected:B InvoiceIsExpected:B
    InvoiceIsGoodsReceiptBased:B PurchaseContract:S10:UA PurchaseContractItem:S5:# PurchaseRequisition:S10:UA
    PurchaseRequisitionItem:S5:# EvaldRcptSettlmtIsAllowed:B UnlimitedOverdeliveryIsAllowed:B
    OverdelivTolrtdLmtRatioInPct:D3.1 UnderdelivTolrtdLmtRatioInPct:D3.1 RequisitionerName:S12
    PurchaseOrderItemCategory:S1:U OrderPriceUnit:S3:m IsReturnsItem:B IncotermsClassification:S3:U
    AccountAssignmentCategory:S1:U PurchasingInfoRecord:S10:UA NetAmount:D13.0::DocumentCurrency
    GrossAmount:D13.0::DocumentCurrency EffectiveAmount:D13.0::DocumentCurrency
    OrderQuantity:D13.3::PurchaseOrderQuantityUnit NetPriceAmount:D11.0::DocumentCurrency
    OrderPriceUnitToOrderUnitNmrtr:D5.0 OrdPriceUnitToOrderUnitDnmntr:D5.0 GoodsReceiptIsNonValuated:B TaxCode:S2:U
    TaxCountry:S3:U TaxDeterminationDate:date PurchasingItemIsFreeOfCharge:B YY1_Charge_PDI:S10
    """,
    nav("_PurchaseOrder", "PurchaseOrder", "PurchaseOrder", "1", insertable=False),
    nav("_PurchaseOrderScheduleLineTP", "PurchaseOrderScheduleLine", "PurchaseOrder PurchaseOrderItem"),
    nav("_PurOrdAccountAssignment", "PurchaseOrderAccountAssignment", "PurchaseOrder PurchaseOrderItem"),
    nav("_PurchaseOrderItemNote", "PurchaseOrderItemNote", "PurchaseOrder PurchaseOrderItem"),
    nav("_DeliveryAddress", "PurOrderItemDeliveryAddress", "PurchaseOrder PurchaseOrderItem", "1", insertable=False),
    etag="*",
)
#: Its fields are properties of the V2 item; whoever changes it changes the item.
_ADDRESS = entity(
    "PurOrderItemDeliveryAddress",
    """
    PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# DeliveryAddressID:S10:*U AddresseeFullName:S80 OrganizationName1:S40
    OrganizationName2:S40 CityName:S40 DistrictName:S40 PostalCode:S10:U StreetName:S60 HouseNumber:S10 Country:S3:U
    Region:S3:U
    """,
    etag="*",
    can="U",
)
_SCHEDULE = entity(
    "PurchaseOrderScheduleLine",
    """
    PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# ScheduleLine:S4:*# ScheduleLineDeliveryDate:date
    SchedLineStscDeliveryDate:date PerformancePeriodStartDate:date PerformancePeriodEndDate:date
    ScheduleLineOrderQuantity:D13.3::PurchaseOrderQuantityUnit
    OpenPurchaseOrderQuantity:D14.3:!:PurchaseOrderQuantityUnit PurchaseOrderQuantityUnit:S3:m
    PurchaseRequisition:S10:UA PurchaseRequisitionItem:S5:# DelivDateCategory:S1:U
    """,
    etag="*",
    can="CU",
)
_ASSIGNMENT = entity(
    "PurchaseOrderAccountAssignment",
    """
    PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# AccountAssignmentNumber:S2:*# CostCenter:S10:UA
    MasterFixedAsset:S12:UA OrderQuantityUnit:S3:m Quantity:D13.3::OrderQuantityUnit
    MultipleAcctAssgmtDistrPercent:D3.1 DocumentCurrency:S3:U$ IsDeleted:B:! GLAccount:S10:UA BusinessArea:S4:U
    OrderID:S12:UA UnloadingPointName:S25 ControllingArea:S4:U ProfitCenter:S10:UA WBSElementExternalID:S24:U
    GoodsRecipientName:S12
    """,
    etag="*",
    can="CU",
)
_NOTE = entity(
    "PurchaseOrderNote", "PurchaseOrder:S10:*UA TextObjectType:S4:*U Language:S2:* PlainLongText:S:~", etag="*", can="C"
)
_ITEM_NOTE = entity(
    "PurchaseOrderItemNote",
    "PurchaseOrder:S10:*UA PurchaseOrderItem:S5:*# TextObjectType:S4:*U Language:S2:* PlainLongText:S:~",
    etag="*",
    can="C",
)

TWINS: dict[str, Twin] = {
    twin.entity.name: twin
    for twin in (
        Twin(
            _ORDER,
            "A_PurchaseOrder",
            {"PurchaseOrderDeletionCode": "PurchasingDocumentDeletionCode"},
            {"_PurchaseOrderItem": "to_PurchaseOrderItem", "_PurchaseOrderNote": "to_PurchaseOrderNote"},
            direct=True,
        ),
        Twin(
            _ITEM,
            "A_PurchaseOrderItem",
            {"ProductTypeCode": "ProductType"},
            {
                "_PurchaseOrder": "to_PurchaseOrder",
                "_PurchaseOrderScheduleLineTP": "to_ScheduleLine",
                "_PurOrdAccountAssignment": "to_AccountAssignment",
                "_PurchaseOrderItemNote": "to_PurchaseOrderItemNote",
            },
            amounts=frozenset({"NetAmount", "GrossAmount", "EffectiveAmount", "NetPriceAmount"}),
            computed={"NetAmount": _net, "GrossAmount": _net, "EffectiveAmount": _net},
        ),
        Twin(
            _SCHEDULE,
            "A_PurchaseOrderScheduleLine",
            {"PurchaseOrder": "PurchasingDocument", "PurchaseOrderItem": "PurchasingDocumentItem"},
            computed={"OpenPurchaseOrderQuantity": _open},
        ),
        Twin(_ASSIGNMENT, "A_PurOrdAccountAssignment", {"OrderQuantityUnit": "PurchaseOrderQuantityUnit"}),
        Twin(
            _ADDRESS,
            "A_PurchaseOrderItem",
            {"OrganizationName1": "DeliveryAddressName", "OrganizationName2": "DeliveryAddressName2"}
            | {"AddresseeFullName": "DeliveryAddressFullName"}
            | {n: f"DeliveryAddress{n}" for n in ("CityName", "DistrictName", "PostalCode", "StreetName")}
            | {n: f"DeliveryAddress{n}" for n in ("HouseNumber", "Country", "Region")},
        ),
        Twin(_NOTE, "A_PurchaseOrderNote"),
        Twin(_ITEM_NOTE, "A_PurchaseOrderItemNote"),
    )
}


def related(twin: Twin, navigation: Navigation, store: Store, row: Row) -> list[Row]:
    """The V2 rows that a V4 navigation leads to from the row behind `twin`."""
    if TWINS[navigation.target].behind == twin.behind:
        return [row]  # an entity of its own in V4 stands in the V2 row itself
    source = store.entities[twin.behind]
    return store.related(source, row, source.navigations[twin.navigations[navigation.name]])
