"""Write laws: what was given arrives, once, over nobody else's change, and nothing that we do not know is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyerp.errors import AnyErpError, Conflict, InvalidRecord, MappingError, NotRepresentable, OutcomeUnknown
from anyerp.testing.contract.lens import breach, same
from anyerp.testing.contract.line import carried_in_lines, one_line
from anyerp.testing.inprocess import is_write
from anyerp.testing.law import Broken, Skipped, law, shown
from anyerp.testing.native import leaves, wired, without
from anyerp.testing.sample import all_ids, created, editable, edited, fails, new_key, sample
from anyerp.testing.sandbox import Call, Once, lose_after, lose_before
from anyerp.testing.subject import Subject
from anyerp.testing.values import places
from anyerp.wire import Response


def _arrived(subject: Subject, resource: str, given: Any, found: Any) -> None:
    lines = max([1, *(len(value) for value in dict(given).values() if isinstance(value, tuple))])
    for place in places(subject.resource(resource).lens):
        for line in range(lines if place.in_line else 1):
            value = place.of(given, line)
            if value is not None and not same(place.settled(value), place.of(found, line)):
                raise breach(place, value, f"was given, and the ERP has {shown(place.of(found, line))}")


@law("writes.create_get")
def create_get(subject: Subject, resource: str) -> None:
    """What was created is what one reads.

    Why: the first thing that a host does with an order is to trust it.
    Checked: a record like one of the ERP's own is created, read by its id, found in the list, equal field by field.
    If it fails: `create` forgets nested parts, or the record that it gives is not the one in the ERP.
    Exempt: an `Exemption`.
    """
    with subject.bench() as bench:
        record = sample(subject, bench, resource)
        declared, collection = subject.resource(resource), bench.erp.collection(resource)
        key = new_key(subject) if declared.find is not None else None
        done = collection.create(record, key=key)
        if done.outcome != "applied" or done.record.id is None:
            raise Broken(f"{resource}.create gives outcome {done.outcome} and id {done.record.id!r}")
        found = collection.get(done.record.id)
        _arrived(subject, resource, record, done.record)
        _arrived(subject, resource, record, found)
        if key is not None and getattr(found, declared.key_field) != key:
            raise Broken(
                f"{declared.key_field}: the key {key!r} was given, the ERP has {getattr(found, declared.key_field)!r}"
            )
        if done.record.id not in all_ids(bench.erp, resource):
            raise Broken(f"{resource}: {done.record.id} was created, but is not in the list")


@law("writes.same_key")
def same_key(subject: Subject, resource: str) -> None:
    """The same key twice is one record.

    Why: a host that was restarted asks again.
    Checked: create is called twice with one key; the second gives the first one's record, field by field, and sends no
    write.
    If it fails: `find` does not find by `key_field`, or gives less of the record than `get`: it is what the host gets.
    Exempt: a resource without `find`, declared with its reason.
    """
    subject.need(resource, "find", "create")
    with subject.bench() as bench:
        record, collection, key = sample(subject, bench, resource), bench.erp.collection(resource), new_key(subject)
        before = len(all_ids(bench.erp, resource))
        one, two = collection.create(record, key=key), collection.create(record, key=key)
        more = len(all_ids(bench.erp, resource)) - before
        if more != 1 or one.record.id != two.record.id or two.settled != "before":
            raise Broken(
                f"{resource}: created twice with the key {key!r}: {more} records, ids {one.record.id}, {two.record.id}"
            )
        _arrived(subject, resource, record, two.record)


@law("writes.lost_after")
def lost_after(subject: Subject, resource: str) -> None:
    """An answer lost after the work was done is settled by looking, never by sending again.

    Why: the second order of forty tons is real.
    Checked: the answer to the create is lost; the record is found by its key, and there is one.
    If it fails: no retry of a write in the flow; mark it as a write; `find` must find what was just created.
    Exempt: a resource without `find`, declared with its reason.
    """
    subject.need(resource, "find", "create")
    with subject.bench() as bench:
        record, collection, key = sample(subject, bench, resource), bench.erp.collection(resource), new_key(subject)
        before = len(all_ids(bench.erp, resource))
        fault = Once(lose_after, when=is_write)
        bench.sandbox.faults.append(fault)
        try:
            done = collection.create(record, key=key)
        except AnyErpError as error:
            raise Broken(f"{resource}: a lost answer to create is not settled by looking: {fails(error)}") from None
        more = len(all_ids(bench.erp, resource)) - before
        if fault.times:
            raise Broken(f"{resource}.create sends no request that is marked as a write")
        if more != 1 or done.settled != "look":
            raise Broken(f"{resource}: after a lost answer there are {more} new records with the key {key!r}")


@law("writes.lost_before")
def lost_before(subject: Subject, resource: str) -> None:
    """A request lost on the way there is said to be unknown, and asking again makes one record.

    Why: nobody can tell this from an answer that was lost; only looking can.
    Checked: the create never arrives: `OutcomeUnknown`, no record; the same call again makes exactly one.
    If it fails: no retry of a write in the flow; mark it as a write.
    Exempt: a resource without `find`, declared with its reason.
    """
    subject.need(resource, "find", "create")
    with subject.bench() as bench:
        record, collection, key = sample(subject, bench, resource), bench.erp.collection(resource), new_key(subject)
        before = len(all_ids(bench.erp, resource))
        bench.sandbox.faults.append(Once(lose_before, when=is_write))
        try:
            collection.create(record, key=key)
        except OutcomeUnknown:
            pass
        except AnyErpError as error:
            raise Broken(f"{resource}: a lost create is OutcomeUnknown, not {fails(error)}") from None
        else:
            raise Broken(f"{resource}: the create was lost on its way and sent again blindly")
        if len(all_ids(bench.erp, resource)) != before:
            raise Broken(f"{resource}: the create was lost on its way, and a record is there")
        collection.create(record, key=key)
        more = len(all_ids(bench.erp, resource)) - before
        if more != 1:
            raise Broken(f"{resource}: asked again with the key {key!r}, there are {more} new records")


@law("writes.update")
def update(subject: Subject, resource: str) -> None:
    """An update changes what was given and nothing else of ours.

    Why: an update is a promise about one field.
    Checked: one number of one line of several is changed, where the ERP takes that: it reads as given, every other
    line as before, and no native value in any of them is gone. One text is changed; it reads as given, every other
    field but version, stamps and names as before.
    If it fails: `update` must send `changes`, not a whole record; an ERP that replaces a list as a whole is sent all of
    its lines, each with all that it held.
    Exempt: a resource without `update`.
    """
    with subject.bench() as bench:
        try:
            place = editable(subject, bench, resource)
        except Skipped:
            one_line(subject, bench, resource)
            raise
        before = created(subject, bench, resource)
        collection = bench.erp.collection(resource)
        before = collection.get(before.id)
        done = collection.update(edited(place, before, "Kit changed")).record
        after = collection.get(before.id)
        if place.of(after) != place.settled("Kit changed") or place.of(done) != place.of(after):
            raise breach(place, "Kit changed", f"was given, and the ERP has {shown(place.of(after))}")
        moved = {"version", "updated_at", "raw", (*place.trail, place.rule)[0].field.partition(".")[0]}
        for name, value in dict(before).items():
            if name not in moved and value != getattr(after, name):
                raise Broken(f"{name}: not given, it changed from {shown(value)} to {shown(getattr(after, name))}")
        one_line(subject, bench, resource)


@law("writes.unknown_fields")
def unknown_fields(subject: Subject, resource: str) -> None:
    """An update leaves alone what no rule knows.

    Why: customers' own fields, and the ERP's two hundred others.
    Checked: the native record before and after an update: no value that was there is empty or gone, but for the stamps
    that `version` and `updated_at` are read from.
    If it fails: send `changes` by PATCH or MERGE; where the ERP only replaces, send the whole native record.
    Exempt: a resource without `update`.
    """
    # A stamp moves with the update, and a part of it may be zero by then: the second of a minute.
    stamps = [one.paths for one in subject.resource(resource).lens.coverage if one.field in ("version", "updated_at")]
    moving = ", ".join(path for paths in stamps for path in paths)
    with subject.bench() as bench:
        place = editable(subject, bench, resource)
        collection = bench.erp.collection(resource)
        for listed in collection.page(page_size=12).records:
            before = collection.get(str(listed.id), raw=True)
            try:
                collection.update(edited(place, before, "Kit changed"))
            except (InvalidRecord, MappingError, Conflict):
                continue  # this one may not be changed; the next may
            old = leaves(without(wired(before.raw), moving) if moving else wired(before.raw))
            new = leaves(wired(collection.get(str(listed.id), raw=True).raw))
            gone = ["/".join(map(str, path)) for path, value in old.items() if value and not new.get(path)]
            if gone:
                raise Broken(f"{place.name} was updated, and the native {', '.join(gone[:5])} lost what they held")
            return
    raise Skipped("none of the first twelve records may be changed")


@law("writes.stale")
def stale(subject: Subject, resource: str) -> None:
    """Whoever read before somebody else's change is told, and overwrites nothing.

    Why: two people at one order.
    Checked: a record is read, changed by another connection, then updated with the version that was read: `Conflict`.
    If it fails: map `version` to an etag or stamp that moves with every change.
    Exempt: declare `version` absent, where the ERP has none.
    """
    with subject.bench() as bench:
        place = editable(subject, bench, resource)
        _versioned(subject, resource)
        record = created(subject, bench, resource)
        collection = bench.erp.collection(resource)
        record = collection.get(record.id)
        other = bench.another().collection(resource)
        other.update(edited(place, other.get(record.id), "Kit other"))
        try:
            collection.update(edited(place, record, "Kit mine"))
        except Conflict:
            pass
        else:
            raise breach(place, "Kit mine", "was written over another's change with a version that had passed")
        if place.of(other.get(record.id)) != place.settled("Kit other"):
            raise breach(place, "Kit mine", "the other's change is gone, though Conflict was raised")


@law("writes.race")
def race(subject: Subject, resource: str) -> None:
    """A change in the moment between reading and writing is noticed by the ERP, because the version goes along.

    Why: comparing first and writing then leaves a gap; only the ERP can close it.
    Checked: somebody else's update arrives just before ours does: `Conflict`, and theirs stands.
    If it fails: send the version with the write (If-Match, or the stamp); where the ERP refuses a stale one by a status
    of its own, `explain` makes a `Conflict` of that.
    Exempt: declare `version` absent, or an `Exemption` where the ERP checks none.
    """
    with subject.bench() as bench:
        place = editable(subject, bench, resource)
        _versioned(subject, resource)
        record = created(subject, bench, resource)
        collection = bench.erp.collection(resource)
        other = bench.another().collection(resource)
        record = other.get(record.id)

        def strike(call: Call, proceed: Callable[[], Response]) -> Response:
            other.update(edited(place, record, "Kit other"))
            return proceed()

        fault = Once(strike, when=is_write)
        bench.sandbox.faults.append(fault)
        try:
            collection.update(edited(place, record, "Kit mine"))
        except Conflict:
            pass
        else:
            raise breach(place, "Kit mine", "was written over a change that came in between")
        if fault.times or place.of(other.get(record.id)) != place.settled("Kit other"):
            raise breach(place, "Kit mine", "the change that came in between is gone")


def _versioned(subject: Subject, resource: str) -> None:
    for field in subject.resource(resource).lens.coverage:
        if field.field == "version" and field.mode == "absent":
            raise Skipped(f"version is absent: {field.because}")


@law("writes.refused")
def refused(subject: Subject, resource: str) -> None:
    """A value that would not survive is refused before anything is sent, in create and update alike.

    Why: half an order is worse than none.
    Checked: values outside the declared domain: `NotRepresentable`, and no request that writes.
    If it fails: the refusal must come from the lens; do not clean values up in the flow.
    Exempt: nothing.
    """
    declared = subject.resource(resource)
    if declared.create is None and declared.update is None:
        raise Skipped(f"no create: {declared.because['create']}")
    with subject.bench() as bench:
        collection, tried = bench.erp.collection(resource), 0
        for place in places(declared.lens):
            for edge in (edge for edge in place.edges() if edge.fate == "refuse"):
                tried += 1
                try:
                    if declared.create is not None:
                        collection.create(place.record(edge.value))
                    else:
                        subject.need(resource, "page")
                        some = collection.page(page_size=1).records[0]
                        collection.update(edited(place, some, edge.value))
                except NotRepresentable:
                    pass
                except AnyErpError as error:
                    if bench.traffic.writes:
                        raise breach(place, edge.value, f"was sent to the ERP: {fails(error)} ({edge.why})") from None
                else:
                    raise breach(place, edge.value, f"was taken ({edge.why})")
                if bench.traffic.writes:
                    raise breach(place, edge.value, f"was sent before it was refused ({edge.why})")
        if not tried:
            raise Skipped("no writable field has a value outside its domain")


@law("writes.carried")
def carried(subject: Subject, resource: str) -> None:
    """What the ERP takes it gives back whole: the declared lengths and digits are the ERP's own.

    Why: a column of 35 that the table calls 40 cuts five characters, and only the ERP shows it.
    Checked: each edge of each text and number of the header, and of each number in a line, is written to the ERP and
    read back, or refused by it.
    If it fails: declare the domain as the ERP has it; two paths may be exchanged.
    Exempt: a resource without `update`.
    """
    subject.need(resource, "update", "get")
    with subject.bench() as bench:
        record = created(subject, bench, resource)
        collection = bench.erp.collection(resource)
        for place in places(subject.resource(resource).lens):
            if place.create_only or place.in_line or place.name == subject.resource(resource).key_field:
                continue
            for edge in (edge for edge in place.edges() if edge.fate == "accept"):
                bare = edited(place, record.model_copy(update={"version": None}), edge.value)
                try:
                    collection.update(bare)
                except (InvalidRecord, MappingError, Conflict):
                    continue  # refused is lawful
                found = place.of(collection.get(record.id))
                if not same(place.settled(edge.value), found):
                    raise breach(place, edge.value, f"was taken by the ERP, which has {shown(found)} ({edge.why})")
        carried_in_lines(subject, bench, resource)
