"""Master data that is read: companies, locations, units, payment terms (netsuite sheet §4)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, absent, choice, decimal, iso_instant, text
from anyerp.model import Company, Location, PaymentTerm, Unit

from anyerp_netsuite.codec import in_use, key, whole
from anyerp_netsuite.lens.common import STAMPS, address, ref
from anyerp_netsuite.suiteql import Table, address_columns
from anyerp_netsuite.units import unit

_NO_CREATION = absent("upstream: lists of this kind keep no moment of creation", "created_at")
_NO_NUMBER = absent("never: it has a name only, no number", "number")
_CURRENCY = {"currency/symbol": "c.symbol"}

COMPANY = Lens(Company, (
    *STAMPS,
    Map("name", "name", text(83), read_only=True),
    Map("currency", "currency/symbol", text(3), read_only=True),
    Map("country", "country/id", text(2), read_only=True),
    Map("city", "mainAddress/city", text(50), read_only=True),
    Map("tax_number", "federalIdNumber", text(20), read_only=True),
    *_NO_NUMBER,
    *_NO_CREATION,
))  # fmt: skip
COMPANIES = Table(
    source="subsidiary s",
    joins={
        "c": "LEFT JOIN currency c ON c.id = s.currency",
        "m": "LEFT JOIN subsidiarymainaddress m ON m.nkey = s.mainaddress",
    },
    id="s.id",
    alias="s",
    changed="s.lastmodifieddate",
    link="common/otherlists/subsidiarytype.nl",
    records=("subsidiary",),
    columns={**_CURRENCY, "mainAddress/city": "m.city"},
)

LOCATION = Lens(Location, (
    *STAMPS,
    Map("name", "name", text(31), read_only=True),
    Map("kind", "locationType/id", choice({"2": "warehouse"}, also={"1": "site"}, otherwise="other"), read_only=True),
    Map("native_kind", "locationType/refName", text(30), read_only=True),
    # A location may serve several subsidiaries: then it belongs to none.
    ref("company", "only", name=None, read_only=True),
    ref("parent", "parent", read_only=True),
    address("address", "mainAddress", read_only=True),
    Map("active", "isInactive", in_use(), read_only=True),
    *_NO_NUMBER,
    *_NO_CREATION,
))  # fmt: skip
LOCATIONS = Table(
    source="location l",
    joins={"m": "LEFT JOIN locationmainaddress m ON m.nkey = l.mainaddress"},
    id="l.id",
    alias="l",
    changed="l.lastmodifieddate",
    link="common/otherlists/locationtype.nl",
    records=("location",),
    columns={
        "only/id": "CASE WHEN l.subsidiary NOT LIKE '%,%' THEN l.subsidiary END",
        **address_columns("mainAddress", "m"),
    },
)

PAYMENT_TERM = Lens(PaymentTerm, (
    *STAMPS,
    Map("name", "name", text(30), read_only=True),
    Map("net_days", "daysUntilNetDue", whole(0, 36500), read_only=True),
    Map("discount_days", "daysUntilExpiry", whole(0, 36500), read_only=True),
    Map("discount_percent", "discountPercent", decimal(15, 5), read_only=True),
    Map("active", "isInactive", in_use(), read_only=True),
    *absent("never: a term is its name and its days", "description"),
    *_NO_NUMBER,
    *_NO_CREATION,
))  # fmt: skip
PAYMENT_TERMS = Table(
    source="term p",
    id="p.id",
    alias="p",
    changed="p.lastmodifieddate",
    link="common/otherlists/termtype.nl",
    records=("term",),
)

UNIT = Lens(Unit, (
    Map("id", "id", key(), read_only=True),
    Map("updated_at", "changed", iso_instant(1_000_000), read_only=True),
    Map("name", "unitName", text(60), read_only=True),
    Map("symbol", "abbreviation", text(30), read_only=True),
    Map("code", "code", unit(), read_only=True),
    Map("dimension", "unitsType/refName", text(60), read_only=True),
    Map("factor", "conversionRate", decimal(15, 10), read_only=True),
    Map("active", "isInactive", in_use(), read_only=True),
    *absent("never: a unit is a line of its unit type, which has the stamps", "created_at", "version"),
    *absent("never: a unit has no page of its own", "url"),
    *_NO_NUMBER,
))  # fmt: skip
UNITS = Table(
    source="unitstypeuom u JOIN unitstype k ON k.id = u.unitstype",
    id="u.internalid",
    alias="u",
    changed="k.lastmodifieddate",
    columns={
        "id": "u.internalid",
        "changed": "k.lastmodifieddate",
        "code": "u.unitname",
        "isInactive": "k.isinactive",
    },
)
