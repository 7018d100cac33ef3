"""Trade item numbers: the first identifier of kind `ean`, whose check digit Tryton tests (wire §20)."""

from __future__ import annotations

import re
from typing import Any

from anyerp.lens import Codec, Refused
from anyerp.lens.domain import ChoiceDomain

from anyerp_tryton.lens.common import listed

IDENTIFIERS = "identifiers."
KIND = "ean"
_MARKS = re.compile(r"[\s-]")
_FORM = re.compile(r"[0-9]{8}|[0-9]{12,14}")
#: Some whose check digits are right: no domain describes those.
_VALID = ("4006381333931", "96385074", "036000291452", "10614141000415")


def compact(value: str) -> str:
    """A number without the marks between its figures."""
    return _MARKS.sub("", value)


def checked(number: str) -> bool:
    """Whether the last figure is the check digit: from the right, figures weigh three and one in turn (GS1)."""
    *figures, check = map(int, number)
    return (sum(figure * (3, 1)[place % 2] for place, figure in enumerate(reversed(figures))) + check) % 10 == 0


def first(rows: list[Any]) -> dict[str, Any] | None:
    """The identifier that is read and written, None where there is none."""
    return next((row for row in rows if row.get("type") == KIND and row.get("code")), None)


def gtin() -> Codec:
    """The number, read without marks; a wrong check digit is refused."""

    def decode(rows: list[Any]) -> str | None:
        row = first(rows)
        return compact(row["code"]) if row else None

    def encode(value: str) -> list[dict[str, str]]:
        number = compact(value)
        if not _FORM.fullmatch(number):
            raise Refused("a trade item number has 8, 12, 13 or 14 figures")
        if not checked(number):
            raise Refused("its check digit is wrong")
        return [{"type": KIND, "code": number}]

    return listed("tryton_gtin", decode, encode, settle=compact, domain=ChoiceDomain(_VALID))
