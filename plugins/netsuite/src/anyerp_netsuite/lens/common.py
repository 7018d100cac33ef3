"""What the tables share: stamps, references, addresses, the account's own fields."""

from __future__ import annotations

import re

from anyerp.kits.custom import custom
from anyerp.lens import Absent, Join, Map, Nest, Rule, iso_instant, text

from anyerp_netsuite.codec import document_number, key, lines_of_text

#: Where `anyerp_netsuite.record` gathers the account's own fields, as JSON text.
CUSTOM = "custom"
#: What the account's own fields are called, of transactions, lines, entities, items and lists.
OWN = re.compile(r"cust(body|col|entity|item|record)[a-z0-9_]*", re.IGNORECASE)
#: Where the address of the record's page in the browser is put; several records have a `url` of their own.
PAGE = "page"

STAMPS: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("url", PAGE, text(), read_only=True),
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


def document(field: str, path: str) -> Nest:
    """A reference to the document that another was made from; its label says type and number."""
    return Nest(
        field,
        (
            Map("id", f"{path}/id", key(), create_only=True),
            Map("number", f"{path}/refName", document_number(), follows=True),
            Absent("name", "never: a document has a number, no name"),
        ),
    )


def address(field: str, at: str, *, read_only: bool = False) -> Nest:
    """An address subrecord."""
    return Nest(
        field,
        (
            Map("name", "addressee", text(83), read_only=read_only),
            Join("street", ("addr1", "addr2", "addr3"), lines_of_text(3, 150), read_only=read_only),
            Map("city", "city", text(50), read_only=read_only),
            Map("postal_code", "zip", text(36), read_only=read_only),
            Map("region", "state", text(30), read_only=read_only),
            Map("country", "country/id", text(2, upper=True), read_only=read_only),
        ),
        at=at,
    )
