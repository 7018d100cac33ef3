"""Entity tables: vendors, customers and their groups (dynamics sheet §1.3, §1.11)."""

TABLE = """
@VendorsV3 VendorV3 VendVendorV3Entity vendor VendTable,DirPartyTable "Vendors V3"
dataAreaId                                   text4                          key
VendorAccountNumber                          text20                         key sequence
VendorOrganizationName                       text100
VendorSearchName                             text20
VendorKnownAsName                            text60
VendorPartyType                              text20                         once
VendorPartyNumber                            text40                         ro
VendorGroupId                                text10                         must >VendorGroups
CurrencyCode                                 text3                          >Currencies
LanguageId                                   text7
OnHoldStatus                                 CustVendorBlocked
DefaultPaymentTermsName                      text10                         >PaymentTerms
DefaultVendorPaymentMethodName               text10
DefaultDeliveryTermsCode                     text10                         >DeliveryTerms
DefaultDeliveryModeId                        text10
DefaultPurchaseSiteId                        text10                         >OperationalSitesV2
DefaultProcumentWarehouseId                  text10                         >Warehouses
InvoiceVendorAccountNumber                   text20                         >VendorsV3
SalesTaxGroupCode                            text10
TaxExemptNumber                              text20
OrganizationNumber                           text20
OurAccountNumber                             text20
DUNSNumber                                   text11
BuyerGroupId                                 text10
CreditLimit                                  decimal
IsOneTimeVendor                              NoYes                          once
ArePricesIncludingSalesTax                   NoYes
IsChangeManagementActivated                  NoYes
BankAccountId                                text10
Notes                                        text1000
NumberSequenceGroupId                        text10
PrimaryEmailAddress                          text255
PrimaryPhoneNumber                           text255
PrimaryURL                                   text255
AddressDescription                           text60
AddressStreet                                text250
AddressStreetNumber                          text20
AddressZipCode                               text10
AddressCity                                  text60
AddressStateId                               text10
AddressCountryRegionId                       text10
AddressCountryRegionISOCode                  text2                          ro
FormattedPrimaryAddress                      text250                        ro
DefaultLedgerDimensionDisplayValue           text500

@=VendorsV2 VendorV2 VendVendorV2Entity "Vendors V2" VendorsV3

@CustomersV3 CustomerV3 CustCustomerV3Entity customer CustTable,DirPartyTable "Customers V3"
dataAreaId                                   text4                          key
CustomerAccount                              text20                         key sequence
OrganizationName                             text100
NameAlias                                    text20
KnownAs                                      text60
PartyType                                    text20                         once
PartyNumber                                  text40                         ro
CustomerGroupId                              text10                         must >CustomerGroups
SalesCurrencyCode                            text3                          >Currencies
LanguageId                                   text7
OnHoldStatus                                 CustVendorBlocked
PaymentTerms                                 text10                         >PaymentTerms
PaymentMethod                                text10
DeliveryTerms                                text10                         >DeliveryTerms
DeliveryMode                                 text10
SiteId                                       text10                         >OperationalSitesV2
WarehouseId                                  text10                         >Warehouses
InvoiceAccount                               text20                         >CustomersV3
SalesTaxGroup                                text10
TaxExemptNumber                              text20
OrganizationNumber                           text20
CreditLimit                                  decimal
CreditLimitIsMandatory                       NoYes
IsOneTimeCustomer                            NoYes                          once
SalesMemo                                    text1000
PrimaryContactEmail                          text255
PrimaryContactPhone                          text255
PrimaryContactURL                            text255
AddressDescription                           text60
AddressStreet                                text250
AddressStreetNumber                          text20
AddressZipCode                               text10
AddressCity                                  text60
AddressState                                 text10
AddressCountryRegionId                       text10
AddressCountryRegionISOCode                  text2                          ro
FullPrimaryAddress                           text250                        ro
DefaultDimensionDisplayValue                 text500

@VendorGroups VendorGroup VendVendorGroupEntity vendor_group VendGroup "Vendor groups"
dataAreaId                                   text4                          key
VendorGroupId                                text10                         key once must
Description                                  text60
DefaultPaymentTermName                       text10                         >PaymentTerms
DefaultTaxGroupCode                          text10

@CustomerGroups CustomerGroup CustCustomerGroupEntity customer_group CustGroup "Customer groups"
dataAreaId                                   text4                          key
CustomerGroupId                              text10                         key once must
Description                                  text60
PaymentTermId                                text10                         >PaymentTerms
TaxGroupId                                   text10
IsSalesTaxIncludedInPrice                    NoYes
"""
