"""Cancelling, closing, deleting: what the ERP remarks is told, and a lost answer is settled by reading."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from anyerp.connection import operation
from anyerp.connector import Request, ask
from anyerp.errors import CredentialsRejected, OutcomeUnknown, Problem
from anyerp.lens import Map, choice
from httpx2 import ReadError
from tiny import CONNECTOR, Tiny, aconnect, connect


def _cancel(ctx, id, native):
    yield from ask(Request("PATCH", f"/vendors/{id}", json={"state": "X"}, headers={"If-Match": native["rev"]}))
    ctx.warnings.append(Problem("an invoice is on its way", code="warned_by_erp"))


def _delete(ctx, id, native):
    yield from ask(Request("DELETE", f"/vendors/{id}"))


class Ending(Tiny):
    """A Tiny that deletes too, and whose next write may lose its answer, done or not."""

    loses, does = False, True

    def handle(self, method, target, headers, content):
        if method not in ("PATCH", "DELETE"):
            return super().handle(method, target, headers, content)
        answer = (204, None)
        if self.does and method == "DELETE":
            del self.rows[target.rpartition("/")[2]]
        elif self.does:
            answer = super().handle(method, target, headers, content)
        if self.loses:
            self.loses = False
            raise ReadError("lost")
        return answer


@pytest.fixture
def tiny():
    return Ending(3)


@pytest.fixture
def ending():
    """A connector that cancels and deletes; X means cancelled there."""
    resource = CONNECTOR.resources["vendors"]
    status = choice({"A": "active", "B": "blocked", "X": "inactive"}, otherwise="other")
    lens = resource.lens.extended(Map("status", "state", status, native="native_status"))
    resource = replace(resource, lens=lens, cancel=_cancel, close=_cancel, delete=_delete, because={})
    return replace(CONNECTOR, resources={"vendors": resource})


@pytest.fixture
def erp(tiny, ending, monkeypatch):
    monkeypatch.setitem(operation._ENDS, "cancel", "inactive")  # vendors are no documents; nothing else is different
    with connect(tiny, ending) as connection:
        connection._runner.sleep = lambda seconds: None
        yield connection


def test_what_the_erp_remarks_on_a_cancellation_is_told(erp):
    done = erp.vendors.cancel("002", outcome=True)
    assert [problem.message for problem in done.warnings] == ["an invoice is on its way"]
    assert (done.record.status, done.settled, done.outcome) == ("inactive", "answer", "applied")


def test_who_asks_for_the_record_gets_the_record(erp):
    assert erp.vendors.cancel("002").status == "inactive"


def test_a_cancellation_whose_answer_is_lost_is_settled_by_reading(tiny, erp):
    tiny.loses = True
    done = erp.vendors.cancel("002", outcome=True)
    assert (done.record.status, done.settled) == ("inactive", "look")
    assert tiny.rows["002"]["rev"] == "2"


def test_a_cancellation_that_never_arrived_is_unknown_and_not_sent_again(tiny, erp):
    tiny.loses, tiny.does = True, False
    with pytest.raises(OutcomeUnknown):
        erp.vendors.cancel("002")
    assert tiny.rows["002"]["rev"] == "1"


@pytest.mark.parametrize("does", [True, False])
def test_a_deletion_whose_answer_is_lost_is_settled_by_its_absence(tiny, erp, does):
    tiny.loses, tiny.does = True, does
    if does:
        erp.vendors.delete("002")
    else:
        with pytest.raises(OutcomeUnknown):
            erp.vendors.delete("002")
    assert ("002" in tiny.rows) is not does


def test_an_asynchronous_host_is_told_the_same(tiny, ending):
    async def go():
        async with aconnect(tiny, ending) as erp:
            return await erp.vendors.cancel("002", outcome=True), await erp.vendors.close("003")

    done, record = asyncio.run(go())
    assert len(done.warnings) == 1
    assert record.status == "inactive"


def test_an_asynchronous_connection_can_be_checked(tiny):
    async def go(**more):
        async with aconnect(tiny, **more) as erp:
            return await erp.check()

    assert [(check.name, check.ok) for check in asyncio.run(go())] == [("address", True), ("vendors", True)]
    _, check = asyncio.run(go(credentials={"user": "u", "password": "n0t-the-password"}))
    assert (check.ok, check.facts["code"]) == (False, "credentials_rejected")


def test_rejected_credentials_are_tried_once_and_told_of_every_resource(tiny):
    resources = {"vendors": CONNECTOR.resources["vendors"], "items": CONNECTOR.resources["vendors"]}
    several = replace(CONNECTOR, resources=resources)

    async def go():
        async with aconnect(tiny, several, credentials={"user": "u", "password": "n0t-the-password"}) as erp:
            return await erp.check()

    with connect(tiny, several, credentials={"user": "u", "password": "n0t-the-password"}) as erp:
        found = erp.check()
    assert [check.facts["code"] for check in found if not check.ok] == [CredentialsRejected.code] * 2
    assert len(tiny.calls) == 1
    assert asyncio.run(go()) == found
    assert len(tiny.calls) == 2
