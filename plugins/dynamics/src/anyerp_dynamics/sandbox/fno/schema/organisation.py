"""Entity tables: legal entities, sites, warehouses, terms, currencies, accounts, data projects (sheet §1.3)."""

TABLE = """
@LegalEntities LegalEntity OMLegalEntity legal_entity CompanyInfo "Legal entities" readonly
LegalEntityId                                text4                          key ro
Name                                         text100                        ro
NameAlias                                    text20                         ro
CompanyName                                  text100                        ro
CompanyCountry                               text10                         ro
LanguageId                                   text7                          ro
PartyNumber                                  text40                         ro
RegistrationNumber                           text50                         ro
VATNum                                       text20                         ro
TimeZone                                     Timezone                       ro
AddressStreet                                text250                        ro
AddressZipCode                               text10                         ro
AddressCity                                  text60                         ro
AddressState                                 text10                         ro
AddressCountryRegionId                       text10                         ro
AddressCountryRegionISOCode                  text2                          ro
FullPrimaryAddress                           text250                        ro
PrimaryContactEmail                          text255                        ro
PrimaryContactPhone                          text255                        ro
PrimaryContactURL                            text255                        ro
UseForFinancialConsolidationProcess          NoYes                          ro

@Companies Company CompanyEntity company DataArea "Companies" readonly
DataArea                                     text4                          key ro
Name                                         text100                        ro
KnownAs                                      text60                         ro
LanguageId                                   text7                          ro
PartyNumber                                  text40                         ro

@OperationalSitesV2 OperationalSiteV2 InventOperationalSiteV2Entity site InventSite "Operational sites V2"
dataAreaId                                   text4                          key
SiteId                                       text10                         key once must
SiteName                                     text60
SiteTimezone                                 Timezone
PrimaryAddressStreet                         text250
PrimaryAddressZipCode                        text10
PrimaryAddressCity                           text60
PrimaryAddressStateId                        text10
PrimaryAddressCountryRegionId                text10
FormattedPrimaryAddress                      text250                        ro
IsPrimaryAddressAssigned                     NoYes                          ro
InventSiteDefaultDimensionDisplayValue       text500

@Warehouses Warehouse InventWarehouseEntity warehouse InventLocation "Warehouses"
dataAreaId                                   text4                          key
WarehouseId                                  text10                         key once must
WarehouseName                                text60
OperationalSiteId                            text10                         must >OperationalSitesV2
WarehouseType                                InventLocationType             once
QuarantineWarehouseId                        text10
TransitWarehouseId                           text10
AreAdvancedWarehouseManagementProcessesEnabled NoYes
PrimaryAddressStreet                         text250
PrimaryAddressZipCode                        text10
PrimaryAddressCity                           text60
PrimaryAddressCountryRegionId                text10
FormattedPrimaryAddress                      text250                        ro
ExternallyLocatedWarehouseVendorAccountNumber text20
MaximumBatchPickingListQuantity              int32

@PaymentTerms PaymentTerm PaymentTermEntity payment_term PaymTerm "Terms of payment"
dataAreaId                                   text4                          key
Name                                         text10                         key once must
Description                                  text60
PaymentMethodType                            NetCurrent
NumberOfDays                                 int32
NumberOfMonths                               int32
CutoffDayOfMonth                             int32
PaymentDayName                               text10
PaymentScheduleName                          text10
IsCashPayment                                NoYes
IsDefaultPaymentTerm                         NoYes

@DeliveryTerms DeliveryTerm DlvTermEntity delivery_term DlvTerm "Terms of delivery"
dataAreaId                                   text4                          key
TermsCode                                    text10                         key once must
TermsDescription                             text60
IntrastatCode                                text10
IsCashOnDelivery                             NoYes

@Currencies Currency CurrencyEntity currency Currency "Currencies"
CurrencyCode                                 text3                          key once must
Name                                         text60
Symbol                                       text5
GeneralRoundingRule                          decimal
RoundingRulePurchaseOrders                   decimal
RoundingRuleSalesOrders                      decimal
RoundingRulePrices                           decimal

@UnitsOfMeasure UnitOfMeasure UnitOfMeasureEntity unit UnitOfMeasure "Units"
UnitSymbol                                   text10                         key once must
UnitDescription                              text60
UnitClass                                    text30                         =Quantity
SystemOfUnits                                text30                         =None
DecimalPrecision                             int32
IsBaseUnit                                   NoYes
IsSystemUnit                                 NoYes
IsFixedUnitSymbolAssigned                    NoYes                          ro
FixedUnitSymbolAssignment                    text30                         =Pieces
NationalCode                                 text10

@ExchangeRates ExchangeRate ExchangeRateEntity exchange_rate ExchangeRate "Currency exchange rates"
RateTypeName                                 text20                         key once must
FromCurrency                                 text3                          key once must >Currencies
ToCurrency                                   text3                          key once must >Currencies
StartDate                                    text20                         key once
EndDate                                      text60
Rate                                         decimal
ConversionFactor                             ExchangeRateDisplayFactor

@MainAccounts MainAccount MainAccountEntity main_account MainAccount "Main accounts"
ChartOfAccounts                              text60                         key once must
MainAccountId                                text20                         key once must
Name                                         text60
MainAccountType                              DimensionLedgerAccountType
MainAccountCategory                          text20
DebitCreditDefault                           DebCredProposal
DefaultCurrency                              text3
IsSuspended                                  NoYes
DoNotAllowManualEntry                        NoYes

@DataManagementDefinitionGroups DataManagementDefinitionGroup DataManagementDefinitionGroupEntity dmf_project DMFDefinitionGroup "Data management definition groups"
Name                                         text60                         key once must
Description                                  text60
ProjectCategory                              DMFProjectCategory             once
OperationType                                DMFOperationType               once
GenerateDataPackage                          NoYes
TruncateEntityData                           NoYes
"""  # noqa: E501  a table
