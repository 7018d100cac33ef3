"""Companies of the seed, with their master data written through the same rules as any other request."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from ...odata import Row
from ..posting import ledger
from ..schema import BLANK, SCHEMA, encode
from ..store import Company, Journal
from ..writing import create
from . import master
from .master import records

_SPACE = UUID("5d6f2a0e-47a5-4d3f-9c55-0a8f3c7b6e10")
_SERIES = {
    "P-ORD": 106_000, "P-INV": 107_000, "P-INV+": 108_000, "P-RCPT": 107_000, "S-ORD": 101_000, "S-SHPT": 102_000,
    "VEND": 1_000_000, "CUST": 2_000_000, "ITEM": 70_000, "ILE": 0,
}  # fmt: skip


def company_row(name: str, display: str, version: int) -> Row:
    """The row of a company in `companies` (dynamics sheet §2.1, seen)."""
    born, platform = datetime(2026, 1, 1, 8, 0, 0, 610000, UTC), "00000000-0000-0000-0000-000000000001"
    return {
        "id": str(uuid5(_SPACE, name)),
        "systemVersion": "27.0.38460.39010",
        "timestamp": version,
        "name": name,
        "displayName": display,
        "businessProfileId": "",
        "systemCreatedAt": born,
        "systemCreatedBy": platform,
        "systemModifiedAt": born,
        "systemModifiedBy": platform,
        "$version": version,
    }


def empty_company(row: Row, currency: str, journal: Journal) -> Company:
    """A company with its set-up and nothing else."""
    currencies = records(master.CURRENCIES)
    worth = {code: Decimal(rate) for code, _, _, _, rate in currencies}
    company = Company(
        id=row["id"],
        name=row["name"],
        currency=currency,
        journal=journal,
        rates={code: rate / worth[currency] for code, rate in worth.items()},
        places={code: int(places) for code, _, _, places, _ in currencies},
        charges={"P-FREIGHT": "Freight of purchases"},
        series=dict(_SERIES),
        sales_tax=currency == "USD",
    )
    setup = company.new("generalLedgerSetup", localCurrencyCode=currency, allowQueryFromConsolidation=False)
    company.put(
        "generalLedgerSetup", setup | {"shortcutDimension1Code": "DEPARTMENT", "shortcutDimension2Code": "AREA"}
    )
    company.put("companyInformation", company.new("companyInformation", displayName=row["name"], currencyCode=currency))
    return company


def _add(company: Company, name: str, **body: Any) -> Row:
    return create(company, SCHEMA.sets[name], body)


def _raw(company: Company, name: str, **values: Any) -> Row:
    return company.put(name, company.new(name, **values))


def fill(company: Company) -> None:
    """Write the master data."""
    for code, label, standard in records(master.UNITS, None):
        _add(company, "unitsOfMeasure", code=code, displayName=label, internationalStandardCode=standard)
    for code, label, due, discount, percent in records(master.PAYMENT_TERMS):
        _add(
            company, "paymentTerms", code=code, displayName=label, dueDateCalculation=due,
            discountDateCalculation=discount, discountPercent=Decimal(percent),
        )  # fmt: skip
    for name, table in (("paymentMethods", master.PAYMENT_METHODS), ("shipmentMethods", master.SHIPMENT_METHODS)):
        for code, label in records(table):
            _add(company, name, code=code, displayName=label)
    for code, label, symbol, places, _ in records(master.CURRENCIES):
        if code != company.currency:
            precision = Decimal(1).scaleb(-int(places))
            _add(
                company, "currencies", code=code, displayName=label, symbol=symbol,
                amountDecimalPlaces=f"{places}:{places}", amountRoundingPrecision=precision,
            )  # fmt: skip
    for code, label, percent in records(master.TAX_GROUPS):
        kind = encode("Sales Tax") if company.sales_tax else "VAT"
        _raw(company, "taxGroups", code=code, displayName=label, taxType=kind)
        company.taxes[code] = Decimal(percent)
    for code, label in records(master.ITEM_CATEGORIES):
        _add(company, "itemCategories", code=code, displayName=label)
    for number, label, category, kind in records(master.ACCOUNTS):
        _raw(
            company, "accounts", number=number, displayName=label, category=category, accountType=kind,
            directPosting=kind == "Posting" and number != "22100",
        )  # fmt: skip
    for code, label, street, city, state, postal, country in records(master.LOCATIONS):
        _add(
            company, "locations", code=code, displayName=label, addressLine1=street, city=city, state=state,
            postalCode=postal, country=country,
        )  # fmt: skip
    _dimensions(company)
    _parties(company)
    _items(company)


def _dimensions(company: Company) -> None:
    for code, label in records(master.DIMENSIONS):
        _raw(company, "dimensions", code=code, displayName=label)
    for dimension, code, label in records(master.DIMENSION_VALUES):
        parent = company.find("dimensions", code=dimension)
        _raw(company, "dimensionValues", code=code, displayName=label, dimensionId=parent["id"] if parent else "")


def _parties(company: Company) -> None:
    for number, label, street, city, country, postal, currency, terms, liable, blocked in records(master.VENDORS):
        found = company.find("paymentTerms", code=terms)
        _add(
            company, "vendors", number=number, displayName=label, addressLine1=street, city=city, country=country,
            postalCode=postal, currencyCode=currency, paymentTermsId=found["id"] if found else None,
            taxLiable=liable == "yes", blocked=blocked, email=f"sales@{number}.example",
        )  # fmt: skip
    for number, label, kind, street, city, country, postal, currency, terms, blocked in records(master.CUSTOMERS):
        found = company.find("paymentTerms", code=terms)
        _add(
            company, "customers", number=number, displayName=label, type=kind, addressLine1=street, city=city,
            country=country, postalCode=postal, currencyCode=currency, paymentTermsId=found["id"] if found else None,
            blocked=blocked, email=f"orders@{number}.example",
        )  # fmt: skip


def _items(company: Company) -> None:
    worth = company.rates["USD"]
    for number, label, kind, category, unit, more, cost, price, tax, stock, blocked in records(master.ITEMS):
        item = _add(
            company, "items", number=number, displayName=label, type=kind, itemCategoryCode=category,
            baseUnitOfMeasureCode=unit, unitCost=Decimal(cost), unitPrice=Decimal(price) * worth, taxGroupCode=tax,
            blocked=blocked == "yes",
        )  # fmt: skip
        units = {unit: Decimal(1)}
        units |= {name: Decimal(factor) for name, _, factor in (part.partition(":") for part in more.split()) if name}
        quantity = Decimal(stock)
        if quantity:
            entry = encode("Positive Adjmt.")
            ledger(company, item, quantity, entryType=entry, documentNumber="START", documentType=BLANK)
        company.put("items", {**item, "$units": units, "inventory": quantity})
    for number, code, label in records(master.VARIANTS):
        _add(company, "itemVariants", itemNumber=number, code=code, description=label)
