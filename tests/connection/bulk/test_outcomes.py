"""Many writes on a tiny ERP: one outcome for each record, exactly one effect, and no neighbour harmed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from anyerp.connection import NotSent
from anyerp.errors import (
    CredentialsRejected,
    InvalidRecord,
    NotSupported,
)
from anyerp.model import Vendor
from many import WAYS, agree, vendors
from tiny import CONNECTOR


@WAYS
def test_every_record_is_written_once_and_has_its_outcome(tiny, opened, way):
    report = opened(way).vendors.create_many(vendors(7), batch_size=3)
    assert [(one.index, one.outcome, one.settled) for one in report] == [(n, "applied", "answer") for n in range(7)]
    assert str(report) == "7 applied"
    assert [row["name"] for row in tiny.rows.values()] == [f"N{n}" for n in range(7)]
    agree(tiny, report)


@WAYS
def test_a_bad_record_harms_no_neighbour_and_says_where_and_why(tiny, opened, way):
    records = [*vendors(2), Vendor(name="NO"), Vendor(name="x" * 11), InvalidRecord("no record"), "what?", *vendors(2)]
    report = opened(way).vendors.create_many(records)
    assert [one.outcome for one in report] == ["applied"] * 2 + ["not_applied"] * 4 + ["applied"] * 2
    refused, lost, given, odd = report[2:6]
    assert refused.error.status == 422
    assert lost.error.problems[0].pointer == "/name"
    assert given.error.message == "no record"
    assert "not a str" in odd.error.message
    agree(tiny, report)


@WAYS
def test_outcomes_come_in_the_order_of_their_records(opened, way):
    records = [*vendors(3), InvalidRecord("no record"), *vendors(1), Vendor(name="x" * 11), *vendors(4)]
    found = [one.index for one in opened(way).vendors.write_each("create", records, batch_size=3)]
    assert found == list(range(10))


@WAYS
def test_what_the_erp_refuses_for_now_is_sent_again_and_never_lost(tiny, opened, waits, way):
    tiny.answers = [429] * 6 + [0, 429, 429]
    report = opened(way).vendors.create_many(vendors(4), batch_size=2)
    assert report.ok
    assert waits
    agree(tiny, report)


def test_an_erp_that_stays_busy_stops_the_run_and_the_rest_is_not_sent(tiny, opened):
    tiny.answers = [429] * 10_000
    report = opened().vendors.create_many(vendors(9))
    assert not tiny.rows
    assert [one.outcome for one in report] == ["not_applied"] * 9
    assert [one.error.code for one in report[:5]] == ["rate_limited"] * 5
    assert all(isinstance(one.error, NotSent) and one.error.retry == "later" for one in report[5:])


def test_wrong_credentials_are_sent_once(tiny, opened):
    erp = opened(credentials={"user": "u", "password": "n0t-the-password"})
    report = erp.vendors.create_many(vendors(5))
    assert isinstance(report[0].error, CredentialsRejected)
    assert all(isinstance(one.error, NotSent) for one in report[1:])
    assert len(tiny.calls) == 1


def test_a_resource_that_cannot_be_created_says_so_at_once(opened):
    resource = CONNECTOR.resources["vendors"]
    without = replace(resource, create=None, because={**resource.because, "create": "never: read only"})
    with pytest.raises(NotSupported, match="read only"):
        opened(replace(CONNECTOR, resources={"vendors": without})).vendors.create_many([])


def test_updates_have_their_outcomes_too(tiny, opened):
    erp = opened()
    ids = [one.id for one in erp.vendors.create_many(vendors(3))]
    tiny.lose = None
    changed = [Vendor(id=id, name=f"M{id}") for id in ids]
    stale = Vendor(id=ids[0], name="late", version="77")
    report = erp.vendors.update_many([*changed, stale, Vendor(id="999", name="who"), Vendor(name="no id")])
    assert [one.outcome for one in report] == ["applied"] * 3 + ["not_applied"] * 3
    assert [one.error.code for one in report[3:]] == ["conflict", "not_found", "config"]
    assert [tiny.rows[id]["name"] for id in ids] == [f"M{id}" for id in ids]


def test_an_iterable_that_fails_loses_no_outcome(tiny, opened):
    def records():
        yield from vendors(3)
        raise RuntimeError("the host's own")

    seen = []
    with pytest.raises(RuntimeError, match="the host's own"):
        opened().vendors.create_many(records(), progress=seen.append)
    assert [one.outcome for one in seen] == ["applied"] * 3


def test_ctrl_c_gives_an_outcome_to_what_was_on_its_way(tiny, opened):
    erp = opened()
    send, sent = erp._transport.send, []

    def interrupted(request, url, headers):
        sent.append(request.path)
        if request.method == "POST" and request.authorized and len(tiny.rows) == 2:
            raise KeyboardInterrupt
        return send(request, url, headers)

    erp._transport.send = interrupted
    seen = []
    with pytest.raises(KeyboardInterrupt):
        erp.vendors.create_many(vendors(5), progress=seen.append)
    assert [one.outcome for one in seen] == ["applied", "applied", "unknown"]
