"""Calls in flight, lost answers, a real socket."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request

import pytest
from anyerp.testing.sandbox import LostAnswer, Once, lose_after, lose_before, serve
from anyerp_netsuite.sandbox import NetSuiteSandbox
from anyerp_netsuite.sandbox.auth.account import Account

from .conftest import RECORDS, TOKEN, Client, ask_token, assertion, detail, new_order


def crowd(client, sandbox, count):
    """So many calls held inside at the same moment; gives their statuses once they are let go."""
    gate, inside, statuses = threading.Event(), threading.Semaphore(0), []

    def hold(call, proceed):
        inside.release()
        gate.wait(5)

    sandbox.faults.append(hold)
    threads = [
        threading.Thread(target=lambda: statuses.append(client.ask("GET", "currency/1").status)) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=5)
    sandbox.faults.remove(hold)
    return gate, threads, statuses


def test_the_call_beyond_the_limit_gets_a_429_and_the_others_go_on(client, sandbox):
    gate, threads, statuses = crowd(client, sandbox, 5)
    answer = client.ask("GET", "currency/1")
    assert answer.status == 429
    assert detail(answer, 429) == {
        "detail": "Concurrent request limit exceeded. Request blocked.",
        "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED",
    }
    assert (answer.json()["title"], answer.json()["o:errorCode"]) == ("Bad Request", "USER_ERROR")
    assert "retry-after" not in answer.headers
    gate.set()
    for thread in threads:
        thread.join(5)
    assert statuses == [200] * 5
    assert client.ask("GET", "currency/1").status == 200
    assert sandbox.governance.most == 5


def test_the_limit_is_shared_with_other_integrations(client, sandbox):
    sandbox.governance.others = 4
    client.get("currency/1")
    sandbox.governance.others = 5
    assert client.ask("GET", "currency/1").status == 429
    assert client.sql("SELECT id FROM currency").status == 429


def test_the_token_endpoint_is_not_counted(client, sandbox, clock):
    sandbox.governance.others = 5
    assert ask_token(sandbox, assertion(sandbox, clock())).status == 200


def test_an_overload_can_look_like_a_failed_logon(client, sandbox):
    sandbox.governance.others = 5
    sandbox.governance.as_login = True
    assert detail(client.ask("GET", "currency/1"), 401)["o:errorCode"] == "INVALID_LOGIN"


def test_a_refused_call_changes_nothing(client, sandbox):
    sandbox.governance.others = 5
    assert client.ask("DELETE", "purchaseOrder/2174").status == 429
    sandbox.governance.others = 0
    client.get("purchaseOrder/2174")


def test_the_limits_are_for_administrators(client, sandbox):
    path = "/services/rest/system/v1/governanceLimits"
    assert detail(client.ask("GET", path), 403)["o:errorCode"] == "INSUFFICIENT_PERMISSION"
    sandbox.role.administrator = True
    assert client.get(path)["accountConcurrencyLimit"] == 5


def test_an_answer_can_be_lost_before_and_after_the_work(client, sandbox):
    posts = lambda call: call.method == "POST"  # noqa: E731
    for strike, orders in ((lose_before, 12), (lose_after, 13)):
        sandbox.faults[:] = [Once(strike, posts)]
        with pytest.raises(LostAnswer):
            client.ask("POST", "purchaseOrder", new_order(externalId="LOST-1"))
        assert client.get("purchaseOrder")["totalResults"] == orders
    assert client.found("externalId IS LOST-1") == [client.get("purchaseOrder/eid:LOST-1")["id"]]


def test_every_call_is_remembered_in_order(client, sandbox):
    client.get("currency/1")
    client.ask("DELETE", "currency/1")
    assert [(call.method, call.target) for call in sandbox.calls[-2:]] == [
        ("GET", RECORDS + "currency/1"),
        ("DELETE", RECORDS + "currency/1"),
    ]


def test_many_threads_write_at_once_and_nothing_is_lost(clock):
    sandbox = NetSuiteSandbox(now=clock, concurrency=50)
    client = Client(sandbox, clock).log_on()

    def work():
        for _ in range(5):
            assert client.ask("POST", "purchaseOrder", new_order()).status == 204
            assert client.sql("SELECT COUNT(*) AS n FROM transaction").status == 200

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert client.get("purchaseOrder")["totalResults"] == 42
    numbers = [row["tranid"] for row in client.rows("SELECT tranid FROM transaction WHERE type = 'PurchOrd'")]
    assert len(set(numbers)) == 42


def test_it_speaks_over_a_socket_and_its_links_lead_back(sandbox, clock):
    with serve(sandbox) as base:
        assert sandbox.settings(base) == {"account": "1234567_SB1", "base_url": base, "app_url": base}
        token = assertion(sandbox, clock(), aud=base + TOKEN)
        kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        form = f"grant_type=client_credentials&client_assertion_type={kind}"
        bearer = fetch(base + TOKEN, f"{form}&client_assertion={token}".encode())["access_token"]
        page = fetch(f"{base}{RECORDS}purchaseOrder?limit=1", bearer=bearer)
        assert page["links"][0]["href"].startswith(base)
        order = fetch(page["items"][0]["links"][0]["href"], bearer=bearer)
        assert order["id"] == page["items"][0]["id"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(f"{base}{RECORDS}purchaseOrder", bearer="wrong")
        assert refused.value.code == 401
        refused.value.close()


def fetch(url, content=None, bearer=""):
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    with urllib.request.urlopen(urllib.request.Request(url, content, headers), timeout=5) as answer:
        return json.load(answer)


@pytest.mark.parametrize(
    ("spelt", "host", "realm"),
    [
        ("1234567_SB1", "1234567-sb1", "1234567_SB1"),
        ("1234567-sb1", "1234567-sb1", "1234567_SB1"),
        ("TSTDRV99", "tstdrv99", "TSTDRV99"),
    ],
)
def test_an_account_has_two_spellings(spelt, host, realm):
    account = Account(spelt)
    assert (account.host_id, account.realm) == (host, realm)


@pytest.mark.parametrize("spelt", ["", "a.b", "1234567_SB1_X", "evil.example/", "12 3", "-1"])
def test_what_cannot_be_part_of_a_host_name_is_no_account(spelt):
    with pytest.raises(ValueError, match="no account id"):
        Account(spelt)
