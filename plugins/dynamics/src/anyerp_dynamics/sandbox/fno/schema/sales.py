"""Entity tables: sales orders (dynamics sheet §1.3, §1.11)."""

TABLE = """
@SalesOrderHeadersV2 SalesOrderHeaderV2 SalesOrderHeaderV2Entity sales_order SalesTable "Sales order headers V2"
dataAreaId                                   text4                          key
SalesOrderNumber                             text20                         key sequence
SalesOrderName                               text100
OrderingCustomerAccountNumber                text20                         must once >CustomersV3
InvoiceCustomerAccountNumber                 text20                         >CustomersV3
SalesOrderStatus                             SalesStatus                    ro =Backorder
SalesOrderProcessingStatus                   SalesOrderProcessingStatus     ro =Active
CurrencyCode                                 text3                          >Currencies
LanguageId                                   text7
OrderCreationDateTime                        datetime                       ro
RequestedShippingDate                        date
RequestedReceiptDate                         date
ConfirmedShippingDate                        date
ConfirmedReceiptDate                         date
FixedDueDate                                 date
CustomersOrderReference                      text60
CustomerRequisitionNumber                    text20
PaymentTermsName                             text10                         >PaymentTerms
DeliveryTermsCode                            text10                         >DeliveryTerms
DeliveryModeCode                             text10
DefaultShippingSiteId                        text10                         >OperationalSitesV2
DefaultShippingWarehouseId                   text10                         >Warehouses
SalesTaxGroupCode                            text10
TaxExemptNumber                              text20
SalesOrderPoolId                             text10
SalesOrderOriginCode                         text10
OrderTakerPersonnelNumber                    text25
OrderResponsiblePersonnelNumber              text25
TotalDiscountPercentage                      decimal
TotalDiscountAmount                          decimal                        ro
ArePricesIncludingSalesTax                   NoYes
IsSalesProcessingStopped                     NoYes
IsOneTimeCustomer                            NoYes                          ro
AreTotalsCalculated                          NoYes                          ro
OrderTotalAmount                             decimal                        ro
OrderTotalTaxAmount                          decimal                        ro
OrderTotalDiscountAmount                     decimal                        ro
OrderTotalChargesAmount                      decimal                        ro
Email                                        text80
URL                                          text255
ProjectId                                    text20
DeliveryAddressName                          text60
DeliveryAddressStreet                        text250
DeliveryAddressZipCode                       text10
DeliveryAddressCity                          text60
DeliveryAddressStateId                       text10
DeliveryAddressCountryRegionId               text10
InvoiceAddressStreet                         text250                        ro
InvoiceAddressZipCode                        text10                         ro
InvoiceAddressCity                           text60                         ro
InvoiceAddressCountryRegionId                text10                         ro
DefaultLedgerDimensionDisplayValue           text500
>SalesOrderLines SalesOrderLines many - dataAreaId,SalesOrderNumber

@=SalesOrderHeadersV3 SalesOrderHeaderV3 SalesOrderHeaderV3Entity "Sales order headers V3" SalesOrderHeadersV2

@=SalesOrderHeadersV4 SalesOrderHeaderV4 SalesOrderHeaderV4Entity "Sales order headers V4" SalesOrderHeadersV2

@SalesOrderLines SalesOrderLine SalesOrderLineV2Entity sales_order_line SalesLine "Sales order lines V2"
dataAreaId                                   text4                          key
InventoryLotId                               text20                         key ro sequence
SalesOrderNumber                             text20                         must once >SalesOrderHeadersV2
LineNumber                                   decimal
LineCreationSequenceNumber                   int32                          ro
ItemNumber                                   text20                         once >ReleasedProductsV2
LineDescription                              text1000
SalesProductCategoryName                     text254                        once
ExternalItemNumber                           text60
OrderLineReference                           text60
CustomerRequisitionNumber                    text20
CustomersLineNumber                          int32
OrderedSalesQuantity                         decimal
SalesDeliverNow                              decimal
SalesUnitSymbol                              text10
SalesPrice                                   decimal
SalesPriceQuantity                           decimal
LineDiscountAmount                           decimal
LineDiscountPercentage                       decimal
LineAmount                                   decimal
CalculateLineAmount                          NoYes                          =Yes
CurrencyCode                                 text3                          ro
SalesOrderLineStatus                         SalesStatus                    ro =Backorder
RequestedShippingDate                        date
RequestedReceiptDate                         date
ConfirmedShippingDate                        date
ConfirmedReceiptDate                         date
ShippingSiteId                               text10                         >OperationalSitesV2
ShippingWarehouseId                          text10                         >Warehouses
ShippingWarehouseLocationId                  text25
ProductConfigurationId                       text50
ProductSizeId                                text10
ProductColorId                               text10
ProductStyleId                               text10
ProductVersionId                             text10
ItemBatchNumber                              text20
ItemSerialNumber                             text20
SalesTaxGroupCode                            text10
SalesTaxItemGroupCode                        text10
MainAccountIdDisplayValue                    text20
DefaultLedgerDimensionDisplayValue           text500
IsLineStopped                                NoYes
"""
