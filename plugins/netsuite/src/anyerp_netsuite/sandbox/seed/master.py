"""Companies, places, currencies, units, parties and items of the sample account."""

from __future__ import annotations

from decimal import Decimal as D  # noqa: N817

from anyerp_netsuite.sandbox.field import Values
from anyerp_netsuite.sandbox.seed.common import add, address, to
from anyerp_netsuite.sandbox.store import Stock, Store

LISTS = {
    "incoterm": {"1": "FOB", "2": "DAP", "3": "EXW"},
    "customform": {"225": "Standard Purchase Order"},
    "address": {"1279883": "1 Industrial Road"},
    "customlist_po_type": {"1": "Project", "2": "Stock"},
    "vendorcategory": {"1": "Supplier", "2": "Subcontractor"},
    "bin": {"1": "A-01"},
    "inventorynumber": {},
    "purchaserequisition": {},
    "salestaxitem": {"901": "VAT 19 %"},
    "taxschedule": {"1": "Taxable"},
}


def sow(store: Store) -> None:
    """Everything documents refer to."""
    store.lists = {name: dict(entries) for name, entries in LISTS.items()}
    _currencies(store)
    _companies(store)
    _dimensions(store)
    _units(store)
    _vendors(store)
    _others(store)
    _items(store)


def _currencies(store: Store) -> None:
    for id, name, code, sign, decimals, rate in (
        (1, "US Dollar", "USD", "$", 2, "1"),
        (2, "British Pound", "GBP", "£", 2, "1.27"),
        (4, "Euro", "EUR", "€", 2, "1.08"),
        (5, "Japanese Yen", "JPY", "¥", 0, "0.0067"),
        (6, "Kuwaiti Dinar", "KWD", "KD", 3, "3.25"),
        (7, "Tunisian Dinar", "TND", "DT", 3, "0.32"),
    ):
        values: Values = {"name": name, "symbol": code, "displaySymbol": sign, "exchangeRate": D(rate)}
        add(store, "currency", id, currencyPrecision=decimals, isBaseCurrency=id == 1, **values)


def _companies(store: Store) -> None:
    for id, parent, name, legal, currency, where in (
        (
            1,
            0,
            "Example Manufacturing Inc",
            "Example Manufacturing, Inc.",
            1,
            ("9 Plant Road", "Springfield", "12345", "US", "TX"),
        ),
        (2, 1, "Example Europe GmbH", "Example Europe GmbH", 4, ("Hafenstraße 7", "Köln", "50668", "DE")),
        (3, 1, "Example Japan KK", "例示製造株式会社", 5, ("大手町1-1", "千代田区", "100-0004", "JP", "東京都")),
        (4, 1, "Example Gulf WLL", "Example Gulf W.L.L.", 6, ("Shuwaikh Industrial 3", "Kuwait City", "70000", "KW")),
        (5, 2, "Example Tunisie SARL", "Example Tunisie SARL", 7, ("12 rue de la Kasbah", "Sfax", "3000", "TN")),
    ):
        more = {"parent": to("subsidiary", parent)} if parent else {}
        home = address(name, *where)
        add(
            store,
            "subsidiary",
            id,
            name=name,
            legalName=legal,
            currency=to("currency", currency),
            country=where[3],
            mainAddress=home,
            **more,
        )
    for id, name, company, where in (
        (1, "Main Warehouse", 1, ("2 Depot Street", "Springfield", "12345", "US", "TX")),
        (2, "East Depot", 1, ("88 Harbor Way", "Newark", "07102", "US", "NJ")),
        (3, "Werk Köln", 2, ("Hafenstraße 7", "Köln", "50668", "DE")),
        (4, "東京倉庫", 3, ("有明3-1", "江東区", "135-0063", "JP", "東京都")),
        (5, "Kuwait Depot", 4, ("Shuwaikh Port 1", "Kuwait City", "70000", "KW")),
        (6, "Entrepôt Sfax", 5, ("Zone Poudrière 2", "Sfax", "3002", "TN")),
        (7, "Old Mill (closed)", 1, ("1 Mill Lane", "Springfield", "12345", "US", "TX")),
    ):
        place = address(name, *where, addrPhone="5550100")
        companies = [to("subsidiary", company)]
        add(
            store,
            "location",
            id,
            name=name,
            subsidiary=companies,
            mainAddress=place,
            isInactive=id == 7,
            makeInventoryAvailable=True,
        )


