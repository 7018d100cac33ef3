"""What an update of one line does to the others: the part of `writes.update` that is about lists."""

from __future__ import annotations

from typing import Any

from anyerp.errors import AnyErpError, Conflict, InvalidRecord, MappingError
from anyerp.lens import Each, Map
from anyerp.lens.domain import DecimalDomain
from anyerp.testing.contract.lens import breach, same
from anyerp.testing.law import Broken, shown
from anyerp.testing.native import leaves, wired
from anyerp.testing.sample import candidates, fails, key_for, writable_values
from anyerp.testing.subject import Bench, Subject
from anyerp.testing.values import Place, places


def one_line(subject: Subject, bench: Bench, resource: str) -> None:
    """Change one number in one line of a record with several, and look at all of them.

    Says nothing where the table has no lines that may be changed, or where the ERP takes no record with several.
    """
    each, numbers = _numbers(subject, resource)
    made = None if each is None or not numbers else _several(subject, bench, resource, each)
    if each is None or made is None:
        return
    collection, refused = bench.erp.collection(resource), ""
    for place in numbers:
        before = collection.get(made, raw=True)
        lines = list(getattr(before, each.field))
        value = (getattr(lines[0], place.rule.field) or 0) + 1
        lines[0] = lines[0].model_copy(update={place.rule.field: value})
        try:
            collection.update(_changed(each, before, lines))
        except (InvalidRecord, MappingError, Conflict) as error:
            refused = fails(error)  # this number may not be changed; the next may
            continue
        _compare(place, each, value, lines, before, collection.get(made, raw=True))
        return
    names = ", ".join(place.name for place in numbers)
    raise Broken(
        f"{names}: the table lets lines be changed, and the ERP refuses each: {refused}",
        "send lines as the ERP wants them; what is set once is `create_only`.",
    )


def carried_in_lines(subject: Subject, bench: Bench, resource: str) -> None:
    """Write each edge of each number of a line to the ERP and read it back, or be refused by it."""
    each, numbers = _numbers(subject, resource)
    made = None if each is None or not numbers else _several(subject, bench, resource, each)
    if each is None or made is None:
        return
    collection = bench.erp.collection(resource)
    for place in numbers:
        for edge in (edge for edge in place.edges() if edge.fate == "accept"):
            before = collection.get(made)
            lines = list(getattr(before, each.field))
            lines[0] = lines[0].model_copy(update={place.rule.field: edge.value})
            try:
                collection.update(_changed(each, before, lines))
            except (InvalidRecord, MappingError, Conflict):
                continue  # refused is lawful
            found = place.of(collection.get(made))
            if not same(place.settled(edge.value), found):
                raise breach(place, edge.value, f"was taken by the ERP, which has {shown(found)} ({edge.why})")


def _numbers(subject: Subject, resource: str) -> tuple[Each | None, list[Place]]:
    """The list of a record, and the numbers in its lines that may be changed; the quantity first."""
    declared = subject.resource(resource)
    if None in (declared.page, declared.get, declared.create, declared.update):
        return None, []
    each = next((rule for rule in declared.lens.rules if isinstance(rule, Each)), None)
    numbers = [place for place in places(declared.lens) if each is not None and _number(place, each)]
    return each, sorted(numbers, key=lambda place: place.rule.field != "quantity")


def _changed(each: Each, before: Any, lines: list[Any]) -> Any:
    """A record's identity and version, and all of its lines."""
    sent = [{**writable_values(each.rules, line), each.key[0]: getattr(line, each.key[0])} for line in lines]
    return type(before).model_validate({"id": before.id, "version": before.version, each.field: sent})


def _number(place: Place, each: Each) -> bool:
    return (
        place.trail == (each,)
        and not place.create_only
        and isinstance(place.rule, Map)
        and "." not in place.rule.field
        and place.rule.field != each.key[0]
        and isinstance(place.codec.domain, DecimalDomain)
    )


def _several(subject: Subject, bench: Bench, resource: str, each: Each) -> str | None:
    """The id of a new record with several lines."""
    collection, model = bench.erp.collection(resource), subject.resource(resource).lens.model
    for values in candidates(subject, bench, resource):
        if len(values.get(each.field) or ()) < 2:
            continue
        try:
            return str(collection.create(model.model_validate(values), key=key_for(subject, resource)).record.id)
        except AnyErpError:
            continue  # the next may be taken
    return None


def _compare(place: Place, each: Each, value: Any, lines: list[Any], before: Any, after: Any) -> None:
    found = list(getattr(after, each.field) or ())
    if len(found) != len(lines):
        raise breach(place, value, f"was given in one of {len(lines)} lines, and the ERP has {len(found)} lines")
    if getattr(found[0], place.rule.field) != value:
        raise breach(place, value, f"was given, and the ERP has {shown(getattr(found[0], place.rule.field))}")
    for given, there in zip(lines[1:], found[1:], strict=True):
        for name, old in dict(given).items():
            if old != (new := getattr(there, name)):
                raise Broken(f"{each.field}.{name}: another line was changed, and {shown(old)} became {shown(new)}")
    old_leaves, new_leaves = leaves(wired(before.raw)), leaves(wired(after.raw))
    if gone := ["/".join(map(str, path)) for path, old in old_leaves.items() if old and not new_leaves.get(path)]:
        raise Broken(f"{place.name} was updated, and the native {', '.join(gone[:5])} lost what they held")
