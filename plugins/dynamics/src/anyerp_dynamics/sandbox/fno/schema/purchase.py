"""Entity tables: purchase orders and requisitions (dynamics sheet §1.3, §1.11)."""

TABLE = """
@PurchaseOrderHeadersV2 PurchaseOrderHeaderV2 PurchPurchaseOrderHeaderV2Entity purchase_order PurchTable,PurchTableVersion "Purchase order headers V2"
dataAreaId                                   text4                          key
PurchaseOrderNumber                          text20                         key sequence
PurchaseOrderName                            text100
OrderVendorAccountNumber                     text20                         must once >VendorsV3
InvoiceVendorAccountNumber                   text20                         >VendorsV3
PurchaseOrderStatus                          PurchStatus                    ro =Backorder
DocumentApprovalStatus                       VersioningDocumentState        ro =Approved
CurrencyCode                                 text3                          >Currencies
LanguageId                                   text7
AccountingDate                               date
RequestedDeliveryDate                        date
ConfirmedDeliveryDate                        date
RequestedShipDate                            date
ConfirmedShipDate                            date
FixedDueDate                                 date
DefaultReceivingSiteId                       text10                         >OperationalSitesV2
DefaultReceivingWarehouseId                  text10                         >Warehouses
PaymentTermsName                             text10                         >PaymentTerms
PaymentScheduleName                          text10
CashDiscountCode                             text10
CashDiscountPercentage                       decimal
TotalDiscountPercentage                      decimal
DeliveryTermsId                              text10                         >DeliveryTerms
DeliveryModeId                               text10
VendorOrderReference                         text60
OrdererPersonnelNumber                       text25
RequesterPersonnelNumber                     text25
BuyerGroupId                                 text10
PurchaseOrderPoolId                          text10
PurchaseOrderHeaderCreationMethod            PurchPurchaseOrderCreationMethod ro =Purchase
IsChangeManagementActive                     NoYes
IsOneTimeVendor                              NoYes                          ro
IsDeliveryAddressOrderSpecific               NoYes
ArePricesIncludingSalesTax                   NoYes
SalesTaxGroupCode                            text10
TaxExemptNumber                              text20
VendorPaymentMethodName                      text10
VendorPostingProfileId                       text10
ContactPersonId                              text20
Email                                        text80
AttentionInformation                         text100
ReasonCode                                   text10
ReasonComment                                text60
ProjectId                                    text20
DeliveryAddressName                          text60
DeliveryAddressDescription                   text60
DeliveryAddressStreet                        text250
DeliveryAddressStreetNumber                  text20
DeliveryAddressZipCode                       text10
DeliveryAddressCity                          text60
DeliveryAddressStateId                       text10
DeliveryAddressCountryRegionId               text10
DeliveryAddressCountryRegionISOCode          text2                          ro
FormattedDeliveryAddress                     text250                        ro
DefaultLedgerDimensionDisplayValue           text500
NumberSequenceGroupId                        text10                         once
TransportationDocumentLineId                 guid
URL                                          text255
>PurchaseOrderLines PurchaseOrderLinesV2 many PurchaseOrderHeader dataAreaId,PurchaseOrderNumber

@PurchaseOrderLinesV2 PurchaseOrderLineV2 PurchPurchaseOrderLineV2Entity purchase_order_line PurchLine "Purchase order lines V2"
dataAreaId                                   text4                          key
PurchaseOrderNumber                          text20                         key must once >PurchaseOrderHeadersV2
LineNumber                                   int64                          key
ItemNumber                                   text20                         once >ReleasedProductsV2
LineDescription                              text1000
ProcurementProductCategoryName               text254                        once
ExternalItemNumber                           text60
CustomerReference                            text60
CustomerRequisitionNumber                    text20
PurchaseRequisitionId                        text20                         ro
OrderedPurchaseQuantity                      decimal
PurchaseUnitSymbol                           text10
PurchasePrice                                decimal
PurchasePriceQuantity                        decimal
FixedPriceCharges                            decimal
LineDiscountAmount                           decimal
LineDiscountPercentage                       decimal
MultilineDiscountAmount                      decimal
MultilineDiscountPercentage                  decimal
LineAmount                                   decimal
CalculateLineAmount                          NoYes                          =Yes
PurchaseOrderLineStatus                      PurchStatus                    ro =Backorder
PurchaseOrderLineCreationMethod              PurchPurchaseOrderCreationMethod ro =Purchase
WorkflowState                                TradeWorkflowState             ro
RequestedDeliveryDate                        date
ConfirmedDeliveryDate                        date
RequestedShippingDate                        date
ConfirmedShippingDate                        date
ReceivingSiteId                              text10                         >OperationalSitesV2
ReceivingWarehouseId                         text10                         >Warehouses
ReceivingWarehouseLocationId                 text25
InventoryLotId                               text20                         ro
ProductConfigurationId                       text50
ProductSizeId                                text10
ProductColorId                               text10
ProductStyleId                               text10
ProductVersionId                             text10
ItemBatchNumber                              text20
ItemSerialNumber                             text20
Barcode                                      text80
SalesTaxGroupCode                            text10
SalesTaxItemGroupCode                        text10
OverrideSalesTax                             NoYes
MainAccountIdDisplayValue                    text20
DefaultLedgerDimensionDisplayValue           text500
RequesterPersonnelNumber                     text25
ProjectId                                    text20
FixedAssetNumber                             text20
AllowedOverdeliveryPercentage                decimal
AllowedUnderdeliveryPercentage               decimal
IsPartialDeliveryPrevented                   NoYes
IsLineStopped                                NoYes
IsDeleted                                    NoYes                          ro
IsNewFixedAsset                              NoYes
UnitWeight                                   decimal
BudgetReservationLineNumber                  int32
DeliveryAddressName                          text60
DeliveryAddressStreet                        text250
DeliveryAddressZipCode                       text10
DeliveryAddressCity                          text60
DeliveryAddressCountryRegionId               text10
FormattedDelveryAddress                      text250                        ro
DlvMode                                      text10
DlvTerm                                      text10
>PurchaseOrderHeader PurchaseOrderHeadersV2 one PurchaseOrderLines dataAreaId,PurchaseOrderNumber

@PurchaseOrderConfirmationHeaders PurchaseOrderConfirmationHeader PurchPurchaseOrderConfirmationHeaderEntity confirmation VendPurchOrderJour "Purchase order confirmation headers" readonly
dataAreaId                                   text4                          key
PurchaseOrderNumber                          text20                         key ro
ConfirmationNumber                           text20                         key ro
ConfirmationDate                             date                           key ro
OrderVendorAccountNumber                     text20                         ro
VendorOrderReference                         text60                         ro
CurrencyCode                                 text3                          ro
DocumentApprovalStatus                       VersioningDocumentState        ro
FixedExchangeRate                            decimal                        ro
SubTotalAmount                               decimal                        ro
TotalDiscountAmount                          decimal                        ro
TotalChargeAmount                            decimal                        ro
TotalTaxAmount                               decimal                        ro
TotalRoundOffAmount                          decimal                        ro
TotalConfirmedAmount                         decimal                        ro
TotalQuantity                                decimal                        ro

@PurchaseRequisitionLinesV2 PurchaseRequisitionLineV2 PurchReqLineV2Entity purchase_requisition_line PurchReqLine "Purchase requisition lines V2"
RequisitionNumber                            text20                         key once
RequisitionLineNumber                        int32                          key
LineStatus                                   PurchReqRequisitionStatus      ro
LineType                                     PurchReqLineType
ItemNumber                                   text20
ProductName                                  text60
ProcurementProductCategoryName               text254
LineDescription                              text1000
BuyingLegalEntityId                          text4                          must >LegalEntities
VendorAccountNumber                          text20
RequestedPurchaseQuantity                    decimal
PurchaseUnitSymbol                           text10
PurchasePrice                                decimal
PurchasePriceQuantity                        decimal
LineAmount                                   decimal
CurrencyCode                                 text3                          >Currencies
RequestedDate                                date
AccountingDate                               date
ReceivingSiteId                              text10
ReceivingWarehouseId                         text10
RequisitionerPersonnelNumber                 text25
ExternalItemNumber                           text60
BusinessJustificationCode                    text10
BusinessJustificationDetails                 text254
DefaultLedgerDimensionDisplayValue           text500
"""  # noqa: E501  a table
