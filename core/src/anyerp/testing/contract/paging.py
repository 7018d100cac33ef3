"""Paging laws: every record exactly once, whatever the page size and whatever happens meanwhile."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from anyerp.errors import InvalidCursor, NotFound, PermissionDenied
from anyerp.testing.law import Broken, Skipped, law, shown
from anyerp.testing.sample import all_ids, created
from anyerp.testing.subject import Bench, Subject

SIZES = range(1, 8)
KEY = b"a cursor key of the contract kit"


def _skim(bench: Bench, resource: str) -> list[str]:
    ids = all_ids(bench.erp, resource)
    if bench.box is None and len(ids) > 500:
        raise Skipped(f"{len(ids)} records on a live server are too many to read seven times")
    if not ids:
        raise Broken(f"{resource}: nothing is listed, so nothing can be seen of paging; seed the sandbox")
    return ids


@law("paging.each_once")
def each_once(subject: Subject, resource: str) -> None:
    """Each record comes exactly once, for any page size.

    Why: offsets skip, next links repeat, and the last page is the one that nobody tests.
    Checked: all pages of 1 to 7 records against all pages of the connector's own size; no page is larger than asked.
    If it fails: page by key, ask until the ERP says that it is the end, never by the number of rows alone.
    Exempt: an `Exemption`.
    """
    subject.need(resource, "page")
    with subject.bench() as bench:
        expected = _skim(bench, resource)
        if twice := [id for id, times in Counter(expected).items() if times > 1]:
            raise Broken(f"{resource}: listed twice: {', '.join(twice[:5])}")
        for size in SIZES:
            # A live server need not work out whole records seven times over.
            fields = ("id",) if bench.box is None and size not in (SIZES[0], SIZES[-1]) else None
            pages = bench.erp.collection(resource).list(page_size=size, fields=fields)
            found = [str(record.id) for record in itertools.islice(pages, 2 * len(expected) + 1)]
            counted = Counter(found)
            lost = [id for id in expected if id not in counted]
            more = [id for id, times in counted.items() if times > 1 or id not in expected]
            if lost or more:
                what = [f"{len(lost)} lost ({', '.join(lost[:3])})"] * bool(lost)
                what += [f"{len(more)} too often ({', '.join(more[:3])})"] * bool(more)
                raise Broken(f"{resource}: pages of {size}: {'; '.join(what)} of {len(expected)} records")


@law("paging.inserts")
def inserts(subject: Subject, resource: str) -> None:
    """What is created while one pages neither hides nor repeats what was there.

    Why: an offset moves when a record is inserted before it.
    Checked: a record is created between pages; each record that was there at the start comes once.
    If it fails: page by key (`PageAnswer.full` and `key`), or ask the ERP for a stable order.
    Exempt: an `Exemption`, for an ERP that pages by offsets only.
    """
    subject.need(resource, "page", "create")
    with subject.bench() as bench:
        before = _skim(bench, resource)
        found: Counter[str] = Counter()
        cursor: str | None = None
        for number in range(len(before) + 20):
            page = bench.erp.collection(resource).page(cursor, page_size=2)
            found.update(str(record.id) for record in page.records)
            cursor = page.cursor
            if cursor is None:
                break
            if number < 4:
                created(subject, bench, resource)
        wrong = {id: found[id] for id in before if found[id] != 1}
        if wrong:
            raise Broken(f"{resource}: while others were created, came not once but: {shown(wrong)}")


@law("paging.resume")
def resume(subject: Subject, resource: str) -> None:
    """A continuation token is all that is needed to go on, in another process too.

    Why: a job that reads a million records is interrupted; what it kept is the token.
    Checked: a list is begun on one connection and continued on another with the same cursor key.
    If it fails: the state that `page` gives must be JSON values; nothing of it may stay in `ctx.memory`.
    Exempt: an `Exemption`.
    """
    subject.need(resource, "page")
    with subject.bench() as bench:
        expected = _skim(bench, resource)
        found: list[str] = []
        cursor: str | None = None
        for _ in range(len(expected) + 2):
            erp = bench.another(cursor_key=KEY)
            page = erp.collection(resource).page(cursor, page_size=max(2, len(expected) // 5))
            found += [str(record.id) for record in page.records]
            cursor = page.cursor
            if cursor is None:
                break
        if sorted(found) != sorted(expected):
            raise Broken(f"{resource}: continued on other connections, {len(found)} of {len(expected)} records came")


@law("paging.same")
def same(subject: Subject, resource: str) -> None:
    """A list says of a record what `get` says of it, in every field that coverage does not call "get only".

    Why: a host takes an empty field for an empty field; where list and single record come from two services, one of
    them forgets a column.
    Checked: the first twenty records of a list against the same read one by one, field by field, lines in their order;
    and what is called "get only" is in no list.
    If it fails: ask for the field in `page`, or say that rows do not have it (`Resource.listed`).
    Exempt: an `Exemption`.
    """
    subject.need(resource, "page", "get")
    covered = subject.resource(resource).coverage()
    missing = {one.field for one in covered if not one.listed}
    with subject.bench() as bench:
        collection = bench.erp.collection(resource)
        for listed in itertools.islice(collection.list(), 20):
            try:
                single = collection.get(str(listed.id))
            except (NotFound, PermissionDenied):
                continue  # gone meanwhile, or locked against being opened
            if single.version != listed.version:
                continue
            here, there = (dict(_leaves(record.model_dump(exclude={"raw"}), "")) for record in (listed, single))
            for place in sorted(here.keys() | there.keys()):
                if _below(re.sub(r"\[\d+\]", "", place), missing):
                    if place in here:
                        raise Broken(f"{resource} {listed.id}: lists say {place}, though coverage calls it get only")
                elif here.get(place) != there.get(place):
                    what = f"{shown(here.get(place))} in the list, {shown(there.get(place))} by get"
                    raise Broken(f"{resource} {listed.id}: {place} is {what}")


def _below(name: str, fields: set[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:end]) in fields for end in range(1, len(parts) + 1))


def _leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every value that is there, by its place: `ship_to.city`, `lines[0].quantity`."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, (list, tuple)):
        for at, inner in enumerate(value):
            yield from _leaves(inner, f"{place}[{at}]")
    elif value is not None:
        yield place, value


@law("paging.tampered")
def tampered(subject: Subject, resource: str) -> None:
    """A token that is not ours, or belongs to another list, is `InvalidCursor`.

    Why: tokens leave the process; what comes back is input.
    Checked: a token with a changed character, cut, empty, of another page size.
    If it fails: report it, cursors are the core's.
    Exempt: nothing.
    """
    subject.need(resource, "page")
    with subject.bench() as bench:
        collection = bench.erp.collection(resource)
        token = collection.page(page_size=1).cursor
        if token is None:
            raise Skipped("a single record: there is no second page")
        spoilt: list[tuple[str, dict[str, Any]]] = [
            ("", {}),
            ("nonsense", {}),
            (token[:-4], {}),
            ("\u00e9" + token, {}),
        ]
        spoilt += [(_changed(token, place), {}) for place in (0, len(token) // 2, len(token) - 3)]
        for text, options in spoilt:
            _refused(collection, text, options, resource)
        _refused(collection, token, {"page_size": 2}, resource)


def _changed(token: str, place: int) -> str:
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def _refused(collection: Any, token: str, options: dict[str, Any], resource: str) -> None:
    try:
        collection.page(token, **{"page_size": 1, **options})
    except InvalidCursor:
        return
    raise Broken(f"{resource}: a spoilt or foreign token is taken: {shown(token)} {options or ''}")
