"""What the tables share: the record's own fields, references, units, lists read as one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from anyerp.lens import Absent, Codec, Map, Nest, Refused, Rule, absent, choice, text
from anyerp.lens.codec import unchanged
from anyerp.lens.domain import Domain

from anyerp_tryton.codec import char, key, moment

NO_ADDRESS = absent("upstream: the server does not know the address of its web client", "url")
OWN: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("version", "_timestamp", char(), read_only=True),
    Map("created_at", "create_date", moment(), read_only=True),
    Map("updated_at", "last_modified_at", moment(), read_only=True),
    *NO_ADDRESS,
)

#: Symbols that Tryton delivers, and their UN/ECE Rec 20 codes; it keeps no codes itself (wire §12).
UNITS = {
    "u": "C62",
    "kg": "KGM",
    "g": "GRM",
    "c": "CTM",
    "lb": "LBR",
    "oz": "ONZ",
    "s": "SEC",
    "min": "MIN",
    "h": "HUR",
    "d": "DAY",
    "m": "MTR",
    "km": "KMT",
    "cm": "CMT",
    "mm": "MMT",
    "ft": "FOT",
    "yd": "YRD",
    "in": "INH",
    "mi": "SMI",
    "m³": "MTQ",
    "l": "LTR",
    "cm³": "CMQ",
    "in³": "INQ",
    "ft³": "FTQ",
    "gal": "GLL",
    "m²": "MTK",
    "cm²": "CMK",
    "a": "ARE",
    "ha": "HAR",
    "in²": "INK",
    "ft²": "FTK",
    "yd²": "YDK",
    "J": "JOU",
    "MJ": "3B",
    "kW⋅h": "KWH",
    "MW⋅h": "MWH",
}


def unit() -> Codec:
    """A unit's symbol as a Rec 20 code; a symbol that the table does not know keeps its native text only."""
    return choice(UNITS)


def ref(
    field: str,
    path: str,
    *,
    number: str | None = "code",
    name: str = "name",
    read_only: bool = False,
    create_only: bool = False,
) -> Nest:
    """A many2one: its id, and what Tryton sends along by dotted fields. `party` and `party./code` are one reference."""
    return Nest(
        field,
        (
            Map("id", path, key(), read_only=read_only, create_only=create_only),
            Map("number", f"{path}./{number}", char(), follows=True)
            if number
            else Absent("number", "never: it has no number, only a name"),
            Map("name", f"{path}./{name}", char(), follows=True),
        ),
    )


def place(field: str, at: str) -> Nest:
    """An address that is read with the record it stands on."""
    return Nest(
        field,
        at=at,
        rules=(
            Map("name", "party_name", char(), read_only=True),
            Map("street", "street", text(max_length=50_000), read_only=True),
            Map("city", "city", char(), read_only=True),
            Map("postal_code", "postal_code", char(), read_only=True),
            Map("region", "subdivision./code", char(), read_only=True),
            Map("country", "country./code", char(), read_only=True),
        ),
    )


def listed(
    name: str,
    decode: Callable[[list[Any]], Any],
    encode: Callable[[Any], Any] | None = None,
    *,
    settle: Callable[[Any], Any] = unchanged,
    domain: Domain | None = None,
) -> Codec:
    """A codec over a whole list of related records, which come as plain objects; nothing is an empty list."""

    def refuse(value: Any) -> Any:
        raise Refused("is read here, not written")

    return Codec(
        name,
        decode=decode,
        encode=encode or refuse,
        native=list,
        settle=settle,
        empty=[] if encode else None,
        domain=domain,
        data={"codec": name},
    )


def inner(row: Mapping[str, Any], *steps: str) -> Any:
    """The value at the end of some steps within a plain object, None where the way is broken."""
    here: Any = row
    for step in steps:
        here = here.get(step) if isinstance(here, Mapping) else None
    return here


def figure(value: Any) -> Decimal:
    """A number of a plain object as it is spelt: a float's shortest spelling is what Tryton wrote."""
    return value if isinstance(value, Decimal) else Decimal(str(value or 0))
