"""Logging on: one session for a connection, renewed once, on its own node of the balancer (sap sheet §13, Session)."""

from __future__ import annotations

import asyncio
import threading

import pytest
from anyerp.errors import ConfigError, CredentialsRejected, OutcomeUnknown, PermissionDenied, Unavailable
from anyerp.testing.sandbox import Call, Once, answer_with, lose_before
from anyerp.wire import Headers, Response

LOGINS = ("POST", "/Login")


def test_one_login_serves_many_calls_and_no_password_goes_with_them(system, erp):
    list(erp.purchase_orders.list(page_size=3))
    assert len(system.calls(*LOGINS)) == 1
    others = [call for call in system.sandbox.calls if "/Login" not in call.target]
    assert len(others) > 4
    assert all("B1SESSION=" in call.headers["cookie"] and not call.content for call in others)
    assert all("authorization" not in call.headers for call in others)


def test_behind_a_balancer_every_call_goes_to_the_server_that_knows_the_session(make):
    system = make(nodes=3)
    with system.connect() as erp:
        assert len(list(erp.purchase_orders.list(page_size=2))) == 12
    assert len(system.calls(*LOGINS)) == 1
    assert {".node1"} == {c.headers["cookie"].partition("ROUTEID=")[2] for c in system.sandbox.calls[1:]}


def test_a_session_that_idled_too_long_is_renewed_once_and_the_call_repeated(system, erp, say):
    erp.purchase_orders.get("1")
    system.clock.advance(minutes=31)
    done = erp.purchase_orders.create(say.order(), key="REQ-1")
    assert done.settled == "answer"
    assert len(system.calls(*LOGINS)) == 2
    assert system.count() == 13


def test_readers_that_meet_the_end_of_a_session_together_log_in_once_and_all_go_on(system, erp):
    erp.purchase_orders.get("1")
    system.sandbox.expire_sessions()
    together = threading.Barrier(4)
    found, wrong = [], []

    def held(call: Call, proceed):
        response = proceed()
        if response.status == 401:
            together.wait(5)  # every reader has been refused before the first logs in
        return response

    system.sandbox.faults = [Once(held, when=lambda call: call.method == "GET", times=4)]

    def read() -> None:
        try:
            found.append(erp.purchase_orders.get("1").number)
        except Exception as error:  # noqa: BLE001 - shown below
            wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert (found, wrong) == (["6"] * 4, [])
    assert len(system.calls(*LOGINS)) == 2


def test_asynchronous_readers_share_a_renewal_too(system):
    async def read():
        async with system.aconnect() as erp:
            await erp.purchase_orders.get("1")
            system.sandbox.expire_sessions()
            return await asyncio.gather(*(erp.purchase_orders.get(str(n)) for n in range(1, 7)))

    assert [order.id for order in asyncio.run(read())] == ["1", "2", "3", "4", "5", "6"]
    assert len(system.calls(*LOGINS)) == 2


def test_a_session_that_is_refused_again_is_not_renewed_for_ever(system, erp):
    erp.purchase_orders.get("1")
    body = b'{"error":{"code":301,"message":{"lang":"en-us","value":"Invalid session or session already timeout."}}}'
    refused = Response(401, Headers({"Content-Type": "application/json"}), body)
    system.sandbox.faults = [Once(answer_with(refused), when=lambda call: call.method == "GET", times=99)]
    with pytest.raises(CredentialsRejected, match="Invalid session"):
        erp.purchase_orders.get("1")
    assert len(system.calls(*LOGINS)) == 2


def test_a_wrong_password_is_tried_once_and_the_hint_warns(system):
    with system.connect({"username": "manager", "password": "wrong"}) as erp:
        with pytest.raises(CredentialsRejected) as caught:
            list(erp.purchase_orders.list())
        assert len(system.sandbox.calls) == 1
        assert "locks" in caught.value.hint
        assert "wrong" not in str(caught.value)


