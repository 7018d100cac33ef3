"""Lens laws: what a table reads and writes is the same value, nothing is lost in silence, both readers agree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ValidationError

from anyerp.lens import BadPage, Compiled, Lens, Slots, Unreadable
from anyerp.lens.reading import read
from anyerp.model import Ref
from anyerp.testing.law import Broken, Skipped, law, shown
from anyerp.testing.native import damaged, leaves, overlaid, page_of, pruned, wired, without
from anyerp.testing.subject import Subject
from anyerp.testing.values import Edge, Place, each, places, strategy

#: Native records that are written over, and values of a place that are paired with each other.
BASES, FEW = 3, 8


def breach(place: Place, value: Any, what: str) -> Broken:
    """A breach at one place: both names, what is wrong, the value."""
    return Broken(f"{place.name} <-> {place.paths}: {what}; value {shown(value)}")


def same(expected: Any, found: Any) -> bool:
    """Whether a value arrived; the name in a reference is for people and does not count."""
    if isinstance(expected, Ref) and isinstance(found, Ref):
        return (expected.id, expected.number) == (found.id, found.number)
    return bool(expected == found)


def tried(lens: Lens[Any]) -> Iterator[tuple[Place, Edge]]:
    """Every edge of every writable place."""
    for place in places(lens):
        for edge in place.edges():
            yield place, edge


def bases(subject: Subject, resource: str) -> list[dict[str, Any]]:
    """Native records to write over, foreign fields laid on: the ERP's own where it lists any, else one made here."""
    richest = sorted(subject.natives(resource), key=lambda native: -len(leaves(native)))[:BASES]
    natives = [wired(overlaid(native)) for native in richest]
    return natives or [wired(overlaid(_made(subject.resource(resource).lens)))]


def _few(subject: Subject, resource: str) -> list[dict[str, Any]]:
    """The richest of them, for laws that try every edge; all of them in the deep profile."""
    found = bases(subject, resource)
    return found[:1] if subject.profile == "quick" else found


def _made(lens: Lens[Any]) -> dict[str, Any]:
    native: dict[str, Any] = {}
    for place, edge in tried(lens):
        if edge.fate == "accept" and not place.in_line:
            native = lens.put(native, place.record(edge.value)).native
    return native


def _got(lens: Lens[Any], native: dict[str, Any]) -> Any:
    return lens.get(wired(native))


@law("lens.round_trip")
def round_trip(subject: Subject, resource: str) -> None:
    """A value is carried whole or refused by name.

    Why: an ERP that cuts a text at its column's width, or rounds a price, does so without a word.
    Checked: each edge of each writable field is made native, goes through JSON and is read back: the same (as the
    codec's `settle` declares), or refused. What lies outside the declared domain must be refused. Then random records.
    If it fails: mend the codec, or declare the domain as it is.
    Exempt: an `Exemption`, or a field declared `Absent`.
    """
    lens = subject.resource(resource).lens
    for place, edge in tried(lens):
        written = lens.create(place.record(edge.value))
        if written.problems:
            continue
        if edge.fate == "refuse":
            raise breach(place, edge.value, f"was taken, though the declared domain ends before it ({edge.why})")
        found = place.of(_got(lens, written.native))
        if not same(place.settled(edge.value), found):
            raise breach(place, edge.value, f"came back as {shown(found)} ({edge.why})")

    def check(record: Any) -> None:
        written = lens.create(record)
        if not written.problems:
            _compare(lens, record, _got(lens, written.native))

    each(strategy(lens), check, subject.examples)


def _compare(lens: Lens[Any], given: Any, found: Any) -> None:
    lines = max([1, *(len(value) for value in dict(given).values() if isinstance(value, tuple))])
    for place in places(lens):
        for line in range(lines if place.in_line else 1):
            value = place.of(given, line)
            if value is not None and not same(place.settled(value), place.of(found, line)):
                raise breach(place, value, f"came back as {shown(place.of(found, line))} from a whole record")


@law("lens.put_get")
def put_get(subject: Subject, resource: str) -> None:
    """What is written over a record is read back from it.

    Why: an update that the lens loses is an update that the host believes was made.
    Checked: each edge, and nothing (clearing), written over native records of the sandbox and read back.
    If it fails: writing and reading use different paths, or `empty` does not mean nothing when it is read.
    Exempt: a field that is `create_only` or `read_only`.
    """
    lens = subject.resource(resource).lens
    for base in _few(subject, resource):
        for place, edge in tried(lens):
            if place.create_only or edge.fate == "refuse":
                continue
            written = lens.put(base, place.record(edge.value))
            if not written.problems and not same(place.settled(edge.value), place.of(_got(lens, written.native))):
                found = place.of(_got(lens, written.native))
                raise breach(place, edge.value, f"written over a record, it is read as {shown(found)}")
        for place in places(lens):
            if place.create_only or place.in_line:
                continue
            written = lens.put(base, place.record(None))
            left = place.of(_got(lens, written.native))
            if not written.problems and left is not None:
                raise breach(place, None, f"cleared, it is read as {shown(left)}; `empty` must read as nothing")


