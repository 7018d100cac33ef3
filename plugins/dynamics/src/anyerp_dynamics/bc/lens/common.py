"""What the tables share: the record's own fields, references, addresses over two lines."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

from anyerp.lens import Absent, Codec, Derived, Join, Map, Nest, Refused, Rule, iso_instant, text
from anyerp.lens.domain import TextDomain

from anyerp_dynamics.bc.codec import code, guid

#: No fields of the service: what the connector adds to each row, as a row does not name its company.
COMPANY = "@anyerp.company"
COMPANY_NUMBER = "@anyerp.company_number"
COMPANY_NAME = "@anyerp.company_name"
CLIENT = "@anyerp.client"
CURRENCY = "@anyerp.currency"
#: All of them.
ADDED = frozenset({COMPANY, COMPANY_NUMBER, COMPANY_NAME, CLIENT, CURRENCY})
ETAG = "@odata.etag"
STAMP = "lastModifiedDateTime"


def stamped(page: int, caption: str = "No.", path: str = "number") -> tuple[Rule, ...]:
    """Etag, time of the last change, and a link to the page of the web client that shows the record by its number.

    `caption` is what the web client calls the field with the number, `path` what the service calls it.
    """

    def link(client: str | None, number: str | None) -> str | None:
        if not client or not number:
            return None
        wanted = f"'{caption}' is '" + number.replace("'", "''") + "'"
        return f"{client}&page={page}&filter={quote(wanted, safe='')}"

    return (
        Map("version", ETAG, text(), read_only=True),
        Map("updated_at", STAMP, iso_instant(), read_only=True),
        Derived("url", link, native=((CLIENT, text()), (path, text(20)))),
        Absent("created_at", "upstream: API v2.0 shows when a record was changed last, not when it was made"),
    )


def text_or_empty(max_length: int) -> Codec:
    """Text of a field, where an empty one clears it."""
    return text(max_length, empty="")


def own(page: int, caption: str = "No.", path: str = "number") -> tuple[Rule, ...]:
    """The fields that every record has; its number is given on creation and stays, as another would rename it."""
    return (
        Map("id", "id", guid(), read_only=True),
        Map("number", path, code(20 if path == "number" else 10), create_only=True),
        *stamped(page, caption, path),
    )


def ref(field: str, path: str, navigation: str, *, number: str = "code", read_only: bool = False) -> Nest:
    """A reference by id; its number and name are read along through the navigation to it."""
    return Nest(
        field,
        (
            Map("id", path, guid(), read_only=read_only),
            Map("number", f"{navigation}/{number}", text(), follows=True),
            Map("name", f"{navigation}/displayName", text(), follows=True),
        ),
    )


_UNIT = re.compile(r"[A-Z0-9]{2,3}")


def unit() -> Codec:
    """The UN/ECE Rec 20 code that a unit of measure has there; an entry that is none is not read."""
    return replace(
        code(10),
        name="bc_unit",
        decode=lambda value: value if _UNIT.fullmatch(value) else None,
        inline=None,
        memo=True,
        data={"codec": "bc_unit"},
    )


def company(*, read_only: bool = False) -> Nest:
    """The company of the connection, on creation only."""
    return Nest(
        "company",
        (
            Map("id", COMPANY, guid(), create_only=True, read_only=read_only),
            Map("number", COMPANY_NUMBER, text(), follows=True),
            Map("name", COMPANY_NAME, text(), follows=True),
        ),
    )


_FIRST, _SECOND = 100, 50


def _lines(parts: tuple[str | None, str | None]) -> str | None:
    return "\n".join(part for part in parts if part) or None


def _parted(value: str) -> tuple[str, str]:
    first, _, second = value.partition("\n")
    if "\n" in second:
        raise Refused("two lines are stored, not more")
    if len(first) > _FIRST or len(second) > _SECOND:
        raise Refused(f"lines of {_FIRST} and {_SECOND} characters are stored")
    text(_FIRST).encode(value.replace("\n", "")[:_FIRST])
    return first, second


#: Street and house number, and a second line.
STREET = Codec(
    "bc_street", decode=_lines, encode=_parted, native=(str, str), empty="", domain=TextDomain(_FIRST),
    data={"codec": "bc_street"},
)  # fmt: skip


def address(prefix: str, *, postal: str, name: str | None, read_only: bool = False) -> tuple[Rule, ...]:
    """The rules of an address whose fields begin alike: `shipToCity`, or `city` with no prefix."""

    def at(field: str) -> str:
        return prefix + field[0].upper() + field[1:] if prefix else field

    named: Rule = (
        Map("name", name, text_or_empty(100), read_only=read_only)
        if name
        else Absent("name", "never: the address stands under the record's own name")
    )
    return (
        named,
        Join("street", (at("addressLine1"), at("addressLine2")), STREET, read_only=read_only),
        Map("city", at("city"), text_or_empty(30), read_only=read_only),
        Map("postal_code", at(postal), code(20), read_only=read_only),
        Map("region", at("state"), text_or_empty(30), read_only=read_only),
        Map("country", at("country"), code(10), read_only=read_only),
    )