def test_a_company_that_is_not_there_is_named(system):
    with system.connect(company_db="SBONOWHERE") as erp, pytest.raises(CredentialsRejected) as caught:
        list(erp.purchase_orders.list())
    assert caught.value.message.startswith("Business One let nobody into SBONOWHERE: ")
    assert "settings.company_db" in caught.value.hint
    assert len(system.sandbox.calls) == 1


def test_a_changed_password_is_rejected_and_not_repeated(system, erp):
    erp.purchase_orders.get("1")
    system.sandbox.rotate_credentials()
    with pytest.raises(CredentialsRejected):
        erp.purchase_orders.get("1")
    assert len(system.calls(*LOGINS)) == 2


def test_no_licence_left_is_told_with_its_remedy(make):
    system = make(session_limit=1)
    with system.connect() as first, system.connect() as second:
        first.purchase_orders.get("1")
        with pytest.raises(Unavailable) as caught:
            second.purchase_orders.get("1")
    assert "licence" in caught.value.hint


def test_an_object_that_the_user_may_not_see_is_denied_at_once(system, erp):
    system.sandbox.revoke("PurchaseOrders")
    with pytest.raises(PermissionDenied) as caught:
        erp.purchase_orders.get("1")
    assert "authorisation" in caught.value.hint
    assert len(system.calls(*LOGINS)) == 1


def test_overload_answered_in_html_is_unavailable_for_readers_and_unknown_for_writers(system, erp, say):
    erp.purchase_orders.get("1")
    system.sandbox.overload(times=99)
    with pytest.raises(Unavailable):
        erp.purchase_orders.get("1")
    system.sandbox.faults.clear()
    system.sandbox.faults.append(
        Once(answer_with(Response(502, Headers({"Content-Type": "text/html"}), b"<html>")), times=9,
             when=lambda call: call.method == "POST")
    )  # fmt: skip
    with pytest.raises(OutcomeUnknown):
        erp.purchase_orders.create(say.order(), key="REQ-2")
    assert len(system.calls("POST", "/PurchaseOrders")) == 1


@pytest.mark.parametrize("zone", ["Mars/Olympus", "+2", "", "../etc/passwd"])
def test_a_zone_that_nobody_knows_is_refused_in_the_settings(system, zone):
    with pytest.raises(ConfigError, match="time_zone"):
        system.context(time_zone=zone)


def test_the_path_of_the_service_may_be_said_or_left_out(system):
    assert system.context(base_url="https://b1:50000/").base_url == "https://b1:50000/b1s/v2"
    assert system.context(base_url="https://b1:50000/b1s/v2/").base_url == "https://b1:50000/b1s/v2"


def test_a_connection_that_is_closed_gives_its_licence_back(make):
    system = make(session_limit=1)
    for _ in range(3):
        with system.connect() as erp:
            erp.purchase_orders.get("1")
        assert not system.sandbox.sessions.live
    assert len(system.calls(*LOGINS)) == len(system.calls("POST", "/Logout")) == 3


def test_an_asynchronous_connection_logs_out_too(system):
    async def read():
        async with system.aconnect() as erp:
            await erp.purchase_orders.get("1")

    asyncio.run(read())
    assert not system.sandbox.sessions.live


def test_a_connection_that_never_logged_in_does_not_log_out(system):
    with system.connect():
        pass
    assert not system.sandbox.calls


@pytest.mark.parametrize("trouble", ["ended", "lost", "overload"])
def test_whatever_the_logout_meets_closing_is_quiet_and_logs_in_no_more(system, trouble):
    with system.connect() as erp:
        erp.purchase_orders.get("1")
        if trouble == "ended":
            system.sandbox.expire_sessions()
        elif trouble == "lost":
            system.sandbox.faults = [Once(lose_before, times=99)]
        else:
            system.sandbox.overload(times=99)
    assert len(system.calls(*LOGINS)) == 1
    assert len(system.calls("POST", "/Logout")) == 1
