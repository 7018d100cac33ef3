"""The law of changes: what was created, changed and deleted is told, each once, by a stamp or by comparing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from anyerp.connection import Changed
from anyerp.testing.law import Broken, Skipped, law
from anyerp.testing.sample import created, editable, edited, sample
from anyerp.testing.subject import Bench, Subject
from anyerp.testing.values import Place


@law("changes.told")
def told(subject: Subject, resource: str) -> None:
    """What was created, updated or deleted since a state is told, each once and as what it is.

    Why: a host that copies an ERP's records trusts this call; a change that is not told is missed for good.
    Checked: from the beginning all records come, and where there is a stamp none of them since next year; then, where
    the ERP can, one is created, changed, and deleted; after each the right one is told, and asked once more nothing
    is. The state travels as text.
    If it fails: does the page heed `query.updated_since`? Does the stamp move with every write, and does the list ask
    for `ge`, not `gt`? An ERP whose stamp cannot be trusted declares `updated_since="none"`: then records are compared.
    Exempt: an `Exemption`.
    """
    subject.need(resource, "page")
    with subject.bench() as bench:
        collection = bench.erp.collection(resource)
        first = collection.changes()
        listed = {record.id for record in collection.list()}
        if {record.id for record in first.created} != listed or first.updated or first.deleted:
            raise Broken(f"{resource}: at the beginning {_seen(first)} was told of {len(listed)} records")
        _heeded(subject, collection, resource)
        state = _expected(collection, first.state, "nothing was done")
        if subject.resource(resource).create is None:
            return
        # These try records out, of which a live server tells: what it has told by then is behind us.
        sample(subject, bench, resource)
        place = _place(subject, bench, resource)
        state = str(collection.changes(state, deletions=True).state)
        made = created(subject, bench, resource)
        state = _expected(collection, state, "a record was created", "created", made.id)
        if place is not None:
            collection.update(edited(place, collection.get(made.id), "Kit changed"))
            state = _expected(collection, state, "a record was changed", "updated", made.id)
        if subject.resource(resource).delete is not None:
            collection.delete(str(made.id))
            _expected(collection, state, "a record was deleted", "deleted", made.id)


def _heeded(subject: Subject, collection: Any, resource: str) -> None:
    """`changes` compares what it is given, so it would hide a list that gives everything again."""
    if subject.resource(resource).updated_since == "native":
        late = list(collection.list(updated_since=datetime.now(UTC) + timedelta(days=365)))
        if late:
            raise Broken(
                f"{resource}: {len(late)} records were listed as changed since next year; see query.updated_since"
            )


def _place(subject: Subject, bench: Bench, resource: str) -> Place | None:
    """A text that an update may change, if there is one."""
    if subject.resource(resource).create is None or subject.resource(resource).update is None:
        return None
    try:
        return editable(subject, bench, resource)
    except Skipped:
        return None


def _expected(collection: Any, state: str, what: str, kind: str = "", id: str | None = None) -> str:
    found = collection.changes(state, deletions=True)
    ids = {name: [getattr(one, "id", one) for one in getattr(found, name)] for name in found._fields[:3]}
    if ids != {name: [id] if name == kind else [] for name in ids}:
        raise Broken(f"{what}, and told was {_seen(found)}")
    if any((again := collection.changes(found.state, deletions=True))[:3]):
        raise Broken(f"{what} and was told; asked once more, {_seen(again)} was told")
    return str(found.state)


def _seen(found: Changed[Any]) -> str:
    return f"{len(found.created)} created, {len(found.updated)} updated, {len(found.deleted)} deleted"
