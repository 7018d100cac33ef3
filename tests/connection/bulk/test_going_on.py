"""A run that was killed goes on from its report, and nothing is written twice."""

from __future__ import annotations

import json

import pytest
from anyerp.model import Vendor
from many import WAYS, refs, vendors


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
