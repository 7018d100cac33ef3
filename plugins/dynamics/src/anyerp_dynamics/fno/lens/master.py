"""Companies, sites and warehouses, terms of payment (dynamics sheet §1.3), and Microsoft's units of measure."""

from __future__ import annotations

from anyerp.lens import Derived, Join, Lens, Map, Nest, Rule, absent, integer, text
from anyerp.lens.codec import Codec
from anyerp.model import Company, Location, PaymentTerm, Unit

from anyerp_dynamics.fno.codec import SITE, company, place
from anyerp_dynamics.fno.country import country
from anyerp_dynamics.fno.unit import unit

NO_TIMES = "upstream: the data entity has no times of creation or change"
NO_LINK = "upstream: links to a record are made, and encrypted, inside the ERP only"
NO_EXTRA: tuple[Rule, ...] = (*absent(NO_LINK, "url"), *absent(NO_TIMES, "created_at", "updated_at"))
ETAG = Map("version", "@odata.etag", text(), read_only=True)

#: A company's id, in lower case as everywhere else: the same legal entity may be written in capitals here.
AREA = Codec("fno_area", decode=lambda value: value.lower() or None, native=str, memo=True)

COMPANY = Lens(Company, (
    Map("id", "LegalEntityId", AREA, read_only=True),
    Map("number", "LegalEntityId", AREA, read_only=True),
    ETAG,
    Map("name", "Name", text(100), read_only=True),
    Map("country", "AddressCountryRegionId", country(), read_only=True),
    Map("city", "AddressCity", text(60), read_only=True),
    Map("tax_number", "VATNum", text(20), read_only=True),
    *absent("upstream: the currency of the books is a setting of the ledger, which this data entity does not have",
            "currency"),
    *NO_EXTRA,
))  # fmt: skip


def _place_id(parts: tuple[str | None, str | None]) -> str | None:
    site, warehouse = parts
    return warehouse or (SITE + site if site else None)


def _place_number(parts: tuple[str | None, str | None]) -> str | None:
    site, warehouse = parts
    return warehouse or site or None


def _kind(warehouse: str | None) -> str:
    return "warehouse" if warehouse else "site"


#: Sites and warehouses are two sets of unlike fields: each place has those of its own.
LOCATION = Lens(Location, (
    Join("id", ("SiteId", "WarehouseId"), Codec("fno_place_id", decode=_place_id, native=(str, str)), read_only=True),
    Join("number", ("SiteId", "WarehouseId"), Codec("fno_place_number", decode=_place_number, native=(str, str)),
         read_only=True),
    ETAG,
    Join("name", ("SiteName", "WarehouseName"), Codec("fno_place_name", decode=_place_number, native=(str, str)),
         read_only=True),
    Derived("kind", _kind, native=(("WarehouseId", text(10)),)),
    Map("native_kind", "WarehouseType", text(30), read_only=True),
    Map("company", "dataAreaId", company(), read_only=True),
    Join("parent", ("OperationalSiteId", "@anyerp.none"), place(), read_only=True),
    Nest("address", (
        Map("street", "PrimaryAddressStreet", text(250), read_only=True),
        Map("city", "PrimaryAddressCity", text(60), read_only=True),
        Map("postal_code", "PrimaryAddressZipCode", text(10), read_only=True),
        Map("region", "PrimaryAddressStateId", text(10), read_only=True),
        Map("country", "PrimaryAddressCountryRegionId", country(), read_only=True),
        *absent("never: a place's address has no name of its own", "name"),
    )),
    *absent("never: sites and warehouses cannot be put out of use", "active"),
    *NO_EXTRA,
))  # fmt: skip


def _net_days(method: str | None, days: int | None, months: int | None) -> int | None:
    """Terms that count days from the invoice; others (months, end of a month, a day of it) are no number of days."""
    return days if method in (None, "Net", "COD") and not months else None


PAYMENT_TERM = Lens(PaymentTerm, (
    Map("id", "Name", text(10), read_only=True),
    Map("number", "Name", text(10), read_only=True),
    ETAG,
    Map("name", "Name", text(10), read_only=True),
    Map("description", "Description", text(60), read_only=True),
    Derived("net_days", _net_days, native=(
        ("PaymentMethodType", text(20)), ("NumberOfDays", integer()), ("NumberOfMonths", integer()))),
    Map("extra.PaymentMethodType", "PaymentMethodType", text(20), read_only=True),
    Map("extra.NumberOfMonths", "NumberOfMonths", integer(), read_only=True),
    *absent("never: discounts for early payment are terms of their own, which an order names beside these",
            "discount_days", "discount_percent"),
    *absent("never: terms of payment cannot be put out of use", "active"),
    *NO_EXTRA,
))  # fmt: skip

UNIT = Lens(Unit, (
    Map("id", "UnitSymbol", text(10), read_only=True),
    Map("number", "UnitSymbol", text(10), create_only=True),
    ETAG,
    Map("name", "UnitDescription", text(60, empty="")),
    Map("symbol", "UnitSymbol", text(10), read_only=True),
    Map("code", "UnitSymbol", unit(), read_only=True),
    # One of an enumeration that nobody has published; a new unit counts (`Quantity`).
    Map("dimension", "UnitClass", text(30), read_only=True),
    Map("extra.DecimalPrecision", "DecimalPrecision", integer(0, 15)),
    Map("extra.IsBaseUnit", "IsBaseUnit", text(3), read_only=True),
    *absent("upstream: conversions are a set of their own, from unit to unit", "factor"),
    *absent("never: units cannot be put out of use", "active"),
    *NO_EXTRA,
))  # fmt: skip
