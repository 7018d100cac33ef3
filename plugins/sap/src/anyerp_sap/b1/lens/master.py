"""Companies (branches), locations, units and payment terms (sap sheet §13)."""

from __future__ import annotations

from anyerp.kits.custom import custom
from anyerp.lens import Absent, Codec, Join, Lens, Map, Nest, Refused, absent, choice, text
from anyerp.lens.domain import ChoiceDomain, IntegerDomain, TextDomain
from anyerp.model import Company, Location, PaymentTerm, Ref, Unit

from anyerp_sap.b1.codec import country, currency, key, number_reference, street
from anyerp_sap.b1.lens.partner import NO_UI
from anyerp_sap.b1.record import CURRENCY, CUSTOM_FIELDS
from anyerp_sap.b1.unit import MEANT, symbol_code

_NO_STAMP = absent("upstream: this object has neither stamps nor etag", "version", "created_at", "updated_at")
_NO_UI = absent(NO_UI, "url")
_BIN = "bin-"


def _either(parts: tuple[str | None, str | None]) -> str | None:
    return parts[0] or parts[1] or None


COMPANY = Lens(Company, (
    Map("id", "BPLID", key(), read_only=True),
    Map("number", "BPLID", key(), read_only=True),
    Map("name", "BPLName", text(100)),
    Map("currency", CURRENCY, currency(), read_only=True),
    Map("country", "Country", country()),
    Map("city", "City", text(100)),
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


def _warehouse(value: str) -> Ref | None:
    return Ref(id=value, number=value) if value else None


def _read(name: str, decode: object) -> Codec:
    return Codec(name, decode=decode, native=(str, str))  # type: ignore[arg-type]


def _of_warehouse(name: str, length: int) -> Codec:
    """A text that a warehouse and a bin keep in fields of different names; written as a warehouse has it."""
    plain = text(length)
    return Codec(name, decode=_either, encode=lambda value: (plain.encode(value), None), native=(str, str),
                 domain=TextDomain(length))  # fmt: skip


LOCATION = Lens(Location, (
    Join("id", ("WarehouseCode", "AbsEntry"), Codec("b1_place", decode=_place, native=(str, int)), read_only=True),
    Join("number", ("WarehouseCode", "BinCode"), _of_warehouse("b1_place_number", 8), create_only=True),
    Join("name", ("WarehouseName", "Description"), _of_warehouse("b1_place_name", 50)),
    Join("kind", ("WarehouseCode", "BinCode"), _read("b1_place_kind", lambda p: "warehouse" if p[0] else "bin"),
         read_only=True),
    Map("company", "BusinessPlaceID", number_reference()),
    Map("parent", "Warehouse", Codec("b1_warehouse", decode=_warehouse), read_only=True),
    Nest("address", (
        Join("street", ("Street", "StreetNo"), street()),
        Map("city", "City", text(100)),
        Map("postal_code", "ZipCode", text(20)),
        Map("region", "State", text(3)),
        Map("country", "Country", country()),
        Absent("name", "never: the address of a warehouse has no name"),
    )),
    Map("active", "Inactive", choice({"tYES": False, "tNO": True})),
    Map("extra", CUSTOM_FIELDS, custom(), follows=True),
    *absent("never: warehouses and bins are all there is", "native_kind"),
    *_NO_UI,
    *_NO_STAMP,
))  # fmt: skip


def _code(parts: tuple[str | None, str | None]) -> str | None:
    symbol, said = parts
    return symbol_code(symbol) or said


def _symbol(code: str) -> tuple[str, None]:
    if symbol_code(code) != code:
        raise Refused("this would be read as another unit, or as none; leave it out")
    return code, None


UNIT = Lens(Unit, (
    Map("id", "AbsEntry", key(), read_only=True),
    Map("number", "Code", text(20)),
    Map("name", "Name", text(100)),
    Map("symbol", "Code", text(20), read_only=True),
    # By its international symbol, else by what its own code usually means.
    Join("code", ("InternationalSymbol", MEANT), Codec(
        "b1_unit_code", decode=_code, encode=_symbol, native=(str, str), domain=ChoiceDomain(("C62", "KGM", "LTR")))),
    *absent("upstream: groups of units relate them, each group in its own way", "dimension", "factor"),
    *absent("never: a unit is there or it is not", "active"),
    *_NO_UI,
    *_NO_STAMP,
))  # fmt: skip


def _days(parts: tuple[int | None, int | None]) -> int | None:
    """Days alone; months have no length in days."""
    months, days = parts
    return days if not months else None


def _in_days(days: int) -> tuple[int, int]:
    if not 0 <= days <= _MOST_DAYS:
        raise Refused(f"this ERP takes 0 to {_MOST_DAYS} days")
    return 0, days


_WHOLE, _MOST_DAYS = Codec("b1_whole", native=int), 32_767

PAYMENT_TERM = Lens(PaymentTerm, (
    Map("id", "GroupNumber", key(), read_only=True),
    Map("number", "GroupNumber", key(), read_only=True),
    Map("name", "PaymentTermsGroupName", text(100)),
    Join("net_days", ("NumberOfAdditionalMonths", "NumberOfAdditionalDays"), Codec(
        "b1_net_days", decode=_days, encode=_in_days, native=(int, int), domain=IntegerDomain(0, _MOST_DAYS))),
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
