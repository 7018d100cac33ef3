"""Many writes on a tiny ERP: one outcome for each record, exactly one effect, and no neighbour harmed."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import replace

import pytest
from anyerp.connection import NotSent, RecordOutcome
from anyerp.connection.bulk.journal import Journal
from anyerp.errors import (
    ConfigError,
    CredentialsRejected,
    InvalidRecord,
    NotSupported,
    OutcomeUnknown,
    UnexpectedPayload,
)
from anyerp.model import Vendor
from httpx2 import ReadError
from tiny import CONNECTOR, IN_BATCHES, Tiny, aconnect, connect


def _anybody(ctx):
    return {"Authorization": "Bearer anybody"}
    yield


#: Several connections, which would end each other's sessions.
ANYBODY = replace(CONNECTOR, authorize=_anybody)

WAYS = pytest.mark.parametrize("way", [CONNECTOR, IN_BATCHES], ids=["singly", "in batches"])


@pytest.fixture
def tiny():
    return Tiny(0)


@pytest.fixture
def waits():
    return []


@pytest.fixture
def opened(tiny, waits):
    """Opens connections whose waits take no time and are noted."""
    made = []

    def opened(way=CONNECTOR, **more):
        erp = connect(tiny, way, **more)
        erp._runner.sleep = waits.append
        erp._transport._sleep = waits.append
        made.append(erp)
        return erp

    yield opened
    for erp in made:
        erp.close()


def vendors(count, **more):
    return [Vendor(name=f"N{n}", **more) for n in range(count)]


def refs(tiny):
    return [row.get("ref") for row in tiny.rows.values()]


def agree(tiny, report):
    """What the report calls applied is what the ERP has, each once."""
    assert sorted(refs(tiny)) == sorted({outcome.key for outcome in report.applied})
    assert {outcome.id for outcome in report.applied} == set(tiny.rows)


@WAYS
def test_every_record_is_written_once_and_has_its_outcome(tiny, opened, way):
    report = opened(way).vendors.create_many(vendors(7), batch_size=3)
    assert [(one.index, one.outcome, one.settled) for one in report] == [(n, "applied", "answer") for n in range(7)]
    assert str(report) == "7 applied"
    assert [row["name"] for row in tiny.rows.values()] == [f"N{n}" for n in range(7)]
    agree(tiny, report)


def test_an_erp_with_batches_is_sent_batches(tiny, opened):
    opened(IN_BATCHES).vendors.create_many(vendors(7), batch_size=3)
    assert tiny.batches == [3, 3]
    assert tiny.count("POST", "/vendors") == 1  # one alone needs no batch


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
def test_values_by_name_are_taken_as_the_records_that_they_make(tiny, opened, way):
    given = [
        {"name": "N0"},
        {"name": 5},
        {"name": "N2", "bogus": 1},
        {"name": "x" * 11},
        {"name": "N4"},
        Vendor(name="N5"),
    ]
    report = opened(way).vendors.create_many(given)
    assert [one.outcome for one in report] == ["applied", *["not_applied"] * 3, "applied", "applied"]
    assert [(one.error.code, one.error.problems[0].pointer) for one in report.not_applied] == [
        ("invalid_record", "/name"),
        ("invalid_record", "/bogus"),
        ("not_representable", "/name"),
    ]
    agree(tiny, report)


@WAYS
def test_values_go_on_from_the_report_of_records_and_records_from_that_of_values(tiny, opened, tmp_path, way):
    path = tmp_path / "r.jsonl"
    values = [{"name": f"N{n}"} for n in range(5)]
    opened(way).vendors.create_many(values[:3], report=path)
    again = opened(way).vendors.create_many([Vendor(**one) for one in values], report=path)
    assert [one.resumed for one in again] == [True] * 3 + [False] * 2
    last = opened(way).vendors.create_many(values, report=path)
    assert all(one.resumed for one in last)
    assert len(tiny.rows) == 5


def test_values_with_an_id_are_an_update_and_those_that_are_none_are_told(tiny, opened):
    erp = opened()
    one = erp.vendors.create(Vendor(name="A")).record
    report = erp.vendors.update_many([{"id": one.id, "name": "B"}, {"id": 5}])
    assert [found.outcome for found in report] == ["applied", "not_applied"]
    assert [row["name"] for row in tiny.rows.values()] == ["B"]


def test_what_a_report_says_may_be_any_text(tmp_path):
    with Journal(tmp_path / "r.jsonl", {"operation": "create"}, "R") as journal:
        journal.done(
            [RecordOutcome(0, "not_applied", error=InvalidRecord("half a \ud800")), RecordOutcome(1, "applied")]
        )
    with Journal(tmp_path / "r.jsonl", {"operation": "create"}, "R") as journal:
        assert journal.past[0].outcome.error.message == "half a \ud800"
        assert journal.past[1].outcome.outcome == "applied"


@WAYS
def test_outcomes_come_in_the_order_of_their_records(opened, way):
    records = [*vendors(3), InvalidRecord("no record"), *vendors(1), Vendor(name="x" * 11), *vendors(4)]
    found = [one.index for one in opened(way).vendors.write_each("create", records, batch_size=3)]
    assert found == list(range(10))


@WAYS
@pytest.mark.parametrize("lose", ["before", "after"])
def test_a_lost_answer_is_settled_by_looking_and_never_by_sending_again(tiny, opened, way, lose):
    tiny.lose = lose
    report = opened(way).vendors.create_many(vendors(4))
    assert len(tiny.rows) == (4 if lose == "after" else 0 if way is IN_BATCHES else 3)
    hit = list(report) if way is IN_BATCHES else report[:1]
    assert {one.outcome for one in hit} == {"applied" if lose == "after" else "unknown"}
    assert all(one.settled == "look" for one in hit if lose == "after")
    agree(tiny, report)


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


def test_a_batch_that_is_too_large_is_halved_until_it_fits(tiny, opened):
    tiny.most = 3
    report = opened(IN_BATCHES).vendors.create_many(vendors(10), batch_size=10)
    assert report.ok
    assert max(size for size in tiny.batches[1:]) <= 5
    agree(tiny, report)


def test_a_record_that_spoils_its_batch_is_found_and_the_others_are_written(tiny, opened):
    records = vendors(10)
    records[6] = Vendor(name="guilty", email="explode")
    tiny.answers = [0] * 20 + [422]
    report = opened(IN_BATCHES).vendors.create_many(records)
    assert [one.outcome for one in report].count("applied") == 10  # by itself, apart from a batch, it is lawful
    assert len(tiny.batches) < 10
    agree(tiny, report)


def test_an_erp_without_its_batches_is_written_to_singly(tiny, opened):
    tiny.answers = [404]
    report = opened(IN_BATCHES).vendors.create_many(vendors(5), batch_size=2)
    assert report.ok
    assert tiny.batches == [2]
    assert tiny.count("POST", "/vendors") == 5


@WAYS
def test_a_given_key_is_one_record_however_often_it_is_written(tiny, opened, way):
    records = [Vendor(name="A", external_reference="k1"), Vendor(name="B"), Vendor(name="A", external_reference="k1")]
    first = opened(way).vendors.create_many(records)
    again = opened(way).vendors.create_many(records[:1])
    assert [one.settled for one in first] == ["answer", "answer", "before"]
    assert first[0].id == first[2].id == again[0].id
    assert again[0].settled == "before"
    assert refs(tiny).count("k1") == 1


def test_keys_may_be_given_by_a_function_and_none_be_made(tiny, opened):
    opened().vendors.create_many(vendors(2), keys=lambda vendor: f"key {vendor.name}")
    opened().vendors.create_many(vendors(1), make_keys=False)
    assert refs(tiny) == ["key N0", "key N1", None]


def test_made_keys_differ_from_run_to_run_and_fit_their_field(tiny, opened):
    for _ in range(2):
        opened().vendors.create_many(vendors(40))
    assert len(set(refs(tiny))) == 80
    assert all(8 <= len(ref) <= 20 and ref.isalnum() and ref == ref.upper() for ref in refs(tiny))


def test_wrong_credentials_are_sent_once(tiny, opened):
    erp = opened(credentials={"user": "u", "password": "n0t-the-password"})
    report = erp.vendors.create_many(vendors(5))
    assert isinstance(report[0].error, CredentialsRejected)
    assert all(isinstance(one.error, NotSent) for one in report[1:])
    assert len(tiny.calls) == 1


def test_between_batches_there_is_the_pause_that_was_asked_for(opened, waits):
    opened().vendors.create_many(vendors(7), batch_size=3, pause=0.25)
    assert waits == [0.25, 0.25]
    opened(IN_BATCHES).vendors.create_many(vendors(7), batch_size=3, pause=0.5)
    assert waits[2:] == [0.5, 0.5]


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"parallel": 0}, {"pause": -1}, {"pause": float("nan")}])
def test_a_size_that_is_none_is_refused_before_anything_is_sent(tiny, opened, wrong):
    with pytest.raises(ConfigError):
        opened().vendors.create_many(vendors(1), **wrong)
    assert tiny.calls == []


def test_a_resource_that_cannot_be_created_says_so_at_once(opened):
    resource = CONNECTOR.resources["vendors"]
    without = replace(resource, create=None, because={**resource.because, "create": "never: read only"})
    with pytest.raises(NotSupported, match="read only"):
        opened(replace(CONNECTOR, resources={"vendors": without})).vendors.create_many([])


@WAYS
def test_several_may_be_on_their_way_at_once(tiny, opened, way):
    seen = []
    report = opened(way).vendors.create_many(vendors(40), batch_size=4, parallel=4, progress=seen.append)
    assert [one.index for one in report] == list(range(40))
    assert sorted(seen, key=lambda one: one.index) == list(report)
    assert report.ok
    agree(tiny, report)


@WAYS
def test_a_hundred_creates_of_one_key_at_once_by_one_call_are_one_record(tiny, opened, way):
    report = opened(way).vendors.create_many([Vendor(name="A", external_reference="k")] * 100, parallel=8)
    assert report.ok
    assert len(tiny.rows) == 1


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


# The report file.


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@WAYS
def test_a_report_says_what_is_sent_before_it_is_sent_and_what_is_known_at_once(tiny, opened, tmp_path, way):
    path, seen = tmp_path / "report.jsonl", []
    handle = tiny.handle

    def watching(method, target, headers, content):
        if method == "POST" and "token" not in target:
            seen.append([line for line in lines(path) if "sending" in line][-1]["sending"])
        return handle(method, target, headers, content)

    tiny.handle = watching
    report = opened(way).vendors.create_many(vendors(3), report=path)
    assert [key for unit in seen for _, key, _ in unit] == [one.key for one in report]
    head, *rest = lines(path)
    assert (head["operation"], head["resource"], head["connector"]) == ("create", "vendors", "tiny")
    told = {line["record"]: line for line in rest if "record" in line}
    assert {n: line["outcome"] for n, line in told.items()} == dict.fromkeys(range(3), "applied")
    assert "hunter2" not in path.read_text()


@WAYS
@pytest.mark.parametrize("kept", range(1, 10))
def test_a_run_that_was_killed_at_any_moment_goes_on_without_a_duplicate(tiny, opened, tmp_path, way, kept):
    """The report of a whole run is cut after each line: what the ERP has and nobody noted is found by its key."""
    path = tmp_path / "report.jsonl"
    records = [*vendors(4), Vendor(name="own", external_reference="own")]
    whole = opened(way).vendors.create_many(records, batch_size=2, report=path)
    assert whole.ok
    text = path.read_text().splitlines(keepends=True)
    path.write_text("".join(text[:kept]) + ('{"rec' if kept % 2 else ""))
    # What was not even being sent when the process died has not reached the ERP either.
    sending = {key for line in map(json.loads, text[:kept]) for _, key, _ in line.get("sending", ())}
    for id, row in list(tiny.rows.items()):
        if row["ref"] not in sending:
            del tiny.rows[id]
    again = opened(way).vendors.create_many(records, batch_size=2, report=path)
    assert again.ok
    assert [one.key for one in again] == [one.key for one in whole]
    assert sorted(refs(tiny)) == sorted(one.key for one in whole)


def test_the_erp_is_given_time_to_finish_what_a_killed_run_was_sending(tiny, opened, tmp_path, waits):
    path = tmp_path / "report.jsonl"
    opened().vendors.create_many(vendors(3), report=path)
    text = path.read_text().splitlines(keepends=True)
    path.write_text("".join(text[:4]))  # the second was on its way
    assert opened().vendors.create_many(vendors(3), report=path).ok
    (wait,) = waits
    assert 8 < wait <= 10
    waits.clear()
    path.write_text("".join(text[:3]) + json.dumps({**json.loads(text[3]), "at": 1.0}) + "\n")
    assert opened().vendors.create_many(vendors(3), report=path).ok
    assert waits == []  # that was long ago


def test_what_arrives_after_the_kill_is_found_and_not_sent_once_more(tiny, opened, tmp_path):
    path = tmp_path / "report.jsonl"
    first = opened().vendors.create_many(vendors(1), report=path)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    late = tiny.rows.pop("001")  # the ERP is still at work on it
    erp = opened()
    erp._runner.sleep = lambda seconds: tiny.rows.update({"001": late})
    again = erp.vendors.create_many(vendors(1), report=path)
    assert [(one.id, one.settled) for one in again] == [(first[0].id, "before")]
    assert len(tiny.rows) == 1


def test_what_was_refused_is_tried_again_when_it_was_mended(tiny, opened, tmp_path):
    path, records = tmp_path / "report.jsonl", [*vendors(2), Vendor(name="NO"), *vendors(1)]
    first = opened().vendors.create_many(records, report=path)
    assert [one.outcome for one in first] == ["applied", "applied", "not_applied", "applied"]
    records[2] = Vendor(name="YES")
    again = opened().vendors.create_many(records, report=path)
    assert again.ok
    assert [one.resumed for one in again] == [True, True, False, True]
    assert [one.key for one in again] == [one.key for one in first]
    assert len(tiny.rows) == 4


def test_another_record_in_place_of_one_that_was_applied_is_not_sent(tiny, opened, tmp_path):
    path = tmp_path / "report.jsonl"
    opened().vendors.create_many(vendors(2), report=path)
    again = opened().vendors.create_many([Vendor(name="other"), vendors(2)[1]], report=path)
    assert [one.outcome for one in again] == ["not_applied", "applied"]
    assert "another record" in again[0].error.message
    assert len(tiny.rows) == 2


def test_without_keys_what_was_on_its_way_is_unknown_and_not_sent_again(tiny, opened, tmp_path):
    path = tmp_path / "report.jsonl"
    opened().vendors.create_many(vendors(1), report=path, make_keys=False)
    text = path.read_text().splitlines(keepends=True)
    path.write_text("".join(text[:2]))
    again = opened().vendors.create_many(vendors(1), report=path, make_keys=False)
    assert [one.outcome for one in again] == ["unknown"]
    assert len(tiny.rows) == 1


def test_an_update_that_was_killed_is_known_by_reading_in_spite_of_its_version(tiny, opened, tmp_path):
    path, erp = tmp_path / "report.jsonl", opened()
    erp.vendors.create_many(vendors(1))
    change = [erp.vendors.get("001").model_copy(update={"name": "new"})]
    erp.vendors.update_many(change, report=path)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    again = erp.vendors.update_many(change, report=path)
    assert [(one.outcome, one.settled) for one in again] == [("applied", "look")]
    assert tiny.rows["001"]["rev"] == "2"


@pytest.mark.parametrize("content", ["x\n", "[]\n", '{"anyerp_report": 2}\n', '{"some": "file"}\n'])
def test_a_file_that_is_no_report_is_refused_and_left_alone(tiny, opened, tmp_path, content):
    path = tmp_path / "report.jsonl"
    path.write_text(content)
    with pytest.raises(ConfigError):
        opened().vendors.create_many(vendors(1), report=path)
    assert path.read_text() == content
    assert tiny.calls == []


def test_a_report_is_bound_to_its_operation_and_its_account(opened, tmp_path):
    path = tmp_path / "report.jsonl"
    opened().vendors.create_many(vendors(1), report=path)
    with pytest.raises(ConfigError, match="operation"):
        opened().vendors.update_many([], report=path)
    with pytest.raises(ConfigError, match="account"):
        opened(settings={"base_url": "https://other.example"}).vendors.create_many(vendors(1), report=path)


def test_two_runs_cannot_write_one_report(tiny, opened, tmp_path):
    path = tmp_path / "report.jsonl"
    erp = opened()
    running = erp.vendors.write_each("create", vendors(2), report=path)
    next(running)
    with pytest.raises(ConfigError, match="another run"):
        opened().vendors.create_many(vendors(2), report=path)
    assert len(list(running)) == 1
    running.close()


# The same for asynchronous hosts.


@WAYS
@pytest.mark.parametrize("parallel", [1, 3])
def test_an_asynchronous_host_has_the_same(tiny, tmp_path, way, parallel):
    async def go(records):
        async with aconnect(tiny, way) as erp:
            return await erp.vendors.create_many(
                records, batch_size=2, parallel=parallel, report=tmp_path / "report.jsonl"
            )

    async def one_by_one():
        for vendor in vendors(7):
            yield vendor

    report = asyncio.run(go(one_by_one()))
    assert report.ok
    agree(tiny, report)
    assert asyncio.run(go(vendors(7))).ok
    assert len(tiny.rows) == 7


@pytest.mark.slow
def test_an_asynchronous_host_that_is_cancelled_leaves_a_report_to_go_on_from(tiny, tmp_path):
    path, reached = tmp_path / "report.jsonl", asyncio.Event()
    handle = tiny.handle

    def watching(method, target, headers, content):
        found = handle(method, target, headers, content)
        if len(tiny.rows) == 3:
            reached.set()
        return found

    tiny.handle = watching

    async def cancelled():
        async with aconnect(tiny) as erp:
            task = asyncio.create_task(erp.vendors.create_many(vendors(9), report=path, parallel=2))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    async def go_on():
        async with aconnect(tiny) as erp:
            return await erp.vendors.create_many(vendors(9), report=path)

    asyncio.run(cancelled())
    assert len(tiny.rows) < 9
    report = asyncio.run(go_on())
    assert report.ok
    agree(tiny, report)


# Looks that fail.


class Blind(Tiny):
    """A Tiny that loses the answer to every write, and whose lists give no answer for a while."""

    blind = 0

    def handle(self, method, target, headers, content):
        if method == "GET" and self.blind:
            self.blind -= 1
            return 503, {}
        answer = super().handle(method, target, headers, content)
        if method == "POST" and target != "/token":
            self.blind = 99
            raise ReadError("lost")
        return answer


def blind(erp):
    erp._runner.sleep = erp._transport._sleep = lambda seconds: None
    return erp


@WAYS
def test_a_look_that_fails_says_nothing_of_the_write_and_nothing_is_sent_again(way):
    tiny = Blind(0)
    with blind(connect(tiny, way)) as erp:
        report = erp.vendors.create_many(vendors(2), batch_size=2)
        assert {one.outcome for one in report} == {"unknown"}
        assert tiny.count("POST", "/vendors") + tiny.count("POST", "/batch") == (1 if way is IN_BATCHES else 2)
        tiny.blind = 0
        with pytest.raises(OutcomeUnknown):
            erp.vendors.create(Vendor(name="A"), key="k")


@WAYS
def test_what_was_not_sent_because_the_look_before_it_failed_is_not_applied(tiny, opened, way):
    def odd(ctx, keys):
        raise UnexpectedPayload("what?")
        yield

    resource = replace(way.resources["vendors"], find=odd, find_many=odd if way is IN_BATCHES else None)
    records = [Vendor(name=f"N{n}", external_reference=f"k{n}") for n in range(2)]
    report = opened(replace(way, resources={"vendors": resource})).vendors.create_many(records)
    assert [one.outcome for one in report] == ["not_applied"] * 2
    assert not tiny.rows


# One key at a time.


@pytest.mark.parametrize("way", ["create", "create_many"])
def test_a_hundred_creates_with_one_key_at_once_are_one_record(tiny, way):
    """Fifty threads of two connections, fifty tasks of a third, at once."""
    tiny.valid = {"Bearer anybody"}
    vendor, start, found = Vendor(name="A", external_reference="k"), threading.Barrier(51), []

    def once(erp):
        start.wait()
        if way == "create":
            found.append(erp.vendors.create(vendor, key="k").record.id)
        else:
            found.extend(one.id for one in erp.vendors.create_many([vendor]))

    async def tasks():
        async with aconnect(tiny, ANYBODY) as erp:
            await asyncio.to_thread(start.wait)
            if way == "create":
                done = await asyncio.gather(*(erp.vendors.create(vendor, key="k") for _ in range(50)))
                found.extend(one.record.id for one in done)
            else:
                done = await asyncio.gather(*(erp.vendors.create_many([vendor]) for _ in range(50)))
                found.extend(one.id for report in done for one in report)

    with connect(tiny, ANYBODY) as one, connect(tiny, ANYBODY) as other:
        threads = [threading.Thread(target=once, args=(erp,)) for erp in (one, other) * 25]
        for thread in threads:
            thread.start()
        asyncio.run(tasks())
        for thread in threads:
            thread.join()
    assert len(found) == 100
    assert set(found) == set(tiny.rows) == {"001"}


def test_two_bulk_writes_of_the_same_keys_in_opposite_orders_do_not_wait_for_each_other(tiny):
    tiny.valid = {"Bearer anybody"}
    records = [Vendor(name=f"N{n}", external_reference=f"k{n}") for n in range(20)]
    with connect(tiny, replace(IN_BATCHES, authorize=ANYBODY.authorize)) as erp:
        threads = [
            threading.Thread(target=erp.vendors.create_many, args=(list(given),), kwargs={"batch_size": 7})
            for given in (records, reversed(records)) * 3
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)
    assert sorted(refs(tiny)) == sorted(f"k{n}" for n in range(20))
