"""Units of measure: symbols of the standard data set, and their UN/ECE Rec 20 codes.

Symbols are each customer's own; a symbol that the table does not know is kept as it is in the native field beside it.
"""

from __future__ import annotations

from anyerp.lens import Codec, choice

#: Symbol to Rec 20, as the demonstration data and the wizard for units write them; symbols know no case.
TABLE = {
    "ea": "EA",
    "pcs": "C62",
    "Pair": "PR",
    "dz": "DZN",
    "Set": "SET",
    "box": "BX",
    "pl": "PF",
    "kg": "KGM",
    "g": "GRM",
    "mg": "MGM",
    "t": "TNE",
    "lb": "LBR",
    "oz": "ONZ",
    "m": "MTR",
    "cm": "CMT",
    "mm": "MMT",
    "km": "KMT",
    "in": "INH",
    "ft": "FOT",
    "yd": "YRD",
    "m2": "MTK",
    "m3": "MTQ",
    "l": "LTR",
    "ml": "MLT",
    "gal": "GLL",
    "hr": "HUR",
    "min": "MIN",
    "day": "DAY",
    "mth": "MON",
}
_SPELLINGS = {
    **{symbol.lower(): code for symbol, code in TABLE.items()},
    **{symbol.upper(): code for symbol, code in TABLE.items()},
    "pc": "C62",
    "PC": "C62",
    "h": "HUR",
    "hour": "HUR",
    "pr": "PR",
    "PR": "PR",
}


def unit() -> Codec:
    """A unit of measure."""
    return choice(TABLE, also={symbol: code for symbol, code in _SPELLINGS.items() if symbol not in TABLE})
