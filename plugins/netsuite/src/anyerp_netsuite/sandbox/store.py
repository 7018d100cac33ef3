"""The account's records, stock and links between documents: what writes really change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal

from anyerp_netsuite.sandbox.field import RecordType, Ref, Values
from anyerp_netsuite.sandbox.problem import not_found
from anyerp_netsuite.sandbox.schema import TYPES, targets

#: Small lists that documents refer to and that have no record service here: list -> id -> label.
Lists = dict[str, dict[str, str]]


@dataclass
class Record:
    """One record: plain values by field name, references as `Ref`, lines as dicts. `version` counts saves."""

    type: RecordType
    id: str
    values: Values
    version: int = 0
    #: Why the record cannot be loaded for editing, which is how a GET loads it (netsuite sheet §3).
    locked: str = ""
    next_line: int = 1

    @property
    def ref(self) -> Ref:
        """A reference to this record."""
        return Ref(self.type.key, self.id)

    def label(self) -> str:
        """What a reference to this record shows."""
        name = str(self.values.get(self.type.shown, self.id))
        if self.type.family == "entity" and (company := self.values.get("companyName")):
            return f"{name} {company}"
        return f"{self.type.label} #{name}" if self.type.family == "transaction" else name


@dataclass(frozen=True)
class Link:
    """A line of one document made from a line of another (`previoustransactionlinelink`)."""

    kind: str
    previous: Ref
    previous_line: int
    next: Ref
    next_line: int


@dataclass
class Stock:
    """Quantities of one item at one location, in the item's stock unit."""

    on_hand: Decimal = Decimal(0)
    on_order: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    in_transit: Decimal = Decimal(0)

    @property
    def available(self) -> Decimal:
        """What nobody has claimed."""
        return self.on_hand - self.committed


@dataclass(frozen=True)
class Deleted:
    """A record that is gone (`deletedrecord`)."""

    ref: Ref
    label: str
    at: datetime


@dataclass
class Store:
    """All of it. Not locked: the sandbox holds one lock around every call."""

    now: Callable[[], datetime]
    zone: tzinfo = UTC
    one_world: bool = True
    #: How many accounting books there are; the first is the primary one.
    books: int = 1
    records: dict[str, dict[str, Record]] = field(default_factory=lambda: {key: {} for key in TYPES})
    lists: Lists = field(default_factory=dict)
    stock: dict[tuple[str, str], Stock] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    deleted: list[Deleted] = field(default_factory=list)
    #: Records whose rows in SuiteQL are out of date.
    dirty: set[Ref] = field(default_factory=set)
    #: Order types that changed since `Stock.on_order` (purchase) and `committed` (sales) were last counted.
    uncounted: set[str] = field(default_factory=lambda: {"purchaseorder", "salesorder"})
    _externals: dict[tuple[str, str], str] = field(default_factory=dict)
    _last_id: dict[str, int] = field(default_factory=dict)
    _last_number: dict[str, int] = field(default_factory=dict)
    _unique_key: int = 900_000

    def moment(self) -> datetime:
        """Now, in UTC and whole seconds, as the system keeps it."""
        return self.now().astimezone(UTC).replace(microsecond=0)

    def today(self) -> date:
        """Today in the account's time zone."""
        return self.moment().astimezone(self.zone).date()

    def find(self, kind: str, id: str) -> Record | None:
        """The record of exactly that type and id."""
        return self.records.get(kind, {}).get(id)

    def get(self, kind: str, id: str) -> Record:
        """The record, or a 404. `eid:X` finds it by external id (netsuite sheet §3)."""
        if id.startswith("eid:"):
            id = self._externals.get((kind, id[4:]), "")
        record = self.find(kind, id)
        if record is None:
            raise not_found()
        return record

    def at(self, ref: Ref) -> Record:
        """The record a stored reference points to; it exists."""
        return self.records[ref.kind][ref.id]

    def all(self, kind: str) -> Iterator[Record]:
        """Every record of a type."""
        return iter(self.records[kind].values())

    def resolve(self, target: str, *, id: str = "", external_id: str = "", name: str = "") -> Ref | None:
        """What a written reference means: by id, external id or shown name, in that order of strength."""
        for kind in targets(target):
            if kind in self.lists:
                for key, label in self.lists[kind].items():
                    if (id and key == id) or (name and label == name):
                        return Ref(kind, key)
                continue
            if id and self.find(kind, id):
                return Ref(kind, id)
            if external_id and (found := self._externals.get((kind, external_id))):
                return Ref(kind, found)
            if name:
                for record in self.all(kind):
                    if name in (record.label(), record.values.get(record.type.shown)):
                        return record.ref
        return None

    def label(self, ref: Ref) -> str:
        """The `refName` of a reference; empty for system users such as employee -1."""
        record = self.find(ref.kind, ref.id)
        return record.label() if record else self.lists.get(ref.kind, {}).get(ref.id, "")

    def by_external(self, kind: str, external_id: str) -> Record | None:
        """The record of that external id."""
        id = self._externals.get((kind, external_id))
        return self.find(kind, id) if id else None

    def new_id(self, space: str) -> str:
        """The next internal id of a space (`RecordType.id_space`)."""
        self._last_id[space] = self._last_id.get(space, 0) + 1
        return str(self._last_id[space])

    def new_number(self, prefix: str) -> int:
        """The next document number behind a prefix."""
        self._last_number[prefix] = self._last_number.get(prefix, 0) + 1
        return self._last_number[prefix]

    def new_unique_key(self) -> int:
        """The next account-wide key of a transaction line."""
        self._unique_key += 1
        return self._unique_key

    def start_at(self, *, ids: dict[str, int], numbers: dict[str, int]) -> None:
        """Let ids and numbers go on from here (an account has a history)."""
        self._last_id.update(ids)
        self._last_number.update(numbers)

    def put(self, record: Record) -> None:
        """Save a record: stamps, version and the external id's index follow."""
        old = self.find(record.type.key, record.id)
        if old is not None and (before := old.values.get("externalId")):
            self._externals.pop((record.type.key, before), None)
        if external := record.values.get("externalId"):
            self._externals[record.type.key, external] = record.id
        now = self.moment()
        for stamp in ("createdDate", "dateCreated"):
            if record.type.shape.find(stamp):
                record.values.setdefault(stamp, now)
        record.values["lastModifiedDate"] = now
        record.version += 1
        self.records[record.type.key][record.id] = record
        self._changed(record)

    def remove(self, record: Record) -> None:
        """Delete a record; `deletedrecord` remembers it."""
        self._externals.pop((record.type.key, record.values.get("externalId", "")), None)
        del self.records[record.type.key][record.id]
        self.links = [one for one in self.links if record.ref not in (one.previous, one.next)]
        self.deleted.append(Deleted(record.ref, record.label(), self.moment()))
        self._changed(record)

    def _changed(self, record: Record) -> None:
        self.dirty.add(record.ref)
        if record.type.key in ("purchaseorder", "salesorder"):
            self.uncounted.add(record.type.key)

    def stock_of(self, item: str, location: str) -> Stock:
        """The stock of an item at a location, made when first asked for."""
        return self.stock.setdefault((item, location), Stock())

    def links_from(self, ref: Ref) -> list[Link]:
        """Links to the documents made from one."""
        return [one for one in self.links if one.previous == ref]
