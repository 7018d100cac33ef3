"""The report file: written before anything is sent, and bound to one operation, account and run."""

from __future__ import annotations

import json

import pytest
from anyerp.connection import RecordOutcome
from anyerp.connection.bulk.journal import Journal
from anyerp.errors import (
    ConfigError,
    InvalidRecord,
)
from many import WAYS, vendors


def test_what_a_report_says_may_be_any_text(tmp_path):
    with Journal(tmp_path / "r.jsonl", {"operation": "create"}, "R") as journal:
        journal.done(
            [RecordOutcome(0, "not_applied", error=InvalidRecord("half a \ud800")), RecordOutcome(1, "applied")]
        )
    with Journal(tmp_path / "r.jsonl", {"operation": "create"}, "R") as journal:
        assert journal.past[0].outcome.error.message == "half a \ud800"
        assert journal.past[1].outcome.outcome == "applied"


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
