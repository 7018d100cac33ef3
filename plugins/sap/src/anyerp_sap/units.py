"""SAP's unit codes in an English session, and their UN/ECE Rec 20 codes (sap sheet §10)."""

from __future__ import annotations

from anyerp.lens import Codec, choice

#: External (English) code to Rec 20. Every call fixes the language to English, because these codes change with it.
TABLE = {
    "PC": "C62",
    "EA": "EA",
    "KG": "KGM",
    "G": "GRM",
    "TO": "TNE",
    "L": "LTR",
    "ML": "MLT",
    "M": "MTR",
    "CM": "CMT",
    "MM": "MMT",
    "M2": "MTK",
    "M3": "MTQ",
    "H": "HUR",
    "HR": "HR",
    "DAY": "DAY",
    "MON": "MON",
    "CAR": "CT",
    "PAL": "PF",
    "BOX": "BX",
    "%": "P1",
    "AU": "C63",
}
#: Spellings of the internal and of the ISO codes, for reading.
ALSO = {"ST": "C62", "PCE": "C62", "C62": "C62", "KGM": "KGM", "GRM": "GRM", "LTR": "LTR", "STD": "HUR", "HUR": "HUR"}


def unit() -> Codec:
    """A unit of measure; one that the table does not know keeps its native text only."""
    return choice(TABLE, also=ALSO)