@law("lens.get_put")
def get_put(subject: Subject, resource: str) -> None:
    """Writing back what was read changes nothing, and what no rule knows survives every write.

    Why: customers have fields that we never heard of; an integration that blanks them is switched off the same day.
    Checked: native records of the sandbox with foreign fields laid on at every depth are read and written back
    unchanged, with their lines in another order (each line keeps its own fields), and with one field changed.
    If it fails: lines are matched by place instead of key, or a record is rebuilt instead of written over.
    Exempt: an `Exemption`.
    """
    lens = subject.resource(resource).lens
    for base in bases(subject, resource):
        record = lens.get(base)
        written = lens.put(base, record)
        if written.problems:
            raise Broken(f"written back as it was read, it is refused: {written.problems[0].message}")
        changed = {**written.changes.fields, **written.changes.lists}
        if written.changes or wired(written.native) != base:
            raise Broken(
                f"written back as it was read, it changes {shown(changed or _difference(base, written.native))}"
            )
        _turned(lens, base, record)
        for place in places(lens):
            edge = next((edge for edge in place.edges() if edge.fate == "accept"), None)
            if edge is not None and not place.create_only and not place.in_line:
                after = wired(lens.put(base, place.record(edge.value)).native)
                lost = _difference(without(base, place.paths), without(after, place.paths))
                if lost:
                    raise breach(place, edge.value, f"writing it also changes {shown(lost)}")


def _turned(lens: Lens[Any], base: dict[str, Any], record: Any) -> None:
    for field, value in dict(record).items():
        if isinstance(value, tuple) and len(value) > 1 and isinstance(value[0], BaseModel):
            written = lens.put(base, record.model_copy(update={field: value[::-1]}))
            if not written.problems and sorted(map(repr, _rows(wired(written.native)))) != sorted(
                map(repr, _rows(base))
            ):
                raise Broken(f"{field}: given in another order, lines lose or exchange what no rule knows")


def _rows(native: Any) -> list[dict[str, Any]]:
    """Every object that stands in a list, deepest included."""
    if isinstance(native, dict):
        return [row for value in native.values() for row in _rows(value)]
    if isinstance(native, list):
        return [row for row in native if isinstance(row, dict)] + [row for item in native for row in _rows(item)]
    return []


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    old, new = leaves(before), leaves(after)
    return {"/".join(map(str, path)): new.get(path) for path in {**old, **new} if old.get(path) != new.get(path)}


@law("lens.put_put")
def put_put(subject: Subject, resource: str) -> None:
    """The last write wins whole: nothing of an earlier one is left behind.

    Why: residue (the second line of a street, the old storage location) makes a record that nobody ever wrote.
    Checked: two values written one after the other give the same native record as the second alone.
    If it fails: a rule writes only some of its paths for some values; write every path each time.
    Exempt: an `Exemption`.
    """
    lens = subject.resource(resource).lens
    for base in _few(subject, resource):
        for place in places(lens):
            values = [edge.value for edge in place.edges() if edge.fate != "refuse"]
            values = values[:FEW] if subject.profile == "quick" else values
            if place.create_only or not values:
                continue
            for earlier, later in [*pairwise(values), (values[-1], values[0])]:
                between = lens.put(base, place.record(earlier))
                twice, once = lens.put(between.native, place.record(later)), lens.put(base, place.record(later))
                if between.problems or twice.problems or once.problems:
                    continue
                # The place itself is compared as it reads: a value that stood there already keeps its native spelling.
                one, two = pruned(wired(once.native)), pruned(wired(twice.native))
                left = _difference(without(one, place.paths), without(two, place.paths))
                if left:
                    raise breach(place, later, f"written after {shown(earlier)}, it leaves {shown(left)}")
                if place.of(lens.get(one)) != place.of(lens.get(two)):
                    found = place.of(lens.get(two))
                    raise breach(place, later, f"written after {shown(earlier)}, it is read as {shown(found)}")


@law("lens.settle")
def settle(subject: Subject, resource: str) -> None:
    """A declared normalisation is applied once and changes no more than spelling.

    Why: `settle` loosens every other law; one that forgives too much would forgive anything.
    Checked: settling twice is settling once; what is read is settled; letter case, leading zeros and blanks around may
    change, nothing else; numbers and dates not at all, moments only to the declared precision.
    If it fails: make `settle` idempotent, or refuse in `encode` what the ERP would alter.
    Exempt: an `Exemption`.
    """
    lens = subject.resource(resource).lens
    for place, edge in tried(lens):
        settled = place.settled(edge.value)
        if place.settled(settled) != settled:
            raise breach(place, edge.value, f"settles to {shown(settled)}, and that to {shown(place.settled(settled))}")
        if edge.fate != "either" and not _spelling(place, edge.value, settled):
            raise breach(place, edge.value, f"settles to {shown(settled)}, which is more than another spelling")
    for native in subject.natives(resource):
        record = lens.get(wired(native))
        for place in places(lens):
            value = place.of(record)
            if value is not None and not same(place.settled(value), value):
                raise breach(place, value, f"is read, but settles to {shown(place.settled(value))}")


