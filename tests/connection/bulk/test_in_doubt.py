"""Lost answers, and looks that fail: never taken for a refusal, never sent again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from anyerp.errors import (
    OutcomeUnknown,
    UnexpectedPayload,
)
from anyerp.model import Vendor
from httpx2 import ReadError
from many import WAYS, agree, vendors
from tiny import IN_BATCHES, Tiny, connect


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
