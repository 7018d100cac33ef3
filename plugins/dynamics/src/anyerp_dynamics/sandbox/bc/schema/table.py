"""The table room: entity types written as small text tables, one property a line, and what the product knows of each.

A line is `name type flags`. Types: guid, int, long, decimal, bool, date, instant, text and code (with a length when
there is one), and `*name` for an enumeration. `code` is Business Central's upper-cased key text (dynamics sheet §2.2).
Flags: `ro` cannot be written, `held` could be by the source but has no known effect, so this sandbox refuses it too.
`id` and `lastModifiedDateTime` are always read-only; `id` is the key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ...odata import EntitySet, EntityType, Navigation, Property

ZERO = "00000000-0000-0000-0000-000000000000"
NO_DATE = date(1, 1, 1)
NO_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
BLANK = "_x0020_"

_EDM = {
    "guid": "Edm.Guid", "int": "Edm.Int32", "long": "Edm.Int64", "decimal": "Edm.Decimal", "bool": "Edm.Boolean",
    "date": "Edm.Date", "instant": "Edm.DateTimeOffset", "text": "Edm.String", "code": "Edm.String",
}  # fmt: skip
#: What stands where nothing was entered: never null (dynamics sheet §2.2).
EMPTY: dict[str, Any] = {
    "Edm.Guid": ZERO, "Edm.Int32": 0, "Edm.Int64": 0, "Edm.Decimal": Decimal(0), "Edm.Boolean": False,
    "Edm.Date": NO_DATE, "Edm.DateTimeOffset": NO_INSTANT, "Edm.String": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """What the product knows of a property: whether it can be written, and whether it is upper-cased."""

    read_only: bool = False
    held: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What the product knows of a set (an API page): its table, what may be done, where it lives.

    `parent` is the property that holds the parent's id. A `closed` set is reached through its parent only, and
    refuses anything else with that text; `by_filter` lets a filter on `parent` or on the id stand for the path.
    `local` ids are unique inside their parent only. `order` is how rows come unasked. `blanks` are the values of a new
    row that differ from `EMPTY`.
    """

    table: str
    number: int
    caption: str
    insert: bool = True
    update: bool = True
    delete: bool = True
    parent: str | None = None
    closed: str = ""
    by_filter: bool = False
    local: bool = False
    order: tuple[str, ...] = ("id",)
    companyless: bool = False
    blanks: dict[str, Any] = field(default_factory=dict)


def one(name: str, target: str, here: str, there: str = "id") -> Navigation:
    """A navigation to one row of `target`, whose `there` equals our `here`."""
    return Navigation(name, target, many=False, join={here: there})


def many(target: str, there: str, name: str | None = None) -> Navigation:
    """A navigation to the rows of `target` that hold our id in `there`; they live inside us."""
    return Navigation(name or target, target, many=True, join={"id": there}, contained=True)


def _property(line: str) -> Property:
    name, kind, *flags = line.split()
    facts = Field(
        read_only="ro" in flags or name in ("id", "lastModifiedDateTime"),
        held="held" in flags,
        code=kind.startswith("code"),
    )
    if kind.startswith("*"):
        return Property(name, kind[1:], facts=facts)
    bare = kind.rstrip("0123456789")
    length = int(kind[len(bare) :]) if bare != kind else None
    return Property(name, _EDM[bare], nullable=name != "id", max_length=length, facts=facts)


def entity_set(
    name: str, type_name: str, page: Page, table: str, *navigations: Navigation, key: str = "id"
) -> EntitySet:
    """Give an entity set from its text table."""
    properties = tuple(_property(line) for line in table.splitlines() if line.strip())
    return EntitySet(name, EntityType(type_name, properties, (key,), navigations), facts=page)
