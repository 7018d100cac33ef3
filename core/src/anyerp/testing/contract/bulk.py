"""Laws of writing many: every record has its outcome, and what the report says is what the ERP has."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anyerp.connection import Connection, Report
from anyerp.testing.fault import FaultProxy, Plan
from anyerp.testing.inprocess import is_write, no_pause, origins_of, prepared
from anyerp.testing.law import Broken, Skipped, law
from anyerp.testing.sample import all_ids, key_for, sample
from anyerp.testing.sandbox import Once, Sandbox, answer_with, serve
from anyerp.testing.subject import Subject
from anyerp.testing.values import places
from anyerp.transport import HttpTransport, Limits
from anyerp.wire import Headers, Response

_RATES: Any = {
    "drop_before": 0.08, "drop_after": 0.08, "too_many": 0.08, "overloaded": 0.06, "truncate": 0.05, "garble": 0.05,
}  # fmt: skip


def _refused(subject: Subject, resource: str) -> Any:
    """A record that the lens refuses whatever its key, which is given apart; None where every value has a place."""
    for place in places(subject.resource(resource).lens):
        if place.name == subject.resource(resource).key_field:
            continue
        for edge in place.edges():
            if edge.fate == "refuse":
                return place.record(edge.value)
    return None


def _agree(subject: Subject, resource: str, erp: Connection, before: set[str], report: Report) -> None:
    """What is called applied is in the ERP, once and with its key; nothing else is new."""
    collection = erp.collection(resource)
    applied = [str(one.id) for one in report.applied]
    new = set(all_ids(erp, resource)) - before
    if len(set(applied)) != len(applied):
        raise Broken(f"{resource}: two records of one bulk write have one id: {sorted(applied)}")
    if set(applied) - new:
        raise Broken(f"{resource}: {sorted(set(applied) - new)} are called applied, and the ERP does not have them")
    if not report.unknown and new - set(applied):
        raise Broken(f"{resource}: the ERP has {sorted(new - set(applied))}, and no outcome says so")
    declared = subject.resource(resource)
    if declared.find is None:
        return
    for one in report.applied:
        found = getattr(collection.get(str(one.id)), declared.key_field, None)
        if found != one.key:
            raise Broken(f"{resource}: {one.id} is told under the key {one.key!r}, and carries {found!r}")


@law("writes.many")
def many(subject: Subject, resource: str) -> None:
    """Many records are written with an outcome for each, and one bad record harms no neighbour.

    Why: whoever sends a thousand orders must know which nine hundred and ninety are there.
    Checked: six records, one of which the lens refuses; then six more, and the ERP refuses one write (or one batch).
    What the report calls applied is there, once, under its key.
    If it fails: `create_batch` must give one answer for each record, in their order, and none that it did not get.
    Exempt: a resource without `create`, declared with its reason.
    """
    subject.need(resource, "create")
    with subject.bench() as bench:
        record, bad = sample(subject, bench, resource), _refused(subject, resource)
        records = [record, record, *([] if bad is None else [bad]), record, record, record]
        for strike in (False, True):
            if strike and bench.box is None:
                return  # a live server refuses when it likes
            if strike:
                answer = Response(422, Headers({"content-type": "text/html"}), b"<html>refused</html>")
                bench.sandbox.faults.append(Once(answer_with(answer), when=is_write))
            before = set(all_ids(bench.erp, resource))
            report = bench.erp.collection(resource).create_many(
                records, keys=lambda _: key_for(subject, resource), make_keys=False
            )
            _agree(subject, resource, bench.erp, before, report)
            harmed = [one for one in report if one.outcome != "applied" and not (bad is not None and one.index == 2)]
            if len(report) != len(records) or len(harmed) > strike:
                why = harmed[-1].error if harmed else "?"
                raise Broken(f"{resource}: {len(harmed)} of {len(records)} were harmed by a bad neighbour: {why}")
            if bad is not None and report[2].outcome != "not_applied":
                raise Broken(f"{resource}: a record that the lens refuses was {report[2].outcome}")


@law("writes.faults")
def faults(subject: Subject, resource: str) -> None:
    """Through lost answers, overload and broken pages, every record is written exactly once.

    Why: the network is worst on the day of the year-end closing.
    Checked: records are written through a proxy on loopback that loses, cuts, garbles and refuses by a seed; the run is
    continued from its report until nothing is open, as a host does. Then the ERP has each exactly once.
    If it fails: no retry of a write in the flow; `find` must find what was created; see `writes.lost_after` first.
    Exempt: a resource without `find`, declared with its reason; a live server.
    """
    subject.need(resource, "find", "create")
    with subject.bench() as bench:
        box = bench.sandbox
        record = sample(subject, bench, resource)
        before = set(all_ids(bench.erp, resource))
        count = 12 if subject.profile == "quick" else 200
        keys = [key_for(subject, resource) for _ in range(count)]
        numbered = iter(keys * 9)
        with _through_faults(subject, box) as (erp, proxy), tempfile.TemporaryDirectory() as folder:
            for round in range(8):
                if round == 4:
                    proxy.plan = Plan()  # the weather clears
                report = erp.collection(resource).create_many(
                    [record] * count,
                    batch_size=3,
                    keys=lambda _: next(numbered),
                    report=Path(folder) / "report.jsonl",
                )
                with subject.another_on(box) as quiet:
                    _not_there(subject, resource, quiet, report)
                if report.ok:
                    break
            else:
                raise Broken(f"{resource}: when all is well again there is still {report}: {_first(report)}")
        with subject.another_on(box) as quiet:
            _agree(subject, resource, quiet, before, report)


def _not_there(subject: Subject, resource: str, erp: Connection, report: Report) -> None:
    """What is called not applied is not in the ERP."""
    field = subject.resource(resource).key_field
    there = {getattr(record, field) for record in erp.collection(resource).list()}
    for one in report.not_applied:
        if one.key in there:
            raise Broken(f"{resource}: {one.key} is called not applied, and the ERP has it: {one.error}")


def _first(report: Report) -> Any:
    return next((one.error for one in report if one.error is not None), None)


@contextmanager
def _through_faults(subject: Subject, box: Sandbox) -> Iterator[tuple[Connection, FaultProxy]]:
    plan = Plan(seed=7, rates=_RATES, in_a_row=3)
    with serve(box) as upstream, FaultProxy(upstream, plan) as proxy:
        context = prepared(subject.connector, box.settings(proxy.base_url), box.credentials)
        if not context.base_url.startswith(proxy.base_url):
            raise Skipped("the sandbox's settings do not lead to where it is served")
        limits = Limits(total=20, read=5, backoff_base=0.01)
        transport = HttpTransport(None, limits, trust_origin=origins_of(context))
        with Connection(subject.connector, context, transport, looks=(0.0, 0.0)) as erp:
            erp._runner.sleep = no_pause  # noqa: SLF001
            yield erp, proxy
