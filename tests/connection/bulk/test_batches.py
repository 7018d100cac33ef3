"""Batches where the ERP has them: of the size that it bears, and one record of many never spoils the others."""

from __future__ import annotations

import pytest
from anyerp.errors import (
    ConfigError,
)
from anyerp.model import Vendor
from many import WAYS, agree, vendors
from tiny import IN_BATCHES


def test_an_erp_with_batches_is_sent_batches(tiny, opened):
    opened(IN_BATCHES).vendors.create_many(vendors(7), batch_size=3)
    assert tiny.batches == [3, 3]
    assert tiny.count("POST", "/vendors") == 1  # one alone needs no batch


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


@WAYS
def test_several_may_be_on_their_way_at_once(tiny, opened, way):
    seen = []
    report = opened(way).vendors.create_many(vendors(40), batch_size=4, parallel=4, progress=seen.append)
    assert [one.index for one in report] == list(range(40))
    assert sorted(seen, key=lambda one: one.index) == list(report)
    assert report.ok
    agree(tiny, report)