def _spelling(place: Place, value: Any, settled: Any) -> bool:
    if isinstance(place.rule, Slots):
        return [_plain(one) for one in value] == [_plain(one) for one in settled]
    step = getattr(place.codec.domain, "microseconds", None)
    if step is not None:
        return bool(abs((value - settled).total_seconds()) * 1_000_000 < step)
    return bool(_plain(value) == _plain(settled))


def _plain(value: Any) -> Any:
    if isinstance(value, Ref):
        value = value.id or value.number
    return value.strip().casefold().lstrip("0") if isinstance(value, str) else value


@law("lens.not_vacuous")
def not_vacuous(subject: Subject, resource: str) -> None:
    """Nothing is lawful by refusing nearly everything.

    Why: a lens that refuses all keeps every other law.
    Checked: each writable field declares its domain, and takes every value in it, alone and in random records; every
    record that the sandbox sends can be read; a resource with `create` or `update` has something to write.
    If it fails: the codec refuses values that its own domain promises, or promises too much.
    Exempt: narrow the codec's domain.
    """
    declared = subject.resource(resource)
    lens = declared.lens
    found = places(lens)
    if not found and (declared.create or declared.update):
        raise Broken("create or update is offered, but no field can be written")
    for place in found:
        if place.codec.domain is None:
            raise breach(place, None, f"its codec {place.codec.name} writes, but declares no domain")
        accepted = [edge for edge in place.edges() if edge.fate == "accept"]
        if not accepted:
            raise breach(place, None, "the declared domain has no value that the model takes")
        for edge in accepted:
            problems = lens.create(place.record(edge.value)).problems
            if problems:
                raise breach(place, edge.value, f"is inside the declared domain, but refused: {problems[0].message}")

    def check(record: Any) -> None:
        problems = lens.create(record).problems
        if problems:
            raise Broken(f"a record inside the declared domains is refused: {problems[0].message}")

    each(strategy(lens), check, subject.examples)
    for native in subject.natives(resource):
        try:
            lens.get(wired(native))
        except (Unreadable, ValidationError) as error:
            raise Broken(f"a record that the ERP itself sends cannot be read: {error}") from None


@law("lens.compiled")
def compiled(subject: Subject, resource: str) -> None:
    """The compiled reader gives what the interpreted one gives, on damaged payloads too.

    Why: the fast path is generated; a difference would be a wrong record that nobody sees.
    Checked: native records, and each with one mapped value missing, null, empty, overlong or of another type: the same
    record from both, or refused by both.
    If it fails: a codec's `inline` differs from its `decode`, or `memo` is set on a codec that is not pure.
    Exempt: an `Exemption`.
    """
    declared = subject.resource(resource)
    lens, fast = declared.lens, declared.lens.compile(declared.rows)
    natives = [wired(native) for native in subject.natives(resource)[:BASES]]
    natives += [
        wired(lens.create(place.record(edge.value)).native) for place, edge in tried(lens) if edge.fate != "refuse"
    ]
    if not natives:
        raise Skipped("nothing to read: the resource is neither listed nor written")
    for native in [*natives, *damaged(natives[0], lens.native_fields)]:
        _read_alike(lens, fast, native, page_of([native], declared.rows))
        if declared.flat is not None:
            rows = [pruned(row) for row in declared.flat.rows(native, lens.native_fields)]
            whole = declared.flat.native(rows, lens.native_fields)
            flat = lens.compile(declared.rows, declared.flat)
            _read_alike(lens, flat, whole, page_of(rows, declared.rows))


def _read_alike(lens: Lens[Any], fast: Compiled[Any], native: Any, content: bytes) -> None:
    try:
        slow: Any = lens.model.model_validate(read(lens.rules, native))
    except (Unreadable, ValidationError) as error:
        slow = error
    try:
        good, bad = fast.careful(content)
    except BadPage as error:
        raise Broken(f"one damaged record spoils its page: {error}; record {shown(native)}") from None
    if isinstance(slow, Exception):
        if good:
            raise Broken(f"the compiled reader takes what the interpreted one refuses ({slow}): {shown(native)}")
    elif bad or good != [slow]:
        field = "" if bad else next(name for name, value in dict(slow).items() if getattr(good[0], name) != value)
        raise Broken(f"the readers differ in {field or bad[0].reasons[0].message}; record {shown(native)}")
