"""Names of units, and their UN/ECE Rec 20 codes. Units are an account's own records: these are the usual names."""

from __future__ import annotations

from anyerp.lens import Codec, choice

#: The name that a unit type gives its unit, and its code.
TABLE = {
    "Each": "EA",
    "Piece": "H87",
    "Unit": "C62",
    "Pair": "PR",
    "Dozen": "DZN",
    "Hundred": "CEN",
    "Thousand": "MIL",
    "Box": "BX",
    "Case": "CS",
    "Pallet": "PF",
    "Kilogram": "KGM",
    "Gram": "GRM",
    "Tonne": "TNE",
    "Pound": "LBR",
    "Ounce": "ONZ",
    "Metre": "MTR",
    "Centimetre": "CMT",
    "Millimetre": "MMT",
    "Foot": "FOT",
    "Inch": "INH",
    "Yard": "YRD",
    "Litre": "LTR",
    "Gallon": "GLL",
    "Hour": "HUR",
    "Day": "DAY",
    "Minute": "MIN",
    "Month": "MON",
}
#: Other spellings and abbreviations, for reading.
ALSO = {
    "ea": "EA",
    "Ea": "EA",
    "EA": "EA",
    "pc": "H87",
    "dz": "DZN",
    "kg": "KGM",
    "Kg": "KGM",
    "g": "GRM",
    "t": "TNE",
    "lb": "LBR",
    "oz": "ONZ",
    "m": "MTR",
    "Meter": "MTR",
    "ft": "FOT",
    "in": "INH",
    "L": "LTR",
    "Liter": "LTR",
    "h": "HUR",
    "hr": "HUR",
    "Hours": "HUR",
}


def unit() -> Codec:
    """A unit of measure; one that the table does not know keeps its native name only."""
    return choice(TABLE, also=ALSO)
