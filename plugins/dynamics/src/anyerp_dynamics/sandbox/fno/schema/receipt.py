"""Entity tables: product receipts and pending vendor invoices (dynamics sheet §1.3, §1.11)."""

TABLE = """
@ProductReceiptHeaders ProductReceiptHeader VendProductReceiptHeaderEntity receipt VendPackingSlipJour "Product receipt headers" readonly
dataAreaId                                   text4                          key
RecordId                                     int64                          key ro
ProductReceiptNumber                         text20                         ro
ProductReceiptDate                           date                           ro
PurchaseOrderNumber                          text20                         ro
OrderVendorAccountNumber                     text20                         ro
RequesterPersonnelNumber                     text25                         ro
DeliveryModeId                               text10                         ro
DeliveryTermsId                              text10                         ro
AttentionInformation                         text100                        ro
DeliveryAddressName                          text60                         ro
DeliveryAddressStreet                        text250                        ro
DeliveryAddressZipCode                       text10                         ro
DeliveryAddressCity                          text60                         ro
DeliveryAddressCountryRegionId               text10                         ro
IsDeliveryAddressPrivate                     NoYes                          ro
FormattedDeliveryAddress                     text250                        ro

@ProductReceiptLines ProductReceiptLine VendProductReceiptLineEntity receipt_line VendPackingSlipTrans "Product receipt lines" readonly
dataAreaId                                   text4                          key
RecordId                                     int64                          key ro
ProductReceiptHeaderRecordId                 int64                          ro
ProductReceiptNumber                         text20                         ro
ProductReceiptDate                           date                           ro
LineNumber                                   decimal                        ro
PurchaseOrderNumber                          text20                         ro
PurchaseOrderLineNumber                      int64                          ro
ItemNumber                                   text20                         ro
ProductNumber                                text70                         ro
LineDescription                              text1000                       ro
ExternalItemNumber                           text60                         ro
ProcurementProductCategoryName               text254                        ro
OrderedPurchaseQuantity                      decimal                        ro
ReceivedPurchaseQuantity                     decimal                        ro
RemainingPurchaseQuantity                    decimal                        ro
ReceivedInventoryQuantity                    decimal                        ro
RemainingInventoryQuantity                   decimal                        ro
PurchaseUnitSymbol                           text10                         ro
ExpectedDeliveryDate                         date                           ro
ReceivingSiteId                              text10                         ro
ReceivingWarehouseId                         text10                         ro
ReceivingWarehouseLocationId                 text25                         ro
ItemBatchNumber                              text20                         ro
ItemSerialNumber                             text20                         ro
ProductConfigurationId                       text50                         ro
ProductSizeId                                text10                         ro
ProductColorId                               text10                         ro
ProductStyleId                               text10                         ro
ProductVersionId                             text10                         ro
PurchaserPersonnelNumber                     text25                         ro

@=ProductReceiptLinesV2 ProductReceiptLineV2 VendProductReceiptLineV2Entity "Product receipt lines V2" ProductReceiptLines

@VendorInvoiceHeaders VendorInvoiceHeader VendorInvoiceHeaderEntity vendor_invoice VendInvoiceInfoTable "Vendor invoice headers"
dataAreaId                                   text4                          key
HeaderReference                              text60                         key sequence
InvoiceNumber                                text20
InvoiceAccount                               text20                         must >VendorsV3
VendorAccount                                text20                         >VendorsV3
VendorName                                   text100                        ro
InvoiceDate                                  date
Date                                         date
DueDate                                      date
InvoiceReceivedDate                          date
CashDiscountDate                             date
InvoiceDescription                           text60
Comment                                      text254
Currency                                     text3                          >Currencies
ExchangeRate                                 decimal
PurchaseOrderNumber                          text20                         >PurchaseOrderHeadersV2
PackingslipRange                             text20
TermsOfPayment                               text10                         >PaymentTerms
MethodOfPayment                              text10
PaymentId                                    text20
PostingProfile                               text10
DimensionDisplayValue                        text500
Site                                         text10                         >OperationalSitesV2
Warehouse                                    text10                         >Warehouses
SalesTaxGroup                                text10
TotalDiscount                                decimal
DiscountPercentage                           decimal
SalesTaxRounding                             decimal
InvoiceRoundOff                              decimal
IsOnHold                                     NoYes
IsApproved                                   NoYes                          ro
VendorInvoiceType                            PurchInvoiceType               =Standard
VendorInvoiceReviewStatus                    VendInvoiceRequestStatus       ro =Draft
CreditCorrection                             NoYes
Recalculation                                boolean
StartDateTime                                datetime
EndDateTime                                  datetime
TaxExemptNumber                              text20
>VendorInvoiceLines VendorInvoiceLines many - dataAreaId,HeaderReference

@VendorInvoiceLines VendorInvoiceLine VendorInvoiceLineEntity vendor_invoice_line VendInvoiceInfoLine "Vendor invoice lines"
dataAreaId                                   text4                          key
HeaderReference                              text60                         key must once >VendorInvoiceHeaders
InvoiceLineNumber                            decimal                        key
LineNumber                                   decimal                        ro
ItemNumber                                   text20                         once >ReleasedProductsV2
ItemName                                     text100                        ro
LineDescription                              text1000
ProcurementCategoryName                      text254
PurchaseOrder                                text20                         >PurchaseOrderHeadersV2
PurchLineNumber                              int64
ReceiveNow                                   decimal
Unit                                         text10
UnitPrice                                    decimal
PriceUnit                                    decimal
Discount                                     decimal
DiscountPercent                              decimal
NetAmount                                    decimal
Amount                                       decimal                        ro
Currency                                     text3                          >Currencies
InvoiceAccount                               text20                         ro
VendorAccount                                text20                         ro
RemainBefore                                 decimal                        ro
RemainAfter                                  decimal                        ro
SalesTaxGroup                                text10
ItemSalesTax                                 text10
MainAccountDisplayValue                      text20
DimensionDisplayValue                        text500
InventorySiteId                              text10                         >OperationalSitesV2
InventoryWarehouseId                         text10                         >Warehouses
ItemBatchNumber                              text20
LineType                                     PurchInvoiceLineType           =Standard
VendorInvoiceLineReviewStatus                VendInvoiceRequestStatus       ro =Draft
CloseForReceipt                              NoYes
OverrideSalesTax                             NoYes
"""  # noqa: E501  a table
