"""Companies, places, currencies, units and the other lists that documents refer to."""

from __future__ import annotations

from anyerp_netsuite.sandbox.field import (
    RecordType,
    Shape,
    boolean,
    enum,
    instant,
    integer,
    multiselect,
    number,
    quantity,
    ref,
    sublist,
    subrecord,
    text,
)
from anyerp_netsuite.sandbox.schema.common import COUNTRIES, address

_EXTERNAL = text("externalId", 255)
_INACTIVE = boolean("isInactive")
_MODIFIED = instant("lastModifiedDate", read_only=True)
_FULL_NAME = text("fullName", read_only=True)

SUBSIDIARY = RecordType(
    "subsidiary",
    "Subsidiary",
    Shape(
        "subsidiary",
        _EXTERNAL,
        _MODIFIED,
        text("name", 83, required=True),
        _FULL_NAME,
        text("legalName", 83),
        ref("parent", "subsidiary"),
        ref("currency", required=True),
        enum("country", COUNTRIES),
        text("state", 30),
        text("federalIdNumber", 20),
        text("email", 254),
        text("url", 100),
        text("tranPrefix", 8),
        _INACTIVE,
        boolean("isElimination"),
        subrecord("mainAddress", address("subsidiary-mainAddress")),
        subrecord("shippingAddress", address("subsidiary-shippingAddress")),
    ),
)
LOCATION = RecordType(
    "location",
    "Location",
    Shape(
        "location",
        _EXTERNAL,
        _MODIFIED,
        text("name", 31, required=True),
        _FULL_NAME,
        ref("parent", "location"),
        multiselect("subsidiary", "subsidiary"),
        _INACTIVE,
        boolean("makeInventoryAvailable"),
        boolean("useBins"),
        enum("locationType", {"1": "Store", "2": "Warehouse"}),
        enum("timeZone", {"America/New_York": "Eastern", "Europe/Berlin": "Berlin", "Asia/Tokyo": "Tokyo"}),
        text("tranPrefix", 8),
        subrecord("mainAddress", address("location-mainAddress")),
    ),
)
CURRENCY = RecordType(
    "currency",
    "Currency",
    Shape(
        "currency",
        _EXTERNAL,
        _MODIFIED,
        text("name", 50, required=True),
        text("symbol", 3),
        text("displaySymbol", 8),
        integer("currencyPrecision"),
        number("exchangeRate"),
        boolean("isBaseCurrency", read_only=True),
        _INACTIVE,
    ),
)
TERM = RecordType(
    "term",
    "Term",
    Shape(
        "term",
        _EXTERNAL,
        _MODIFIED,
        text("name", 30, required=True),
        integer("daysUntilNetDue"),
        integer("daysUntilExpiry"),
        quantity("discountPercent"),
        integer("dayOfMonthNetDue"),
        boolean("preferred"),
        _INACTIVE,
    ),
)
ACCOUNT = RecordType(
    "account",
    "Account",
    Shape(
        "account",
        _EXTERNAL,
        _MODIFIED,
        text("acctNumber", 60),
        text("acctName", 60, required=True),
        _FULL_NAME,
        enum(
            "acctType",
            {n: n for n in ("Bank", "AcctPay", "AcctRec", "OthCurrAsset", "COGS", "Expense", "Income", "OthCurrLiab")},
        ),
        text("description", 999),
        ref("currency"),
        ref("parent", "account"),
        multiselect("subsidiary", "subsidiary"),
        _INACTIVE,
        boolean("isSummary"),
    ),
    shown="fullName",
)
UNITS_TYPE = RecordType(
    "unitsType",
    "Units Type",
    Shape(
        "unitsType",
        _EXTERNAL,
        _MODIFIED,
        text("name", 60, required=True),
        _INACTIVE,
        sublist(
            "uom",
            Shape(
                "unitsType-uomElement",
                integer("internalId"),
                text("unitName", 60),
                text("pluralName", 60),
                text("abbreviation", 30),
                text("pluralAbbreviation", 30),
                quantity("conversionRate"),
                boolean("baseUnit"),
                key=("internalId",),
            ),
        ),
    ),
)


def _named(name: str, label: str) -> RecordType:
    shape = Shape(name, _EXTERNAL, _MODIFIED, text("name", 60, required=True), ref("parent", name), _INACTIVE)
    return RecordType(name, label, shape)


DEPARTMENT = _named("department", "Department")
CLASSIFICATION = _named("classification", "Class")
