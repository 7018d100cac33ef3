"""API_BUSINESS_PARTNER: the partner, its addresses and roles, the supplier and customer that hang on it (sheet §12)."""

from __future__ import annotations

from anyerp_sap.sandbox.edm import Service, entity, nav
from anyerp_sap.sandbox.schema.customer import CUSTOMER, CUSTOMER_COMPANY, CUSTOMER_SALES_AREA

_PARTNER = entity(
    "A_BusinessPartner",
    """
    BusinessPartner:S10:*UA Customer:S10:!UA Supplier:S10:!UA AcademicTitle:S4:U AuthorizationGroup:S4:U
    BusinessPartnerCategory:S1:U BusinessPartnerFullName:S81:! BusinessPartnerGrouping:S4:U
    BusinessPartnerName:S81:! BusinessPartnerUUID:guid:! CorrespondenceLanguage:S2 CreatedByUser:S12:!U
    CreationDate:date:! CreationTime:time:! FirstName:S40 FormOfAddress:S4:U Industry:S10:U IsNaturalPerson:S1:U
    Language:S2 LastChangeDate:date:! LastChangeTime:time:! LastChangedByUser:S12:!U LastName:S40 LegalForm:S2:U
    OrganizationBPName1:S40 OrganizationBPName2:S40 OrganizationBPName3:S40 OrganizationBPName4:S40
    SearchTerm1:S20:U SearchTerm2:S20:U BusinessPartnerIsBlocked:B BusinessPartnerType:S4:U ETag:S26:!
    IsMarkedForArchiving:B BusinessPartnerIDByExtSystem:S20:U TradingPartner:S6:U
    """,
    nav("to_BusinessPartnerAddress", "A_BusinessPartnerAddress", "BusinessPartner"),
    nav("to_BusinessPartnerBank", "A_BusinessPartnerBank", "BusinessPartner"),
    nav("to_BusinessPartnerRole", "A_BusinessPartnerRole", "BusinessPartner"),
    nav("to_BusinessPartnerTax", "A_BusinessPartnerTaxNumber", "BusinessPartner"),
    nav("to_Customer", "A_Customer", "Customer", "0..1", insertable=False),
    nav("to_Supplier", "A_Supplier", "Supplier", "0..1", insertable=False),
    etag="ETag",
    can="CU",
)

_SUPPLIER = entity(
    "A_Supplier",
    """
    Supplier:S10:*UA AlternativePayeeAccountNumber:S10:UA AuthorizationGroup:S4:U CreatedByUser:S12:!U
    CreationDate:date:! Customer:S10:UA PaymentIsBlockedForSupplier:B PostingIsBlocked:B
    PurchasingIsBlocked:B SupplierAccountGroup:S4:U SupplierFullName:S220:!U SupplierName:S80:!
    VATRegistration:S20:U ConcatenatedInternationalLocNo:S20:! DeletionIndicator:B Industry:S4:!U
    InternationalLocationNumber1:S7:# InternationalLocationNumber2:S5:# InternationalLocationNumber3:S1:#
    IsNaturalPerson:S1:U SupplierCorporateGroup:S10:U SupplierProcurementBlock:S2:U TaxNumber1:S16:!U
    TaxNumber2:S11:!U TaxNumber3:S18:!U TaxNumber4:S18:!U TaxNumber5:S60:!U
    """,
    nav("to_SupplierCompany", "A_SupplierCompany", "Supplier"),
    nav("to_SupplierPurchasingOrg", "A_SupplierPurchasingOrg", "Supplier"),
    can="U",
)

_SUPPLIER_COMPANY = entity(
    "A_SupplierCompany",
    """
    Supplier:S10:*UA CompanyCode:S4:*U AuthorizationGroup:S4:U CompanyCodeName:S25:! PaymentBlockingReason:S1:U
    SupplierIsBlockedForPosting:B PaymentMethodsList:S10:U PaymentTerms:S4:U ClearCustomerSupplier:B
    IsToBeLocallyProcessed:B ItemIsToBePaidSeparately:B PaymentIsToBeSentByEDI:B HouseBank:S5:U
    CheckPaidDurationInDays:D3.0 Currency:S5:$ ReconciliationAccount:S10:UA SupplierHeadOffice:S10:UA
    AlternativePayee:S10:UA SupplierAccountNote:S30 DeletionIndicator:B IsToBeCheckedForDuplicates:B
    SupplierAccountGroup:S4:U
    """,
    nav("to_Supplier", "A_Supplier", "Supplier", "1", insertable=False),
    can="CU",
)