def _dimensions(store: Store) -> None:
    for id, name in ((1, "Operations"), (2, "Maintenance"), (3, "Purchasing")):
        add(store, "department", id, name=name)
    for id, name in ((15, "Hardware"), (16, "Drives"), (17, "Services")):
        add(store, "classification", id, name=name)
    for id, name, days in ((1, "Net 15", 15), (2, "Net 30", 30), (3, "Net 60", 60), (4, "Due on receipt", 0)):
        add(store, "term", id, name=name, daysUntilNetDue=days)
    add(store, "term", 5, name="1% 10 Net 30", daysUntilNetDue=30, daysUntilExpiry=10, discountPercent=D(1))
    for id, code, name, kind in (
        (111, "2000", "Accounts Payable", "AcctPay"),
        (112, "1200", "Accounts Receivable", "AcctRec"),
        (113, "1400", "Inventory", "OthCurrAsset"),
        (114, "5000", "Cost of Goods Sold", "COGS"),
        (115, "6100", "Freight & Duty", "Expense"),
        (116, "6200", "Maintenance Services", "Expense"),
        (117, "4000", "Sales", "Income"),
    ):
        add(store, "account", id, acctNumber=code, acctName=name, acctType=kind)
    for id, first, last, place in ((3, "Ada", "Admin", 1), (159, "Sam", "Buyer", 3), (160, "Zoë", "Approver", 3)):
        company, department = to("subsidiary", 1), to("department", place)
        add(store, "employee", id, firstName=first, lastName=last, subsidiary=company, department=department)
    store.get("employee", "3").locked = "Only an administrator may edit an administrator record."


def _units(store: Store) -> None:
    kinds = {
        (1, "Count"): (
            (1, "Each", "ea", "1"),
            (18, "Hundred", "C", "100"),
            (19, "Thousand", "M", "1000"),
            (20, "Dozen", "dz", "12"),
        ),
        (2, "Length"): ((4, "Metre", "m", "1"), (5, "Reel of 305 m", "reel", "305")),
        (3, "Weight"): ((7, "Kilogram", "kg", "1"), (8, "Tonne", "t", "1000"), (9, "Pound", "lb", "0.45359237")),
        (4, "Volume"): ((10, "Litre", "L", "1"), (11, "Drum of 208 L", "drum", "208")),
        (5, "Time"): ((13, "Hour", "h", "1"), (14, "Day", "d", "8")),
    }
    for (id, name), units in kinds.items():
        uom = [
            {
                "internalId": key,
                "unitName": unit,
                "pluralName": unit,
                "abbreviation": short,
                "pluralAbbreviation": short,
                "conversionRate": D(rate),
                "baseUnit": rate == "1",
            }
            for key, unit, short, rate in units
        ]
        record = add(store, "unitstype", id, name=name)
        record.values["uom"] = uom  # these ids are the account's own, not numbered per list


def _vendors(store: Store) -> None:
    for id, company, home, currency, more_currencies, terms, where in (
        (1722, "Acme Fasteners Inc", 1, 1, (), 2, ("1 Industrial Road", "Springfield", "12345", "US", "TX")),
        (1723, "Müller & Söhne Schrauben GmbH", 2, 4, (), 3, ("Industrieweg 5", "Nürnberg", "90402", "DE")),
        (1724, "株式会社山田ベアリング", 3, 5, (), 2, ("中央2-4-1", "大阪市", "540-0001", "JP", "大阪府")),
        (1725, "شركة الخليج للأنابيب", 4, 6, (), 1, ("Ahmadi 11", "Ahmadi", "61000", "KW")),
        (1726, "Société Générale d'Outillage", 5, 7, (4,), 2, ("4 avenue Habib Bourguiba", "Sfax", "3000", "TN")),
        (1727, "Ångström Drives AB", 1, 4, (1,), 5, ("Kungsgatan 1", "Göteborg", "411 19", "SE")),
        (1728, "Dormant Supplies Ltd", 1, 2, (), 2, ("3 Old Street", "London", "EC1V 9HL", "GB")),
    ):
        number = id - 721
        book = [
            {
                "label": where[0],
                "defaultBilling": True,
                "defaultShipping": True,
                "addressBookAddress": address(company, *where, addrPhone="5550100"),
            }
        ]
        record = add(
            store,
            "vendor",
            id,
            entityId=f"V-{number}",
            companyName=company,
            legalName=company,
            email=f"orders@v{number}.example",
            phone="+1 555 0100",
            subsidiary=to("subsidiary", home),
            currency=to("currency", currency),
            currencyList=[{"currency": to("currency", one)} for one in more_currencies],
            terms=to("term", terms),
            category=to("vendorcategory", 1),
            addressBook=book,
            isInactive=id == 1728,
            externalId=f"ERP-V-{number}",
        )
        if id == 1727:
            record.values["_subsidiaries"] = [to("subsidiary", 2)]
    add(
        store,
        "vendor",
        1729,
        entityId="V-1008",
        isPerson=True,
        firstName="Jean-Luc",
        lastName="O'Neil",
        subsidiary=to("subsidiary", 1),
        currency=to("currency", 1),
    )


