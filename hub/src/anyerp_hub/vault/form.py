"""The form of an API token: `any_`, 30 random letters and digits (179 bits), 6 of a checksum.

The checksum tells a typing error from a token that is not ours without asking the database.
"""

from __future__ import annotations

import re
import secrets
import string
import zlib

PREFIX = "any_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK, LOOKUP = 30, 6, 8
_FORM = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_RANDOM}}})([0-9A-Za-z]{{{_CHECK}}})")


def make() -> str:
    """A new token."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return f"{PREFIX}{body}{_checksum(body)}"


def well_formed(text: str) -> bool:
    """Whether this can be a token: its form and its checksum are right."""
    match = _FORM.fullmatch(text)
    return match is not None and _checksum(match[1]) == match[2]


def lookup(text: str) -> str:
    """The part by which a token is found; the other 22 characters stay unknown to the database."""
    return text[len(PREFIX) : len(PREFIX) + LOOKUP]


def _checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), []
    for _ in range(_CHECK):
        number, rest = divmod(number, 62)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))
