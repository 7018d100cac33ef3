"""A host at work in bad weather: what it believes of each record is what the ERP has, after every step."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from anyerp.connection import Connection
from anyerp.errors import AnyErpError, OutcomeUnknown
from anyerp.testing.inprocess import is_read, is_write
from anyerp.testing.law import Broken, Skipped, law
from anyerp.testing.sample import all_ids, editable, edited, fails, new_key, sample
from anyerp.testing.sandbox import Once, answer_with, lose_after, lose_before
from anyerp.testing.subject import Bench, Subject
from anyerp.testing.values import Place
from anyerp.wire import Headers, Response

_HTML = Headers({"content-type": "text/html"})
_TEXTS = ("Kit tries", "Kit again", "Kit later")


def _broken_after(call: Any, proceed: Any) -> Response:
    """The ERP does the work, and answers with a page of its own about an error."""
    proceed()
    return Response(500, _HTML, b"<html>error</html>")


_STRIKES: dict[str, Any] = {
    "lost on the way there": lose_before,
    "lost on the way back": lose_after,
    "500 after the work": _broken_after,
    "429": answer_with(Response(429, _HTML, b"<html>slowly</html>")),
    "503": answer_with(Response(503, _HTML, b"<html>busy</html>")),
}


@dataclass(slots=True)
class _Known:
    """What the host believes of one record: is it there, under which id, which texts may a field have (none: any)."""

    outcome: str
    id: str | None = None
    texts: set[Any] = field(default_factory=set)


class _Host:
    """Takes steps by a seed and remembers what it was told, by key."""

    def __init__(self, subject: Subject, resource: str, bench: Bench, place: Place | None) -> None:
        self.subject, self.resource, self.bench, self.place = subject, resource, bench, place
        self.record, self.chance = sample(subject, bench, resource), random.Random(7)  # noqa: S311 - a seed
        self.erp: Connection = bench.erp
        self.before = set(all_ids(bench.erp, resource))
        self.known: dict[str, _Known] = {}
        self.steps: list[str] = []

    def step(self) -> None:
        """Do one thing, while something goes wrong or nothing does."""
        planned = [self._strike() for _ in range(self.chance.choice((0, 1, 1, 2)))]
        acts = ["create", "create", "create_many", "restart"]
        if self.place is not None and any(known.outcome == "applied" for known in self.known.values()):
            acts += ["update", "update"]
        act = self.chance.choice(acts)
        self.steps.append(f"{act} ({', '.join(planned) or 'fair weather'})")
        getattr(self, f"_{act}")()
        self.bench.sandbox.faults.clear()

    def _strike(self) -> str:
        name, writes, times = (
            self.chance.choice(sorted(_STRIKES)),
            self.chance.random() < 0.7,
            self.chance.randint(1, 2),
        )
        self.bench.sandbox.faults.append(Once(_STRIKES[name], when=is_write if writes else is_read, times=times))
        return f"{times} x {'writing' if writes else 'reading'} {name}"

    def _key(self) -> str:
        return self.chance.choice([*self.known, new_key(self.subject), new_key(self.subject)])

    def _restart(self) -> None:
        self.erp = self.bench.another()

    def _create(self) -> None:
        key = self._key()
        try:
            done = self.erp.collection(self.resource).create(self.record, key=key)
        except OutcomeUnknown:
            self._learn(key, "unknown", None)
        except AnyErpError:
            self._learn(key, "not_applied", None)
        else:
            self._learn(key, "applied", str(done.record.id))

    def _create_many(self) -> None:
        keys = list(dict.fromkeys(self._key() for _ in range(self.chance.randint(2, 5))))
        numbered = iter(keys)
        collection = self.erp.collection(self.resource)
        report = collection.create_many([self.record] * len(keys), batch_size=3, keys=lambda _: next(numbered))
        for one in report:
            self._learn(str(one.key), one.outcome, one.id)

    def _update(self) -> None:
        assert self.place is not None
        known = self.chance.choice([known for known in self.known.values() if known.outcome == "applied"])
        text = self.chance.choice(_TEXTS)
        bare = edited(self.place, self.record.model_copy(update={"id": known.id, "version": None}), text)
        try:
            self.erp.collection(self.resource).update(bare)
        except OutcomeUnknown:
            if known.texts:
                known.texts.add(self.place.settled(text))
        except AnyErpError:
            pass  # nothing was written, or so it was said
        else:
            known.texts = {self.place.settled(text)}

    def _learn(self, key: str, outcome: str, id: str | None) -> None:
        known = self.known.get(key)
        if known is not None and known.outcome == "applied":
            if outcome == "applied" and id != known.id:
                raise self._broken(f"the key {key!r} was {known.id} before, and is {id} now")
        elif known is None or known.outcome == "not_applied" or outcome == "applied":
            self.known[key] = _Known(outcome, id)

    def compare(self, quiet: Connection) -> None:
        """What is believed of each record is what the ERP has."""
        field = self.subject.resource(self.resource).key_field
        there: dict[str, list[Any]] = {}
        for record in quiet.collection(self.resource).list():
            if str(record.id) not in self.before:
                there.setdefault(str(getattr(record, field)), []).append(record)
        if strange := set(there) - set(self.known):
            raise self._broken(f"the ERP has {sorted(strange)}, of which no outcome speaks")
        for key, known in self.known.items():
            self._compare(key, known, there.get(key, []))

    def _compare(self, key: str, known: _Known, found: list[Any]) -> None:
        if len(found) > 1:
            raise self._broken(f"{key} is there {len(found)} times")
        if known.outcome == "not_applied" and found:
            raise self._broken(f"{key} is called not applied, and the ERP has it")
        if known.outcome != "applied":
            return
        if [str(record.id) for record in found] != [known.id]:
            raise self._broken(f"{key} is called applied as {known.id}, and the ERP does not have it")
        text = None if self.place is None else self.place.of(found[0])
        if self.place is not None and known.texts and text not in known.texts:
            raise self._broken(
                f"{self.place.name} of {key} is {text!r}, and the host was told {sorted(known.texts, key=str)}"
            )

    def _broken(self, what: str) -> Broken:
        return Broken(f"{self.resource}: {what}; the steps were: {'; '.join(self.steps[-6:])}")


@law("writes.host")
def host(subject: Subject, resource: str) -> None:
    """A host that works through faults is never told what is not so.

    Why: a report that is wrong once in a thousand is a report that nobody can use.
    Checked: creates with old and new keys, bulk writes, updates and restarts by a seed, while answers are lost, come as
    500 after the work, or are 429 and 503. After each step the ERP has each record as the host was told: applied once,
    not applied not at all; and an updated text is the one that was written, or one of those whose outcome is unknown.
    If it fails: the steps are in the message. A flow must let `OutcomeUnknown` through, and make no other error of it.
    Exempt: a resource without `find`, declared with its reason; a live server.
    """
    subject.need(resource, "find", "create", "page")
    with subject.bench() as bench:
        box = bench.sandbox
        try:
            place = editable(subject, bench, resource)
        except Skipped:
            place = None
        walker = _Host(subject, resource, bench, place)
        for _ in range(20 if subject.profile == "quick" else 1_000):
            try:
                walker.step()
            except (Broken, Skipped):
                raise
            except AnyErpError as error:
                raise Broken(f"{resource}: {fails(error)} escapes from {walker.steps[-1]}") from None
            with subject.another_on(box) as quiet:
                walker.compare(quiet)
