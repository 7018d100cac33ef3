"""Connections on a real wire: remembered, watched by every call, reconnected as themselves."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa
from anyerp.errors import (
    ConfigError,
    CredentialsRejected,
    InvalidCursor,
    PermissionDenied,
    ReauthorizationRequired,
    Unavailable,
    UnknownConnector,
)
from anyerp.testing.sandbox import answer_with, lose_before
from anyerp.transport import Limits
from anyerp.wire import Response
from anyerp_hub import AsyncHub, Hub
from anyerp_hub.connection.state import Sign
from anyerp_hub.error import NoSuchThing, WrongState
from anyerp_hub.store import StoreUnavailable, table
from sample import order

SAP = "sap-s4hana"


@pytest.fixture
def con(hub: Hub, sap) -> str:
    return hub.connect(SAP, **sap[1], name="Plant 1010").id


def types(hub: Hub, id: str) -> list[str]:
    return [event.type for event in hub.events(connection_id=id)]


def test_a_connection_is_remembered_and_can_be_used(hub: Hub, sap, url, keys):
    made = hub.connect(SAP, **sap[1], name="Plant 1010", tags=["eu", "prod"], metadata={"customer": "42"})
    assert (made.info.lifecycle, made.info.health) == ("active", "ok")
    assert hub.tokens.verify(made.token).connection_id == made.id
    with Hub(url, keys=keys) as another:
        info = another.info(made.id)
        assert (info.name, info.tags, info.metadata) == ("Plant 1010", ("eu", "prod"), {"customer": "42"})
        assert next(another.connection(made.id).purchase_orders.list()).number


def test_what_does_not_work_is_not_remembered(hub: Hub, sap):
    sap[0].rotate_credentials()
    with pytest.raises(CredentialsRejected):
        hub.connect(SAP, **sap[1])
    assert hub.connections() == []
    assert hub.events() == []


def test_wrong_settings_are_named_field_by_field(hub: Hub, sap):
    with pytest.raises(ConfigError) as caught:
        hub.connect(SAP, settings={"base_url": "nowhere", "sap_client": "1"}, credentials=sap[1]["credentials"])
    assert {problem.pointer for problem in caught.value.problems} == {"/settings/base_url", "/settings/sap_client"}
    with pytest.raises(UnknownConnector):
        hub.connect("acme-erp", settings={}, credentials={})


def test_no_secret_is_in_the_clear_anywhere(hub: Hub, sap, con, caplog):
    caplog.set_level(logging.DEBUG)
    password = sap[1]["credentials"]["password"]
    hub.check(con)
    with hub._database.read() as tx:
        rows = [str(tx.execute(sa.select(each)).mappings().all()) for each in table.METADATA.sorted_tables]
    shown = [repr(hub), repr(hub.info(con)), json.dumps(hub.info(con).to_dict()), repr(hub._connections.given(con))]
    for text in (*rows, *shown, caplog.text, str(hub.events()), str(hub.audit())):
        assert password not in text


def test_connections_are_found_by_what_one_asks_for(hub: Hub, sap):
    ids = [hub.connect(SAP, **sap[1], tags=[f"t{n}", "all"]).id for n in range(3)]
    hub.pause(ids[0])
    assert [one.id for one in hub.connections(tag="t1")] == [ids[1]]
    assert [one.id for one in hub.connections(tag="all")] == ids
    assert [one.id for one in hub.connections(lifecycle="paused")] == [ids[0]]
    assert [one.id for one in hub.connections(after=ids[0], limit=1)] == [ids[1]]
    assert hub.connections(health="needs_reauth") == []
    hub.change(ids[2], name="third", tags=["new"], metadata={"a": 1})
    assert [(one.name, one.metadata) for one in hub.connections(tag="new")] == [("third", {"a": 1})]
    with pytest.raises(NoSuchThing, match="con_x"):
        hub.info("con_x")


def test_a_changed_password_is_told_once_and_reconnecting_keeps_id_and_token(hub: Hub, sap, con):
    sandbox, _ = sap
    token = hub.tokens.issue(con)
    sandbox.rotate_credentials()
    erp = hub.connection(con)
    for _ in range(5):
        with pytest.raises(CredentialsRejected):
            erp.vendors.page()
    assert hub.info(con).health == "needs_reauth"
    assert types(hub, con).count("connection.needs_reauth") == 1
    assert types(hub, con).count("connection.reauthorization_required") == 1
    hub.reconnect(con, credentials=sandbox.credentials)
    info = hub.info(con)
    assert (info.id, info.lifecycle, info.health, info.issues) == (con, "active", "ok", ())
    assert hub.tokens.verify(token.secret).connection_id == con
    assert hub.connection(con).vendors.page().records
    assert types(hub, con)[-1] == "connection.ok"


def test_while_it_needs_new_credentials_nothing_is_sent(hub: Hub, sap, con):
    sandbox, _ = sap
    sandbox.rotate_credentials()
    erp = hub.connection(con)
    for _ in range(2):
        with pytest.raises(CredentialsRejected):
            erp.vendors.page()
    before = len(sandbox.calls)
    with pytest.raises(CredentialsRejected) as caught:
        erp.purchase_orders.page()
    assert len(sandbox.calls) == before
    assert "nothing was sent" in str(caught.value)


def test_credentials_that_do_not_work_change_nothing(hub: Hub, sap, con):
    before = hub.info(con)
    with pytest.raises(CredentialsRejected):
        hub.reconnect(con, credentials={"username": "COM_USER", "password": "wrong"})
    assert hub.info(con) == before
    assert hub.connection(con).vendors.page().records


def test_an_unlocked_user_recovers_by_itself_when_checked(hub: Hub, sap, con):
    sandbox, _ = sap
    with pytest.raises(CredentialsRejected):
        raise_twice(hub, con, answer_with(Response(401)), sandbox)
    assert hub.info(con).health == "needs_reauth"
    assert all(check.ok for check in hub.check(con))
    assert hub.info(con).health == "ok"


def raise_twice(hub: Hub, con: str, strike, sandbox, times: int = 2) -> None:
    sandbox.faults.append(strike)
    try:
        for number in range(times):
            try:
                hub.connection(con).vendors.page()
            except Exception:
                if number == times - 1:
                    raise
    finally:
        sandbox.faults.clear()


def test_a_missing_permission_is_an_issue_of_its_resource_until_it_is_granted(hub: Hub, sap, con):
    sandbox, _ = sap
    sandbox.revoke("API_BUSINESS_PARTNER")
    erp = hub.connection(con)
    with pytest.raises(PermissionDenied):
        erp.vendors.page()
    erp.purchase_orders.page()  # what works elsewhere does not make it good
    info = hub.info(con)
    assert info.health == "degraded"
    assert [(issue.kind, issue.resource) for issue in info.issues] == [("permission_denied", "vendors")]
    sandbox.grant("API_BUSINESS_PARTNER")
    erp.vendors.page()
    assert (hub.info(con).health, hub.info(con).issues) == ("ok", ())


def test_check_names_the_missing_role_and_the_others_that_work(hub: Hub, sap, con):
    sap[0].revoke("API_BUSINESS_PARTNER")
    checks = {check.name: check for check in hub.check(con)}
    assert checks["purchase_orders"].ok
    assert not checks["vendors"].ok
    assert checks["vendors"].facts["code"] == "permission_denied"
    assert checks["vendors"].hint
    assert hub.info(con).health == "degraded"
    assert {issue.resource for issue in hub.info(con).issues} == {"vendors", "customers"}
    sap[0].grant("API_BUSINESS_PARTNER")
    hub.check(con)
    assert (hub.info(con).health, hub.info(con).issues) == ("ok", ())


def test_a_session_that_holds_a_licence_is_given_back_by_the_hub_and_by_nobody_else(hub: Hub, sap, con, monkeypatch):
    from dataclasses import replace  # noqa: PLC0415

    from anyerp.connector import done  # noqa: PLC0415
    from anyerp.connector.registry import Registry  # noqa: PLC0415

    left = []
    found = Registry.connector

    def leaving(ctx):
        left.append(ctx.base_url)
        return done(None)

    monkeypatch.setattr(Registry, "connector", lambda self, name: replace(found(self, name), leave=leaving))
    with hub.connection(con) as erp:
        erp.vendors.page()
    assert left == []
    hub.close()
    assert len(left) == 1


def test_a_connection_may_begin_with_some_resources_closed(hub: Hub, sap):
    sap[0].revoke("API_BUSINESS_PARTNER")
    made = hub.connect(SAP, **sap[1])
    assert made.info.health == "degraded"
    assert made.info.issues[0].resource == "vendors"


def test_silence_makes_it_unreachable_and_an_answer_makes_it_well(sqlite_url, keys, clock, sap):
    quick = Limits(total=1.0, retries=0)
    with Hub(sqlite_url, keys=keys, clock=clock, limits=quick) as hub:
        con = hub.connect(SAP, **sap[1]).id
        with pytest.raises(Unavailable):
            raise_twice(hub, con, lose_before, sap[0], times=3)
        assert hub.info(con).health == "unreachable"
        assert hub.connection(con).vendors.page().records
        assert hub.info(con).health == "ok"
        assert types(hub, con)[-2:] == ["connection.unreachable", "connection.ok"]


def test_bulk_writes_are_watched_as_well(hub: Hub, sap, con):
    erp = hub.connection(con)
    sap[0].rotate_credentials()
    for _ in range(2):
        assert not erp.purchase_orders.create_many([order(), order(2), order(3)]).applied
    assert hub.info(con).health == "needs_reauth"


def test_the_four_causes_of_a_refusal_are_told_apart(hub: Hub, sap, con):
    def causes(*errors):
        return [(cause.code, cause.who, cause.reconnect) for cause in map(hub.cause, errors) if cause]

    refused = []
    for bad in ("nonsense", hub.tokens.issue(con, valid_for=timedelta(0)).secret):
        with pytest.raises(Exception) as caught:  # noqa: PT011
            hub.tokens.verify(bad)
        refused.append(caught.value)
    sap[0].revoke("API_BUSINESS_PARTNER")
    with pytest.raises(PermissionDenied) as caught:
        hub.connection(con).vendors.page()
    refused.append(caught.value)
    sap[0].rotate_credentials()
    with pytest.raises(CredentialsRejected) as caught:
        hub.connection(con).purchase_orders.page()
    refused += [caught.value, ReauthorizationRequired("the consent ended"), Unavailable("no cause of these")]
    assert causes(*refused) == [
        ("token_invalid", "developer", False),
        ("token_expired", "developer", False),
        ("permission_denied", "admin", False),
        ("credentials_rejected", "end_user", True),
        ("reauthorization_required", "end_user", True),
    ]


def test_a_paused_connection_rests_and_a_disconnected_one_forgets_its_credentials(hub: Hub, sap, con):
    erp = hub.connection(con)
    hub.pause(con)
    for call in (lambda: hub.connection(con), erp.vendors.page):
        with pytest.raises(WrongState, match="paused"):
            call()
    hub.resume(con)
    assert erp.vendors.page().records
    hub.disconnect(con)
    with hub._database.read() as tx:
        assert tx.execute(sa.select(table.connection.c.sealed)).scalar_one() is None
    with pytest.raises(WrongState, match="disconnected"):
        erp.vendors.page()
    with pytest.raises(WrongState, match="disconnected cannot pause"):
        hub.pause(con)
    with pytest.raises(ConfigError, match="no credentials yet"):
        hub.reconnect(con)
    hub.reconnect(con, **sap[1])
    assert hub.connection(con).vendors.page().records
    assert types(hub, con)[0:] == ["connection.active", "connection.paused", "connection.active",
                                   "connection.disconnected", "connection.active"]  # fmt: skip


def test_every_transition_is_in_the_audit_with_who_and_from_where(hub: Hub, con):
    hub.pause(con, actor="anna@example.org")
    last = hub.audit(con)[-1]
    assert (last["actor"], last["action"], last["detail"]) == (
        "anna@example.org", "pause", {"from": "active", "to": "paused"},
    )  # fmt: skip


def test_a_state_and_its_event_are_stored_together_or_not_at_all(hub: Hub, con, monkeypatch):
    monkeypatch.setattr("anyerp_hub.connection.change.emit", lambda *a, **k: 1 / 0)
    before = len(hub.audit(con))
    with pytest.raises(ZeroDivisionError):
        hub.pause(con)
    assert hub.info(con).lifecycle == "active"
    assert len(hub.audit(con)) == before


def test_credentials_that_end_soon_are_called_expiring(hub: Hub, sap, clock):
    made = hub.connect(SAP, **sap[1], credentials_expire_at=clock.at + timedelta(days=3))
    assert made.info.health == "expiring"
    hub.reconnect(made.id, credentials_expire_at=clock.at + timedelta(days=365))
    assert hub.info(made.id).health == "ok"


def test_a_reading_that_works_costs_a_write_once_a_minute(hub: Hub, con, clock, monkeypatch):
    taken = []
    monkeypatch.setattr(hub._connections, "take", lambda *facts: taken.append(facts[1]))
    erp = hub.connection(con)
    for _ in range(10):
        erp.vendors.page()
    clock.advance(minutes=2)
    erp.vendors.page()
    assert taken == [Sign.WORKED, Sign.WORKED]


def test_what_the_erp_answered_is_given_even_if_it_cannot_be_noted(hub: Hub, con, monkeypatch):
    def full(*_):
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(hub._connections, "take", full)
    assert hub.connection(con).vendors.page().records


def test_a_cursor_of_one_connection_is_none_of_another_to_the_same_system(hub: Hub, sap, con):
    other = hub.connect(SAP, **sap[1]).id
    cursor = hub.connection(con).purchase_orders.page(page_size=2).cursor
    assert hub.connection(con).purchase_orders.page(cursor, page_size=2).records
    with pytest.raises(InvalidCursor):
        hub.connection(other).purchase_orders.page(cursor, page_size=2)


def test_a_cursor_outlives_the_process(sqlite_url, keys, sap):
    with Hub(sqlite_url, keys=keys) as hub:
        con = hub.connect(SAP, **sap[1]).id
        cursor = hub.connection(con).purchase_orders.page(page_size=2).cursor
    with Hub(sqlite_url, keys=keys) as hub:
        assert hub.connection(con).purchase_orders.page(cursor, page_size=2).records


def test_closing_a_shared_connection_closes_it_for_nobody(hub: Hub, con):
    with hub.connection(con) as erp:
        erp.vendors.page()
    assert hub.connection(con).vendors.page().records


def test_an_asynchronous_host_has_the_same(sqlite_url, keys, sap):
    sandbox, given = sap

    async def go() -> None:
        async with AsyncHub(sqlite_url, keys=keys) as hub:
            made = await hub.connect(SAP, **given)
            async with await hub.connection(made.id) as erp:
                assert [order async for order in erp.purchase_orders.list()]
                sandbox.rotate_credentials()
                for _ in range(2):
                    with pytest.raises(CredentialsRejected):
                        await erp.vendors.page()
            assert (await hub.info(made.id)).health == "needs_reauth"
            await hub.reconnect(made.id, credentials=sandbox.credentials)
            assert (await hub.info(made.id)).health == "ok"
            assert await hub.run(hub.sync.tokens.list, made.id)

    asyncio.run(go())


def test_tokens_that_rotate_are_kept_sealed_by_connection(hub: Hub, con, url, keys):
    store = hub.connection(con)._context.tokens
    assert store.load() is None
    store.save({"refresh_token": "hunter2"})
    store.save({"refresh_token": "hunter3"})
    with Hub(url, keys=keys) as another:
        assert another.connection(con)._context.tokens.load() == {"refresh_token": "hunter3"}
    with hub.database.read() as tx:
        assert "hunter" not in str(tx.execute(sa.select(table.connection_token)).mappings().one())


def test_an_erp_is_asked_no_more_at_a_time_than_its_connector_bears(hub: Hub, con):
    erp = hub.connection(con)
    assert erp._transport._inner.limits.max_in_flight == erp.connector.limits.in_flight
