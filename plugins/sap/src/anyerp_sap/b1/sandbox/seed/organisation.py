"""Branches, warehouses, bins, units, terms, taxes, accounts, currencies."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from anyerp_sap.b1.sandbox.rules import master
from anyerp_sap.b1.sandbox.world import World

#: When the company was set up.
START = datetime(2024, 1, 8, 7, 30, tzinfo=UTC)

#: Local currency per one of the other; there is none for CHF (`-4006` until a document brings its own).
RATES = {"USD": "0.92", "JPY": "0.0061", "KWD": "2.98", "TND": "0.296", "GBP": "1.17"}

_CURRENCIES = (
    ("EUR", "Euro", "cdDefault"),
    ("USD", "US Dollar", "cdDefault"),
    ("JPY", "Japanese Yen", "cdWithoutDecimals"),
    ("KWD", "Kuwaiti Dinar", "cd3Digits"),
    ("TND", "Tunisian Dinar", "cd3Digits"),
    ("GBP", "British Pound", "cdDefault"),
    ("CHF", "Swiss Franc", "cdDefault"),
)
_BRANCHES = (
    ("Ateliers Lumière Lyon", "FR40303265045", "Lyon", "FR", "tYES", "tNO"),
    ("Lumière Tunisie SARL", "TN1234567A", "Sfax", "TN", "tNO", "tNO"),
    ("Łódź Oświetlenie", "PL5260001246", "Łódź", "PL", "tNO", "tNO"),
    ("Ancien dépôt", "FR00000000000", "Givors", "FR", "tNO", "tYES"),
)
_WAREHOUSES: tuple[dict[str, Any], ...] = (
    {"WarehouseCode": "01", "WarehouseName": "Magasin central", "City": "Lyon", "Country": "FR", "BusinessPlaceID": 1},
    {
        "WarehouseCode": "02",
        "WarehouseName": "Atelier",
        "City": "Lyon",
        "Country": "FR",
        "BusinessPlaceID": 1,
        "EnableBinLocations": "tYES",
    },
    {"WarehouseCode": "SFX", "WarehouseName": "Sfax مستودع", "City": "Sfax", "Country": "TN", "BusinessPlaceID": 2},
    {"WarehouseCode": "LDZ", "WarehouseName": "Łódź", "City": "Łódź", "Country": "PL", "BusinessPlaceID": 3},
    {"WarehouseCode": "DS", "WarehouseName": "Drop ship", "Country": "FR", "BusinessPlaceID": 1, "DropShip": "tYES"},
    {"WarehouseCode": "99", "WarehouseName": "Fermé", "Country": "FR", "BusinessPlaceID": 1, "Inactive": "tYES"},
)
_UNITS = (
    ("PC", "Piece", "C62"),
    ("BOX12", "Box of 12", "BX"),
    ("PAL", "Pallet of 480", "PF"),
    ("KG", "Kilogram", "KGM"),
    ("L", "Litre", "LTR"),
    ("M", "Metre", "MTR"),
    ("HUR", "Hour", "HUR"),
)
_TERMS = (("Net 30", 0, 30), ("45 fin de mois", 1, 15), ("Immediate", 0, 0), ("60 days", 2, 0))
_TAXES = (
    ("C20", "TVA déductible 20 %", "bovcInputTax", (("20140101", "20"),)),
    ("C55", "TVA déductible 5,5 %", "bovcInputTax", (("20140101", "5.5"),)),
    ("C0", "Exonéré", "bovcInputTax", (("20140101", "0"),)),
    ("D20", "TVA collectée 20 %", "bovcOutputTax", (("20120101", "19.6"), ("20140101", "20"))),
)
_ACCOUNTS = (
    ("401100", "Fournisseurs", "at_Other"),
    ("411100", "Clients", "at_Other"),
    ("606100", "Énergie et eau", "at_Expenses"),
    ("611000", "Sous-traitance générale", "at_Expenses"),
    ("615500", "Entretien et réparations", "at_Expenses"),
    ("701000", "Ventes de produits finis", "at_Revenues"),
)


def seed_organisation(world: World) -> None:
    """Everything that documents, items and partners point to."""
    world.rates.update({code: Decimal(rate) for code, rate in RATES.items()})
    with world.at(START):
        for code, name, decimals in _CURRENCIES:
            _add(world, "Currencies", Code=code, Name=name, DocumentsCode=code, EnglishName=name, Decimals=decimals)
        for name, vat, city, country, main, disabled in _BRANCHES:
            place = {"VATRegNum": vat, "City": city, "Country": country, "MainBPL": main, "Disabled": disabled}
            _add(world, "BusinessPlaces", BPLName=name, **place)
        for warehouse in _WAREHOUSES:
            _add(world, "Warehouses", **warehouse)
        for row, shelf in (("A", "1"), ("A", "2"), ("B", "1")):
            _add(world, "BinLocations", Warehouse="02", Sublevel1=row, Sublevel2=shelf)
        for code, name, symbol in _UNITS:
            _add(world, "UnitOfMeasurements", Code=code, Name=name, InternationalSymbol=symbol)
        pieces = [{"AlternateUoM": unit, "AlternateQuantity": 1, "BaseQuantity": size} for unit, size in _PACKS]
        _add(
            world,
            "UnitOfMeasurementGroups",
            Code="PIECES",
            Name="Pieces",
            BaseUoM=1,
            UoMGroupDefinitionCollection=pieces,
        )
        metres = [{"AlternateUoM": 6, "AlternateQuantity": 1, "BaseQuantity": 1}]
        _add(
            world,
            "UnitOfMeasurementGroups",
            Code="LENGTH",
            Name="Length",
            BaseUoM=6,
            UoMGroupDefinitionCollection=metres,
        )
        for name, months, days in _TERMS:
            terms = {"NumberOfAdditionalMonths": months, "NumberOfAdditionalDays": days}
            _add(world, "PaymentTermsTypes", PaymentTermsGroupName=name, **terms)
        for code, name, category, rates in _TAXES:
            lines = [{"Effectivefrom": day, "Rate": rate} for day, rate in rates]
            _add(world, "VatGroups", Code=code, Name=name, Category=category, VatGroups_Lines=lines)
        for code, name, kind in _ACCOUNTS:
            _add(world, "ChartOfAccounts", Code=code, Name=name, AccountType=kind, FormatCode=code)


#: Unit and how many pieces it holds.
_PACKS = ((1, 1), (2, 12), (3, 480))


def _add(world: World, entity_set: str, **values: Any) -> None:
    master.create(world, entity_set, values)
