"""Companies (branches), locations, units and payment terms (sap sheet §13)."""

from __future__ import annotations

from anyerp.kits.custom import custom
from anyerp.lens import Absent, Codec, Derived, Join, Lens, Map, Nest, absent, text
from anyerp.model import Company, Location, PaymentTerm, Ref, Unit

from anyerp_sap.b1.codec import country, currency, key, number_reference, street, yes_no
from anyerp_sap.b1.lens.partner import NO_UI
from anyerp_sap.b1.record import CURRENCY, CUSTOM_FIELDS
from anyerp_sap.b1.unit import code_of, symbol_code

_NO_STAMP = absent("upstream: this object has neither stamps nor etag", "version", "created_at", "updated_at")
_NO_UI = absent(NO_UI, "url")
_BIN = "bin-"


def _either(parts: tuple[str | None, str | None]) -> str | None:
    return parts[0] or parts[1] or None


COMPANY = Lens(Company, (
    Map("id", "BPLID", key(), read_only=True),
    Map("number", "BPLID", key(), read_only=True),
    Map("name", "BPLName", text(100), read_only=True),
    Map("currency", CURRENCY, currency(), read_only=True),
    Map("country", "Country", country(), read_only=True),
    Map("city", "City", text(100), read_only=True),
    Join("tax_number", ("VATRegNum", "FederalTaxID"), Codec("b1_tax_number", decode=_either, native=(str, str)),
         read_only=True),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    *_NO_UI,
    *_NO_STAMP,
))  # fmt: skip


def _place(parts: tuple[str | None, int | None]) -> str | None:
    """A warehouse (`01`) or a bin in one (`bin-3`)."""
    code, entry = parts
    return code or None if entry is None else f"{_BIN}{entry}"


def _active(inactive: bool | None) -> bool | None:
    return None if inactive is None else not inactive


def _warehouse(value: str) -> Ref | None:
    return Ref(id=value, number=value) if value else None


def _read(name: str, decode: object) -> Codec:
    return Codec(name, decode=decode, native=(str, str))  # type: ignore[arg-type]


LOCATION = Lens(Location, (
    Join("id", ("WarehouseCode", "AbsEntry"), Codec("b1_place", decode=_place, native=(str, int)), read_only=True),
    Join("number", ("WarehouseCode", "BinCode"), _read("b1_place_number", _either), read_only=True),
    Join("name", ("WarehouseName", "Description"), _read("b1_place_name", _either), read_only=True),
    Join("kind", ("WarehouseCode", "BinCode"), _read("b1_place_kind", lambda p: "warehouse" if p[0] else "bin"),
         read_only=True),
    Map("company", "BusinessPlaceID", number_reference(), read_only=True),
    Map("parent", "Warehouse", Codec("b1_warehouse", decode=_warehouse), read_only=True),
    Nest("address", (
        Join("street", ("Street", "StreetNo"), street(), read_only=True),
        Map("city", "City", text(100), read_only=True),
        Map("postal_code", "ZipCode", text(20), read_only=True),
        Map("region", "State", text(3), read_only=True),
        Map("country", "Country", country(), read_only=True),
        Absent("name", "never: the address of a warehouse has no name"),
    )),
    Derived("active", _active, native=(("Inactive", yes_no()),)),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    *absent("never: warehouses and bins are all there is", "native_kind"),
    *_NO_UI,
    *_NO_STAMP,
))  # fmt: skip


def _code(parts: tuple[str | None, str | None]) -> str | None:
    symbol, code = parts
    return symbol_code(symbol) or code_of(code)


UNIT = Lens(Unit, (
    Map("id", "AbsEntry", key(), read_only=True),
    Map("number", "Code", text(20), read_only=True),
    Map("name", "Name", text(100), read_only=True),
    Map("symbol", "Code", text(20), read_only=True),
    Join("code", ("InternationalSymbol", "Code"), Codec("b1_unit_code", decode=_code, native=(str, str)),
         read_only=True),
    *absent("upstream: groups of units relate them, each group in its own way", "dimension", "factor"),
    *absent("never: a unit is there or it is not", "active"),
    *_NO_UI,
    *_NO_STAMP,
))  # fmt: skip


def _days(months: int | None, days: int | None) -> int | None:
    """Days alone; months have no length in days."""
    return days if not months else None


_WHOLE = Codec("b1_whole", native=int)

PAYMENT_TERM = Lens(PaymentTerm, (
    Map("id", "GroupNumber", key(), read_only=True),
    Map("number", "GroupNumber", key(), read_only=True),
    Map("name", "PaymentTermsGroupName", text(100), read_only=True),
    Derived("net_days", _days, native=(("NumberOfAdditionalMonths", _WHOLE), ("NumberOfAdditionalDays", _WHOLE))),
    Map("extra.NumberOfAdditionalMonths", "NumberOfAdditionalMonths", _WHOLE, read_only=True),
    Map("extra.NumberOfAdditionalDays", "NumberOfAdditionalDays", _WHOLE, read_only=True),
    Map("extra.BaselineDate", "BaselineDate", text(30), read_only=True),
    *absent("never: terms have one name", "description"),
    *absent("upstream: what an early payment saves stands in tables of cash discounts", "discount_days",
            "discount_percent"),
    *absent("never: terms are there or they are not", "active"),
    *_NO_UI,
    *_NO_STAMP,
))  # fmt: skip