_SUPPLIER_PURCHASING_ORG = entity(
    "A_SupplierPurchasingOrg",
    """
    Supplier:S10:*UA PurchasingOrganization:S4:*U CalculationSchemaGroupCode:S2:U DeletionIndicator:B
    IncotermsClassification:S3:U IncotermsTransferLocation:S28 IncotermsVersion:S4:U IncotermsLocation1:S70
    IncotermsLocation2:S70 InvoiceIsGoodsReceiptBased:B MaterialPlannedDeliveryDurn:D3.0
    MinimumOrderAmount:D14.3::PurchaseOrderCurrency PaymentTerms:S4:U PricingDateControl:S1:U
    PurOrdAutoGenerationIsAllowed:B PurchaseOrderCurrency:S5:$ PurchasingGroup:S3:U
    PurchasingIsBlockedForSupplier:B ShippingCondition:S2:U SupplierABCClassificationCode:S1:U
    SupplierPhoneNumber:S16 SupplierRespSalesPersonName:S30 SupplierConfirmationControlKey:S4:U
    IsOrderAcknRqd:B AuthorizationGroup:S4:U SupplierAccountGroup:S4:U
    """,
    can="CU",
)

_ROLE = entity(
    "A_BusinessPartnerRole",
    """
    BusinessPartner:S10:*UA BusinessPartnerRole:S6:*U ValidFrom:dto0 ValidTo:dto0 AuthorizationGroup:S4:U
    """,
    can="CU",
)

_ADDRESS = entity(
    "A_BusinessPartnerAddress",
    """
    BusinessPartner:S10:*UA AddressID:S10:*UA ValidityStartDate:dto0 ValidityEndDate:dto0
    AuthorizationGroup:S4:U AddressUUID:guid:! AdditionalStreetPrefixName:S40 AddressTimeZone:S6:U
    CareOfName:S40 CityName:S40 Country:S3:U County:S40 District:S40 FullName:S80:! HouseNumber:S10 Language:S2
    POBox:S10:U POBoxPostalCode:S10:U PostalCode:S10:U PrfrdCommMediumType:S3:U Region:S3:U StreetName:S60
    StreetPrefixName:S40 StreetSuffixName:S40 TaxJurisdiction:S15:U TransportZone:S10:U
    AddressIDByExternalSystem:S20:U
    """,
    nav("to_EmailAddress", "A_AddressEmailAddress", "AddressID"),
    nav("to_PhoneNumber", "A_AddressPhoneNumber", "AddressID"),
    nav("to_URLAddress", "A_AddressHomePageURL", "AddressID"),
)

_EMAIL = entity(
    "A_AddressEmailAddress",
    """
    AddressID:S10:*UA Person:S10:*U OrdinalNumber:S3:*# IsDefaultEmailAddress:B EmailAddress:S241
    SearchEmailAddress:S20:U AddressCommunicationRemarkText:S50
    """,
)

_PHONE = entity(
    "A_AddressPhoneNumber",
    """
    AddressID:S10:*UA Person:S10:*U OrdinalNumber:S3:*# DestinationLocationCountry:S3:U IsDefaultPhoneNumber:B
    PhoneNumber:S30:U PhoneNumberExtension:S10:U InternationalPhoneNumber:S30:U PhoneNumberType:S1:U
    AddressCommunicationRemarkText:S50
    """,
)

_HOME_PAGE = entity(
    "A_AddressHomePageURL",
    """
    AddressID:S10:*UA Person:S10:*U OrdinalNumber:S3:*# ValidityStartDate:date:* IsDefaultURLAddress:B:*U
    SearchURLAddress:S50:U AddressCommunicationRemarkText:S50 WebsiteURL:S2048
    """,
)

_TAX = entity(
    "A_BusinessPartnerTaxNumber",
    """
    BusinessPartner:S10:*UA BPTaxType:S4:*U BPTaxNumber:S20:U BPTaxLongNumber:S60:U AuthorizationGroup:S4:U
    """,
)

_BANK = entity(
    "A_BusinessPartnerBank",
    """
    BusinessPartner:S10:*UA BankIdentification:S4:*U BankCountryKey:S3:U BankName:S60:! BankNumber:S15:U
    SWIFTCode:S11:!U BankControlKey:S2:U BankAccountHolderName:S60 BankAccountName:S40 ValidityStartDate:dto0
    ValidityEndDate:dto0 IBAN:S34:U IBANValidityStartDate:date BankAccount:S18:U BankAccountReferenceText:S20:U
    CollectionAuthInd:B CityName:S35:! AuthorizationGroup:S4:U
    """,
)

BUSINESS_PARTNER = Service.of(
    "API_BUSINESS_PARTNER",
    (
        _EMAIL,
        _PHONE,
        _HOME_PAGE,
        _PARTNER,
        _ADDRESS,
        _BANK,
        _ROLE,
        _TAX,
        _SUPPLIER,
        _SUPPLIER_COMPANY,
        _SUPPLIER_PURCHASING_ORG,
        CUSTOMER,
        CUSTOMER_COMPANY,
        CUSTOMER_SALES_AREA,
    ),
    "LO-MD-BP",
)