def _others(store: Store) -> None:
    for id, company, currency in ((1801, "Bridgeworks LLC", 1), (1802, "Œuvres & Fils SA", 4)):
        home = to("subsidiary", 1)
        add(
            store,
            "customer",
            id,
            entityId=f"C-{id - 1700}",
            companyName=company,
            subsidiary=home,
            currency=to("currency", currency),
        )


def _items(store: Store) -> None:
    rows: tuple[tuple[str, int, str, str, int, str, str, str, Values], ...] = (
        (
            "inventoryitem",
            84,
            "BOLT-M8",
            "Bolt M8x40\nzinc plated",
            1,
            "1",
            "1",
            "0.118",
            {"custitem_hs_code": "73181595"},
        ),
        ("inventoryitem", 85, "GEARBOX", "Gearbox 1:20", 1, "1", "1", "139.5", {"leadTime": 14}),
        ("inventoryitem", 87, "CABLE-5G", "Cable 5G2.5, per reel", 2, "5", "4", "420", {}),
        ("inventoryitem", 88, "WASHER-M8", "Washer M8, priced per hundred", 1, "18", "1", "1.95", {}),
        (
            "lotnumberedinventoryitem",
            86,
            "SEAL-KIT",
            "Seal kit, lot controlled",
            1,
            "1",
            "1",
            "12.25",
            {"isLotItem": True},
        ),
        ("inventoryitem", 89, "BEARING-6204", "深溝玉軸受 6204", 1, "1", "1", "310", {}),
        ("inventoryitem", 90, "STEEL-ROD", "Steel rod Ø20, by weight", 3, "8", "7", "980.125", {}),
        ("assemblyitem", 91, "PUMP-SET", "Pump set, assembled", 1, "1", "1", "890", {}),
        ("noninventorypurchaseitem", 92, "OIL-46", "Hydraulic oil ISO 46", 4, "11", "10", "612.4", {}),
        ("servicepurchaseitem", 93, "INSTALL", "Installation by the hour", 5, "13", "13", "85", {}),
        ("otherchargepurchaseitem", 94, "FREIGHT", "Freight", 0, "", "", "0", {}),
        ("inventoryitem", 95, "OLD-VALVE", "Valve, discontinued", 1, "1", "1", "5", {"isInactive": True}),
    )
    for kind, id, code, text, units, bought, kept, cost, more in rows:
        counted = (
            {"unitsType": to("unitstype", units), "purchaseUnit": bought, "stockUnit": kept, "saleUnit": kept}
            if units
            else {}
        )
        offers = [
            {
                "vendor": to("vendor", 1722),
                "purchasePrice": D(cost),
                "vendorCode": f"ACME-{code}",
                "preferredVendor": True,
            }
        ]
        values: Values = {
            "itemId": code,
            "displayName": text.split("\n")[0][:60],
            "purchaseDescription": text,
            "salesDescription": text,
            "cost": D(cost),
            "vendorName": f"ACME-{code}",
            "class": to("classification", 17 if kind == "servicepurchaseitem" else 15),
            "leadTime": 14,
            **counted,
            **more,
        }
        if id in (84, 85):
            values["itemVendor"] = offers
        if kind in ("inventoryitem", "lotnumberedinventoryitem", "assemblyitem"):
            values["averageCost"] = D(cost)
        add(store, kind, id, **values)
    for item, place, amount in (
        (84, 1, "29"),
        (85, 1, "29"),
        (84, 2, "1200"),
        (87, 3, "915"),
        (89, 4, "64"),
        (90, 5, "2500.5"),
    ):
        store.stock[str(item), str(place)] = Stock(D(amount))
