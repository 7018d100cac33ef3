"""Codecs for Business Central's value forms: nothing is ever null there (dynamics sheet §2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from anyerp.lens import Codec, Refused, text
from anyerp.lens.codecs import iso_day, name_codec, whole_digits
from anyerp.lens.domain import ChoiceDomain, DecimalDomain, TextDomain

#: The id of nothing.
ZERO = "00000000-0000-0000-0000-000000000000"
_NO_DAY = "0001-01-01"
_GUIDS = ("5d115c9c-44e3-ea11-bb43-000d3a2feca1", "a7e2c0de-0001-4000-8000-00000000beef")
_HIDDEN = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LIKE_HIDDEN = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_OTHER = re.compile(r"[^A-Za-z0-9_]")
_WHOLE = Decimal(100)


def guid() -> Codec:
    """A GUID; the zero one stands for nothing."""

    def encode(value: str) -> str:
        found = canonical(value)
        if found is None:
            raise Refused(f"{value[:40]!r} is no id of Business Central, which are GUIDs; give a number instead")
        return found

    return Codec(
        "bc_guid",
        decode=lambda value: None if value == ZERO else value or None,
        encode=encode,
        settle=str.lower,
        empty=ZERO,
        memo=True,
        domain=ChoiceDomain(_GUIDS),
        data={"codec": "bc_guid"},
    )


def canonical(value: str) -> str | None:
    """A GUID in the service's own spelling, None where the text is none."""
    try:
        found = str(UUID(value))
    except ValueError:
        return None
    return found if value.lower() == found else None


def code(max_length: int) -> Codec:
    """A code: kept in capitals, without blanks at its ends."""
    bare = text(max_length, upper=True, empty="")

    def settle(value: str) -> str:
        return value.upper().strip()

    def encode(value: str) -> str:
        settled = settle(value)
        if not settled:
            raise Refused("only blanks, and Business Central drops blanks at the ends of a code")
        return str(bare.encode(settled))

    return replace(
        bare, name="bc_code", encode=encode, settle=settle, data={"codec": "bc_code", "max_length": max_length}
    )


def day() -> Codec:
    """A date; the first day of the calendar stands for nothing."""
    return replace(iso_day(), name="bc_day", empty=_NO_DAY, data={"codec": "bc_day"})


def number(digits: int = 15, places: int = 5) -> Codec:
    """An amount, a quantity or a price. It is never nothing there: cleared, it becomes zero (see `body.sent`)."""
    return Codec(
        "bc_decimal",
        encode=lambda value: whole_digits(value, digits, places),
        native=Decimal,
        inline="{v}",
        domain=DecimalDomain(digits, places),
        data={"codec": "bc_decimal", "digits": digits, "places": places},
    )


def percent() -> Codec:
    """A discount in percent, to five places."""

    def encode(value: Decimal) -> Decimal:
        if not 0 <= value <= _WHOLE:
            raise Refused("a discount lies between 0 and 100 percent here")
        return whole_digits(value, 8, 5)

    return Codec(
        "bc_percent",
        encode=encode,
        native=Decimal,
        inline="{v}",
        domain=DecimalDomain(8, 5, minimum=Decimal(0), maximum=_WHOLE),
        data={"codec": "bc_percent"},
    )


def option(max_length: int = 80) -> Codec:
    """An option in its own words: `In_x0020_Review` is `In Review`, blank is nothing."""
    return Codec(
        "bc_option",
        decode=lambda value: shown(value).strip() or None,
        encode=hidden,
        settle=str.strip,
        memo=True,
        domain=TextDomain(max_length),
        data={"codec": "bc_option"},
    )


def shown(member: str) -> str:
    """An option's words by its name on the wire, where other characters are written as in XML names."""
    return _HIDDEN.sub(lambda found: chr(int(found[1], 16)), member)


def hidden(words: str) -> str:
    """An option's name on the wire by its words."""
    return _OTHER.sub(lambda found: f"_x{ord(found[0]):04X}_", _LIKE_HIDDEN.sub("_x005F_", words))


def dimensions() -> Codec:
    """The dimension set of a document or line: values by the dimension's code, both in capitals."""

    def settle(value: Mapping[str, str]) -> dict[str, str]:
        return {name.upper().strip(): chosen.upper().strip() for name, chosen in value.items()}

    def encode(value: Mapping[str, str]) -> list[dict[str, str]]:
        settled = settle(value)
        if len(settled) < len(value) or not all(0 < len(part) <= 20 for pair in settled.items() for part in pair):
            raise Refused("dimensions and their values are codes of up to 20 characters, each dimension once")
        return [{"code": name, "valueCode": settled[name]} for name in settled]

    def decode(rows: list[Any]) -> dict[str, str] | None:
        return {str(row["code"]): str(row["valueCode"]) for row in rows if row["code"]} or None

    return Codec(
        "bc_dimensions",
        decode=decode,
        encode=encode,
        settle=settle,
        native=list,
        empty=[],
        domain=ChoiceDomain(({"DEPARTMENT": "PROD"}, {"DEPARTMENT": "PROD", "PROJECT": "P-100"})),
        data={"codec": "bc_dimensions"},
    )


# So that a tenant's overlay can name them.
name_codec("bc_guid", guid)
name_codec("bc_code", code)
name_codec("bc_day", day)
name_codec("bc_decimal", number)
name_codec("bc_option", option)
