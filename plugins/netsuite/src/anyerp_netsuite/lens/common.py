"""What the tables share: stamps, references, addresses, the account's own fields."""

from __future__ import annotations

from anyerp.lens import Absent, Codec, Join, Map, Nest, Rule, iso_instant, text

from anyerp_netsuite.codec import custom, key, lines_of_text

#: Where `anyerp_netsuite.record` gathers the account's own fields, as JSON text.
CUSTOM = "custom"

STAMPS: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("url", "url", text(), read_only=True),
    Map("version", "lastModifiedDate", text(), read_only=True),
    Map("updated_at", "lastModifiedDate", iso_instant(1_000_000), read_only=True),
    Map("extra", CUSTOM, custom(), follows=True),
)
CREATED = Map("created_at", "createdDate", iso_instant(1_000_000), read_only=True)


def ref(
    field: str,
    path: str,
    *,
    number: str | None = None,
    name: str | None = "refName",
    read_only: bool = False,
    create_only: bool = False,
) -> Nest:
    """A reference: its id, and what comes along; `number` and `name` are the members that hold them."""
    return Nest(
        field,
        (
            Map("id", f"{path}/id", key(), read_only=read_only, create_only=create_only),
            Map("number", f"{path}/{number}", text(), follows=True)
            if number
            else Absent("number", "never: it has no number in NetSuite, only a name"),
            Map("name", f"{path}/{name}", text(), follows=True)
            if name
            else Absent("name", "upstream: a reference says its number only"),
        ),
    )


def address(field: str, at: str) -> Nest:
    """An address subrecord; SuiteQL does not have it in these tables, so lists come without."""
    return Nest(
        field,
        (
            Map("name", "addressee", text(83)),
            Join("street", ("addr1", "addr2", "addr3"), lines_of_text(3, 150)),
            Map("city", "city", text(50)),
            Map("postal_code", "zip", text(36)),
            Map("region", "state", text(30)),
            Map("country", "country/id", text(2, upper=True)),
        ),
        at=at,
    )


def plain(length: int = 1000) -> Codec:
    """Text of so many characters; null clears it."""
    return text(length)
