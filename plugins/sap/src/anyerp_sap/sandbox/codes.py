"""Code tables of the sandbox: units by language, currencies and their decimals, texts of numbers with leading zeros.

Units have one internal code and another code per logon language; the plain `...Unit` fields of V2 show the latter
(sap sheet §10).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

LANGUAGES = ("EN", "DE")

#: Internal code → what English and German logons see.
_UNITS = {
    "ST": ("PC", "ST"),
    "EA": ("EA", "EA"),
    "KG": ("KG", "KG"),
    "G": ("G", "G"),
    "TO": ("TO", "TO"),
    "L": ("L", "L"),
    "M": ("M", "M"),
    "M3": ("M3", "M3"),
    "STD": ("H", "STD"),
    "TAG": ("DAY", "TAG"),
    "KAR": ("CAR", "KAR"),
    "PAL": ("PAL", "PAL"),
    "BOX": ("BOX", "BOX"),
    "LE": ("AU", "LE"),
    "%": ("%", "%"),
}
_OUT = {language: {unit: names[i] for unit, names in _UNITS.items()} for i, language in enumerate(LANGUAGES)}
_IN = {language: {name: unit for unit, name in names.items()} for language, names in _OUT.items()}

#: Currencies that the system knows, with their decimals.
CURRENCIES = {
    **dict.fromkeys(("EUR", "USD", "GBP", "CHF", "PLN", "CZK", "SEK", "DKK", "CNY", "CAD", "AUD", "BRL", "MXN"), 2),
    **dict.fromkeys(("JPY", "KRW", "CLP", "VND"), 0),
    **dict.fromkeys(("KWD", "TND", "BHD", "OMR", "JOD"), 3),
}
_QUANTA = [Decimal(1).scaleb(-n) for n in range(15)]


def unit_out(unit: str, language: str) -> str:
    """Give the code that a logon language shows for an internal unit."""
    return _OUT[language].get(unit, unit)


def unit_in(name: str, language: str) -> str | None:
    """Give the internal unit of a code in a logon language; None when that language has no such code."""
    return _IN[language].get(name)


def internal(unit: str) -> str | None:
    """Give an internal unit code back when the system has it."""
    return unit if unit in _UNITS else None


#: Internal code → ISO code; what has none shows `_01`, as private codes do (sap sheet §10).
_ISO = {
    "ST": "PCE",
    "EA": "EA",
    "KG": "KGM",
    "G": "GRM",
    "TO": "TNE",
    "L": "LTR",
    "M": "MTR",
    "M3": "MTQ",
    "STD": "HUR",
    "TAG": "DAY",
    "KAR": "CT",
    "PAL": "PF",
    "BOX": "BX",
    "%": "P1",
}


def iso_unit(unit: str) -> str:
    """Give the ISO code of an internal unit."""
    return _ISO.get(unit, "_01") if unit else ""


def decimals(currency: str) -> int:
    """Decimals of a currency; two when there is none."""
    return CURRENCIES.get(currency, 2)


def commercial(value: Decimal, places: int) -> Decimal:
    """Round as accounts are: halves away from zero."""
    return value.quantize(_QUANTA[places], ROUND_HALF_UP)


def fixed(value: Decimal, places: int) -> str:
    """Write a decimal with exactly that many places."""
    return f"{value.quantize(_QUANTA[places]):f}"


def without_zeros(text: str) -> str:
    """Write a number in a text field as the API shows it: digits lose leading zeros, other texts stay."""
    return text.lstrip("0") or "0" if text.isdigit() and text.isascii() else text
