"""Codecs for values that NetSuite writes in two ways: the record service and SuiteQL (netsuite sheet §3, §4)."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Codec, Refused, choice
from anyerp.lens.codecs import name_codec
from anyerp.lens.domain import IntegerDomain, TextDomain


def whole(minimum: int = 0, maximum: int = 2**31 - 1) -> Codec:
    """A whole number: a JSON number in a record, text in a row of SuiteQL."""

    def decode(value: Decimal) -> int:
        if value != value.to_integral_value():
            raise ValueError("not a whole number")
        return int(value)

    def encode(value: int) -> int:
        if not minimum <= value <= maximum:
            raise Refused(f"NetSuite takes {minimum} to {maximum}")
        return value

    return Codec(
        "netsuite_whole",
        decode=decode,
        encode=encode,
        native=Decimal,
        memo=True,
        domain=IntegerDomain(minimum, maximum),
        data={"codec": "netsuite_whole", "minimum": minimum, "maximum": maximum},
    )


def truth() -> Codec:
    """True or false: JSON's own in a record, `T` or `F` in a row of SuiteQL."""
    return choice({True: True, False: False}, also={"T": True, "F": False}, native=object)


def in_use() -> Codec:
    """Whether a record is in use, which NetSuite says the other way round (`isInactive`)."""
    return choice({False: True, True: False}, also={"F": True, "T": False}, native=object)


def key() -> Codec:
    """An internal id: digits, always text."""

    def encode(value: str) -> str:
        if not (value.isascii() and value.isdecimal() and len(value) <= 18):
            raise Refused(f"{value[:40]!r} is no internal id of NetSuite, which are whole numbers")
        return value

    return Codec(
        "netsuite_id",
        decode=lambda value: value or None,
        encode=encode,
        inline="({v} or None)",
        domain=TextDomain(18, digits=True),
        data={"codec": "netsuite_id"},
    )


def label() -> Codec:
    """A status in words. SuiteQL puts the document's name before it: `Purchase Order : Pending Receipt`."""
    return Codec("netsuite_label", decode=lambda value: value.rpartition(" : ")[2] or None, memo=True)


def document_number() -> Codec:
    """The number within the label of a document: of `Purchase Order #PO45723` it is `PO45723`."""
    return Codec("netsuite_document_number", decode=lambda value: value.rpartition("#")[2] or None, memo=True)


def lines_of_text(count: int, length: int) -> Codec:
    """A street of several fields (`addr1`, `addr2`, ...), lines of text here."""

    def decode(parts: tuple[str | None, ...]) -> str | None:
        return "\n".join(part for part in parts if part) or None

    def encode(value: str) -> tuple[str | None, ...]:
        lines = value.split("\n")
        if len(lines) > count or any(not line or len(line) > length for line in lines):
            raise Refused(f"NetSuite stores {count} lines of {length} characters, none of them empty")
        return (*lines, *[None] * (count - len(lines)))

    return Codec(
        "netsuite_lines_of_text",
        decode=decode,
        encode=encode,
        native=(str,) * count,
        domain=TextDomain(length),
        data={"codec": "netsuite_lines_of_text", "count": count, "length": length},
    )


name_codec("netsuite_whole", whole)
name_codec("netsuite_id", key)
