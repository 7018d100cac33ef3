"""Writing: create, update, replace, delete, held to company, field rules and business rules (dynamics sheet §1.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anyerp.wire import Headers, Response, load_json

from ..odata import EntitySet, ODataError, Property, Row, Segment, key_text, matches, read_body, require_json
from .exchange import Exchange
from .problem import duplicate, of_body, stale
from .reading import Reader
from .rule import RULES, Desk, Rule, label
from .schema import Fact, blank
from .sequence import Sequences
from .store import Store, Taken


@dataclass(frozen=True)
class Editor:
    """Answers POST, PATCH, PUT and DELETE."""

    store: Store
    reader: Reader
    sequences: Sequences
    now: Callable[[], datetime]

    def create(self, exchange: Exchange, entity_set: EntitySet) -> Response:
        """Answer a POST: 201 with the whole row, defaults filled and number assigned."""
        self._writable(entity_set)
        desk = self._desk(entity_set)
        given = self._body(exchange, entity_set)
        row = self.insert(desk, exchange.user.company, given)
        body = self.reader.writer(exchange, entity_set).single(entity_set, row)
        location = f"{exchange.root}/{entity_set.name}{key_text(entity_set.type, row)}"
        return exchange.answer(201, body, Location=location, ETag=str(self.store.etag(entity_set, row)))

    def insert(self, desk: Desk, company: str, given: Row) -> Row:
        """Add a row from what was given. Raises `Problem`."""
        entity_set, rule = desk.entity_set, self._rule(desk)
        row = blank(entity_set.name) | given
        if entity_set.facts.per_company:
            row["dataAreaId"] = self._company(desk, given.get("dataAreaId") or company)
        self._protect(desk, given, blank(entity_set.name))
        self._numbered(desk, row, given)
        self._found(desk, row, given)
        self._complete(desk, row)
        rule.defaults(desk, row, given)
        rule.check(desk, row, None)
        try:
            made = self.store.insert(entity_set.facts.table, row)
        except Taken:
            key = ", ".join(f"{label(name)}: {row[name]}" for name in entity_set.type.key if name != "dataAreaId")
            raise duplicate(
                entity_set.facts.entity, f"{entity_set.label} ({entity_set.facts.sources[0]})", key
            ) from None
        rule.written(desk, made)
        return made

    def update(self, exchange: Exchange, entity_set: EntitySet, segment: Segment, *, whole: bool = False) -> Response:
        """Answer a PATCH (or a PUT, which resets what it does not name): 204 without a body."""
        self._writable(entity_set)
        old = self.reader.one(exchange, entity_set, segment)
        self._unmoved(exchange, entity_set, old)
        self.change(self._desk(entity_set), old, self._body(exchange, entity_set), whole=whole)
        return Response(204, Headers({"OData-Version": "4.0"}))

    def change(self, desk: Desk, old: Row, given: Row, *, whole: bool = False) -> None:
        """Change a row; `whole` resets what is not given. Raises `Problem`."""
        entity_set, rule = desk.entity_set, self._rule(desk)
        self._protect(desk, given, old)
        row = old | given
        if whole:
            reset = {
                prop.name: prop.facts.default
                for prop in entity_set.type.properties
                if not prop.facts.read_only and not prop.facts.once
            }
            row = old | reset | given
        row |= {name: old[name] for name in entity_set.type.key}
        self._found(desk, row, row if whole else given)
        self._complete(desk, row)
        rule.check(desk, row, old)
        made = self.store.replace(entity_set.facts.table, row)
        rule.written(desk, made)

    def put(self, desk: Desk, company: str, given: Row) -> None:
        """Add a row, or change the one that has its key, as an import does. Raises `Problem`."""
        table, at = desk.entity_set.facts.table, {"dataAreaId": company.casefold()} | given
        known = all(name in at for name in desk.entity_set.type.key)
        old = self.store.tables[table].get(self.store.key(table, at)) if known else None
        if old is None:
            self.insert(desk, company, given)
        else:
            self.change(desk, old, given)

    def delete(self, exchange: Exchange, entity_set: EntitySet, segment: Segment) -> Response:
        """Answer a DELETE: 204."""
        self._writable(entity_set)
        row = self.reader.one(exchange, entity_set, segment)
        self._unmoved(exchange, entity_set, row)
        desk = self._desk(entity_set)
        rule = self._rule(desk)
        rule.remove(desk, row)
        self.store.remove(entity_set.facts.table, row)
        rule.written(desk, row)
        return Response(204, Headers({"OData-Version": "4.0"}))

    def _desk(self, entity_set: EntitySet) -> Desk:
        return Desk(self.store, self.sequences, self.now, entity_set)

    @staticmethod
    def _rule(desk: Desk) -> Rule:
        return RULES.get(desk.entity_set.facts.table, Rule())

    def _writable(self, entity_set: EntitySet) -> None:
        if entity_set.facts.read_only:
            raise self._desk(entity_set).refuse(f"Error: {entity_set.label} are read only.")

    def _unmoved(self, exchange: Exchange, entity_set: EntitySet, row: Row) -> None:
        """Hold a write to its `If-Match`, which is optional here."""
        wanted = exchange.call.headers.get("if-match")
        if wanted is not None and not matches(wanted, str(self.store.etag(entity_set, row))):
            raise stale()

    def _body(self, exchange: Exchange, entity_set: EntitySet) -> Row:
        try:
            as_text = require_json(exchange.call.headers.get("content-type"))
            body = read_body(
                load_json(exchange.call.content), entity_set.type, self.store.schema, numbers_as_text=as_text
            )
        except ODataError as error:
            raise of_body(error) from None
        except ValueError:
            raise of_body(ODataError("syntax", "The body is not JSON.")) from None
        for name in [*body.nested, *body.binds]:
            raise of_body(ODataError("nested", f"Deep insert is not supported: '{name}' must be written by itself."))
        desk = self._desk(entity_set)
        return {name: self._value(desk, entity_set.type.by_name[name], value) for name, value in body.values.items()}

    @staticmethod
    def _value(desk: Desk, prop: Property, value: Any) -> Any:
        fact: Fact = prop.facts
        if value is None:
            return fact.default
        if fact.kind == "date":
            # The day is that of UTC: an instant of another offset may fall on its neighbour (dynamics sheet §1.4).
            return value.replace(hour=12, minute=0, second=0, microsecond=0)
        if fact.kind == "text" and len(value) > fact.size:
            raise desk.refuse(
                f"Error: Field '{label(prop.name)}' takes {fact.size} characters, not {len(value)}.",
                check="validateField",
            )
        return value

    @staticmethod
    def _protect(desk: Desk, given: Row, stands: Row) -> None:
        """Refuse a change of what clients cannot change; the value that stands there already is no change."""
        editing = "_stamp" in stands
        for name, value in given.items():
            fact: Fact = desk.entity_set.type.by_name[name].facts
            fixed = (fact.read_only and not fact.sequence) or (editing and fact.once)
            same = value == stands[name] or str(value).casefold() == str(stands[name]).casefold()
            if fixed and not same:
                raise desk.refuse(f"Error: Field '{label(name)}' cannot be edited.", check="validateField")

    def _company(self, desk: Desk, company: str) -> str:
        found = self.store.find("legal_entity", company)
        if found is None:
            raise desk.refuse(f"Error: Company {company} does not exist.")
        return str(found["LegalEntityId"])

    def _numbered(self, desk: Desk, row: Row, given: Row) -> None:
        facts = desk.entity_set.facts
        for prop in desk.entity_set.type.properties:
            if not prop.facts.sequence or given.get(prop.name):
                continue
            if facts.table in self.sequences.manual:
                raise desk.mandatory(prop.name)
            row[prop.name] = self.sequences.next(facts.table, row["dataAreaId"])

    def _found(self, desk: Desk, row: Row, given: Row) -> None:
        """Refuse a value that is not in the table to which its field points."""
        for name in given:
            pointed = (
                desk.entity_set.type.by_name[name].facts.found_in if name in desk.entity_set.type.by_name else None
            )
            if pointed is None or row[name] in ("", 0):
                continue
            other = self.store.schema.sets[pointed]
            key = (row["dataAreaId"], row[name]) if other.facts.per_company else (row[name],)
            if self.store.find(other.facts.table, *key) is None:
                said = f"Error: The value '{row[name]}' in field '{label(name)}' is not found in the related table"
                raise desk.refuse(f"{said} '{other.label}'.", check="validateField")

    @staticmethod
    def _complete(desk: Desk, row: Row) -> None:
        for prop in desk.entity_set.type.properties:
            if prop.facts.must and row[prop.name] in ("", None):
                raise desk.mandatory(prop.name)
