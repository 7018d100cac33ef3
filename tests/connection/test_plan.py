"""A dry run shows all that is known before anything is written, and writes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from anyerp.connection import Resolved
from anyerp.connector import Request, ask
from anyerp.errors import Conflict, InvalidRecord, NotFound, NotSupported
from anyerp.model import Ref, Vendor
from tiny import CONNECTOR, SECRET, Tiny, aconnect, connect


@pytest.fixture
def tiny():
    return Tiny(3)


@pytest.fixture
def erp(tiny):
    with connect(tiny) as connection:
        yield connection


def writes(tiny):
    return [call for call in tiny.calls if call[0] != "GET" and call[1] != "/token"]


def test_a_new_record_is_shown_as_it_would_be_sent_with_secrets_masked(tiny, erp):
    plan = erp.vendors.create(Vendor(name="A", email="a@b.c"), key="k", dry_run=True)
    (request,) = plan.requests
    assert (request.method, request.url) == ("POST", "https://tiny.example/vendors")
    assert request.body == plan.native == {"name": "A", "mail": "a@b.c", "ref": "k"}
    assert request.headers["Authorization"] == "***"
    assert SECRET not in repr(plan)
    assert not plan.whole  # what follows depends on the answer
    assert writes(tiny) == []
    assert len(tiny.rows) == 3


def test_every_value_that_would_be_lost_is_named(erp):
    plan = erp.vendors.create(Vendor(name="x" * 11, tax_number="7", website="w"), dry_run=True)
    assert [problem.pointer for problem in plan.problems] == ["/name", "/tax_number", "/website"]


def _resolve(ctx, record):
    yield from ask(Request("GET", "/vendors/001"))
    if record.payment_terms is None:
        return record
    return record.model_copy(update={"payment_terms": Ref(id="T30")})


def test_references_that_were_looked_up_are_told(tiny):
    resource = replace(CONNECTOR.resources["vendors"], resolve=_resolve)
    with connect(tiny, replace(CONNECTOR, resources={"vendors": resource})) as erp:
        plan = erp.vendors.create(Vendor(name="A", payment_terms=Ref(number="30 days")), dry_run=True)
        nothing = erp.vendors.create(Vendor(name="A"), dry_run=True)
    assert plan.resolved == (Resolved("/payment_terms", Ref(number="30 days"), Ref(id="T30")),)
    assert plan.native["terms"] == "T30"
    assert nothing.resolved == ()


def test_an_update_shows_what_it_would_change_and_nothing_else(tiny, erp):
    before = dict(tiny.rows["002"])
    plan = erp.vendors.update(Vendor(id="002", name="new"), dry_run=True)
    assert plan.changes == {"name": "new"}
    assert plan.native == {**before, "name": "new"}
    (request,) = plan.requests
    assert (request.method, request.body, request.headers["If-Match"]) == ("PATCH", {"name": "new"}, "1")
    assert plan.whole
    assert tiny.rows["002"] == before


def test_an_update_that_changes_nothing_would_send_nothing(erp):
    plan = erp.vendors.update(Vendor(id="002", name="V2"), dry_run=True)
    assert (plan.requests, plan.changes, plan.whole) == ((), {}, True)


def _two(ctx, id, native, changes):
    for name, value in changes.own.items():
        yield from ask(Request("PATCH", f"/vendors/{id}", json={name: value}))


def test_of_several_requests_all_that_are_known_are_shown(tiny):
    resource = replace(CONNECTOR.resources["vendors"], update=_two)
    with connect(tiny, replace(CONNECTOR, resources={"vendors": resource})) as erp:
        plan = erp.vendors.update(Vendor(id="001", name="new", email="n@e.w"), dry_run=True)
    assert [request.body for request in plan.requests] == [{"name": "new"}, {"mail": "n@e.w"}]
    assert plan.whole
    assert writes(tiny) == []


def test_what_would_be_refused_before_it_is_sent_is_refused_by_a_dry_run_too(tiny, erp):
    with pytest.raises(Conflict):
        erp.vendors.update(Vendor(id="002", version="77", name="new"), dry_run=True)
    with pytest.raises(NotFound):
        erp.vendors.update(Vendor(id="099", name="new"), dry_run=True)
    with pytest.raises(InvalidRecord):
        erp.vendors.create(Vendor.model_construct(name=5), dry_run=True)
    resource = CONNECTOR.resources["vendors"]
    without = replace(resource, create=None, because={**resource.because, "create": "never: read only"})
    with connect(tiny, replace(CONNECTOR, resources={"vendors": without})) as other, pytest.raises(NotSupported):
        other.vendors.create(Vendor(name="A"), dry_run=True)
    assert writes(tiny) == []


def test_an_asynchronous_host_sees_the_same(tiny, erp):
    async def go():
        async with aconnect(tiny) as other:
            return (
                await other.vendors.create(Vendor(name="A"), key="k", dry_run=True),
                await other.vendors.update(Vendor(id="002", name="new"), dry_run=True),
            )

    mine = (
        erp.vendors.create(Vendor(name="A"), key="k", dry_run=True),
        erp.vendors.update(Vendor(id="002", name="new"), dry_run=True),
    )
    tiny.valid = set()
    assert asyncio.run(go()) == mine
