"""Samples: records that the ERP takes, made from those that it has, so that nobody has to write any for the kit."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from typing import Any

from anyerp.connection import Connection
from anyerp.errors import AnyErpError, ConfigError, InvalidRecord, MappingError, NotSupported
from anyerp.lens import Each, Join, Map, Nest, Rule, Slots
from anyerp.lens.domain import TextDomain
from anyerp.lens.rule import writable
from anyerp.testing.law import Broken, Skipped, shown
from anyerp.testing.subject import Bench, Subject
from anyerp.testing.values import Place, patterns, places

_numbers = itertools.count(1)


def new_key(subject: Subject) -> str:
    """A key of ours that no record carries yet: short, upper case; on a live server it differs from run to run."""
    number = next(_numbers)
    return f"KIT{number:05d}" if subject.settings is None else f"K{int(time.time()) % 10**7:07d}{number:03d}"


def writable_values(rules: Iterable[Rule], record: Any) -> dict[str, Any]:
    """What of a record may be written, as plain values."""
    found: dict[str, Any] = {}
    for rule in rules:
        if not writable(rule):
            continue
        head, _, custom = rule.field.partition(".")
        value = getattr(record, head, None)
        value = (value or {}).get(custom) if custom else value
        if value is None:
            continue
        match rule:
            case Nest(rules=inner):
                found[head] = writable_values(inner, value)
            case Each(rules=inner):
                found[head] = [writable_values(inner, line) for line in value]
            case Map() | Join() | Slots() if custom:
                found[head] = {**found.get(head, {}), custom: value}
            case _:
                found[head] = value
    return found


def all_ids(erp: Connection, resource: str, most: int = 3000) -> list[str]:
    """The id of every record in the list. Raises `Broken` when the list does not end."""
    ids = [str(record.id) for record in itertools.islice(erp.collection(resource).list(), most)]
    if len(ids) == most:
        raise Broken(f"{resource}: the list does not end after {most} records")
    return ids


def candidates(subject: Subject, bench: Bench, resource: str) -> Iterator[dict[str, Any]]:
    """What may be created anew, record by record of those that exist."""
    lens, key_field = subject.resource(resource).lens, subject.resource(resource).key_field
    collection = bench.erp.collection(resource)
    for listed in collection.page(page_size=12).records:
        record = collection.get(listed.id) if subject.resource(resource).get and listed.id else listed
        values = writable_values(lens.rules, record)
        values.pop(key_field, None)
        if values:
            yield values


def sample(subject: Subject, bench: Bench, resource: str) -> Any:
    """A record that this ERP takes as new, without a key. Raises `Broken` when it takes none of its own."""
    subject.need(resource, "create", "page", "get")
    model = subject.resource(resource).lens.model
    if resource not in subject.cache:
        refused = "there is none to learn from"
        for values in candidates(subject, bench, resource):
            record = model.model_validate(values)
            try:
                with subject.bench() as apart:
                    apart.erp.collection(resource).create(record, key=key_for(subject, resource))
            except (InvalidRecord, MappingError, ConfigError) as error:
                refused = str(error)
                continue
            subject.cache[resource] = values
            break
        else:
            raise Broken(f"{resource}: no existing record can be created anew ({refused})")
    return model.model_validate(subject.cache[resource])


def key_for(subject: Subject, resource: str) -> str | None:
    """A new key where the resource can look for one, else None."""
    return new_key(subject) if subject.resource(resource).find is not None else None


def created(subject: Subject, bench: Bench, resource: str) -> Any:
    """A record that was just created."""
    record = sample(subject, bench, resource)
    return bench.erp.collection(resource).create(record, key=key_for(subject, resource)).record


def editable(subject: Subject, bench: Bench, resource: str) -> Place:
    """A text of the header that this ERP lets us change after creation. Skips the law where there is none."""
    subject.need(resource, "update", "get")
    declared = subject.resource(resource)
    cached = f"{resource} editable"
    texts = [place for place in places(declared.lens) if _free(place) and place.name != declared.key_field]
    # The header's own fields first.
    texts.sort(key=lambda place: (bool(place.trail), "/" in place.paths, -_length(place)))
    for place in texts:
        if subject.cache.get(cached, place.name) != place.name:
            continue
        with subject.bench() as apart:
            record = created(subject, apart, resource)
            collection = apart.erp.collection(resource)
            try:
                after = collection.update(edited(place, record, "Kit tries")).record
            except (InvalidRecord, MappingError, NotSupported):
                continue
            if place.of(after) != place.settled("Kit tries"):
                raise Broken(f"{place.name} <-> {place.paths}: updated to 'Kit tries', it is {shown(place.of(after))}")
        subject.cache[cached] = place.name
        return place
    raise Skipped("no text of the header can be changed after creation")


def edited(place: Place, record: Any, value: Any) -> Any:
    """A record's identity and version, with one value changed and nothing else set."""
    return type(record).model_validate({"id": record.id, "version": record.version, **place.nested(value)})


def _free(place: Place) -> bool:
    head = place.rule.field.partition(".")[0]
    return (
        not place.create_only
        and not place.in_line
        and isinstance(place.rule, Map)
        and isinstance(place.codec.domain, TextDomain)
        and place.codec.domain.max_length >= len("Kit tries")
        and not list(patterns([place.model.model_fields[head].annotation]))
    )


def _length(place: Place) -> int:
    return place.codec.domain.max_length if isinstance(place.codec.domain, TextDomain) else 0


def fails(error: Exception) -> str:
    """An error for a message: its class and its first line."""
    text = error.message if isinstance(error, AnyErpError) else str(error)
    return f"{type(error).__name__}: {text.partition(chr(10))[0]}"
