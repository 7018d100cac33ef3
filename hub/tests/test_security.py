"""No way from one connection's token to another's data, by any operation of OpenAPI; and no secret in what is said."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
from anyerp.testing.sandbox import serve
from anyerp_hub import Hub
from anyerp_hub.store import table
from anyerp_hub.webhook.guard import Guard
from anyerp_sap.sandbox import S4Sandbox
from everything import PO, Call, Things, resource_of
from receiver import receiving

pytestmark = pytest.mark.slow

SAP = "sap-s4hana"
#: Signed by a secret of the flow, and not called with a token.
SIGNED = "call_flow"
#: Open to whoever looks: the forms, how they look, and what leads to a link that there is.
OPEN = {"login_page", "login", "logout", "style", "connect_page", "connect", "consent_callback"}


@pytest.fixture
def hub(sqlite_url, keys) -> Iterator[Hub]:
    with Hub(sqlite_url, keys=keys, guard=Guard(allow=("127.0.0.0/8",), plain=True)) as hub:
        yield hub


@pytest.fixture
def erp() -> Iterator[tuple[S4Sandbox, dict]]:
    """The ERP of the one who owns something."""
    sandbox = S4Sandbox()
    with serve(sandbox) as base_url:
        yield sandbox, {"settings": sandbox.settings(base_url), "credentials": sandbox.credentials}


@pytest.fixture
def owner(hub: Hub, erp):
    return hub.connect(SAP, **erp[1], name="The owner's plant")


@pytest.fixture
def things(hub: Hub, erp, owner) -> Things:
    token = hub.tokens.list(owner.id)[0]
    return Things.of(hub, erp[0], owner.id, token.id, "http://127.0.0.1:9/owned")


def everything_of(hub: Hub, connection: str) -> dict[str, list]:
    """Each row that belongs to a connection, but for what its owner's own reading moves."""
    idle = {"last_used_at", "probe_at", "last_ok_at", "updated_at", "due_at", "next_at", "streak", "streak_kind"}
    found = {}
    with hub.database.read() as tx:
        for each in table.METADATA.sorted_tables:
            key = each.c.get("connection_id", each.c.get("id") if each.name == "connection" else None)
            if key is not None:
                rows = tx.execute(sa.select(each).where(key == connection)).mappings()
                found[each.name] = sorted(str({k: v for k, v in row.items() if k not in idle}) for row in rows)
    return found


def said(call: Call, answer: httpx2.Response) -> str:
    """What an answer tells beside what the caller has named himself."""
    text = answer.text + str([*answer.headers.items()])
    for part in sorted(re.split(r"[/?=]", call.url) + re.findall(r"\w+", str(call.body)), key=len, reverse=True):
        text = text.replace(part, "") if len(part) > 12 else text
    return text


def owned(things: Things) -> list[str]:
    """What nobody but the owner and the hub's governor is told."""
    return [
        "The owner's plant", "a link of the owner", "127.0.0.1:9/owned", "OWNED-1", things.connection, things.job,
        things.watch, things.session, things.endpoint, things.event, things.link, things.issue,
    ]  # fmt: skip


def test_no_token_reaches_another_connection_by_any_operation(hub: Hub, served, sap, erp, owner, things):
    base = served.by(hub)
    other = hub.connect(SAP, **sap[1], name="Somebody else's plant")
    before, calls = everything_of(hub, owner.id), len(erp[0].calls)
    tried: set[str] = set()
    with httpx2.Client(base_url=base, headers={"Authorization": f"Bearer {other.token}"}, timeout=30) as alien:
        for call in things.calls():
            answer = alien.request(call.method, call.url, json=call.body)
            assert answer.status_code < 500 or answer.json()["origin"] != "hub", f"{call}: {answer.text}"
            told = [each for each in owned(things) if each in said(call, answer)]
            assert told == [], f"{call}: {answer.status_code} tells {told}"
            if resource_of(call) is None and not answer.is_error:
                assert call.method == "GET" or call.name in ("submit_job", "create_watch"), f"{call} was done"
            tried.add(call.name)
    assert len(tried) >= 140
    assert len(erp[0].calls) == calls, "the owner's ERP was called"
    assert everything_of(hub, owner.id) == before


def test_a_cursor_and_a_state_open_only_the_connection_that_they_were_made_for(hub: Hub, served, sap, owner, things):
    other = hub.connect(SAP, **sap[1])
    with httpx2.Client(base_url=served.by(hub), headers={"Authorization": f"Bearer {other.token}"}) as alien:
        answers = [
            alien.get(f"/v1/{PO}", params={"cursor": things.cursor}),
            alien.post(f"/v1/{PO}/changes", json={"state": things.state}),
        ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(400, "invalid_cursor")] * 2


def bad_tokens(hub: Hub, owner) -> dict[str, str | None]:
    revoked = hub.tokens.issue(owner.id)
    hub.tokens.revoke(revoked.token.id)
    whole = hub.tokens.issue(owner.id).secret
    return {
        "none": None, "revoked": revoked.secret, "ended": hub.tokens.issue(owner.id, valid_for=timedelta(0)).secret,
        "half": whole[:20], "of another hub": "any_" + "A" * 36, "with more": whole + "A",
    }  # fmt: skip


def test_without_a_valid_token_no_operation_does_anything(hub: Hub, served, erp, owner, things):
    tokens = bad_tokens(hub, owner)
    before, calls = everything_of(hub, owner.id), len(erp[0].calls)
    with httpx2.Client(base_url=served.by(hub), timeout=30) as client:
        for call in things.calls():
            for kind, token in tokens.items():
                headers = {} if token is None else {"Authorization": f"Bearer {token}"}
                answer = client.request(call.method, call.url, json=call.body, headers=headers)
                assert answer.status_code == 401, f"{kind}: {call} gave {answer.status_code}"
                assert [each for each in owned(things) if each in said(call, answer)] == []
    assert len(erp[0].calls) == calls
    assert everything_of(hub, owner.id) == before


def test_a_scope_holds_for_every_operation(hub: Hub, served, erp, owner, things):
    narrow = hub.tokens.issue(owner.id, scopes=["vendors:read"]).secret
    reader = hub.tokens.issue(scopes=["hub:read"]).secret
    before = everything_of(hub, owner.id)
    written = [call for call in erp[0].calls if call.method != "GET"]
    with httpx2.Client(base_url=served.by(hub), timeout=30) as client:
        for call in things.calls():
            resource = resource_of(call)
            changes = call.method != "GET" and not call.path.endswith(("/changes", "/check"))
            for token, allowed in ((narrow, resource == "vendors"), (reader, resource is None)):
                headers = {"Authorization": f"Bearer {token}"}
                answer = client.request(call.method, call.url, json=call.body, headers=headers)
                if call.name == SIGNED:
                    assert answer.status_code == 401
                elif changes or (not allowed and resource is not None):
                    assert answer.status_code in (403, 404), f"{call} gave {answer.status_code}: {answer.text}"
                else:
                    assert answer.status_code < 500
    assert [call for call in erp[0].calls if call.method != "GET"] == written
    after = everything_of(hub, owner.id)
    # A check, which a reader may ask for, finds out that the ERP has opened again what it had closed.
    assert {name for name in before if after[name] != before[name]} <= {"issue", "connection", "event", "audit"}


def test_no_page_shows_or_does_anything_for_who_is_not_signed_in(hub: Hub, served, erp, owner, things):
    before, calls = everything_of(hub, owner.id), len(erp[0].calls)
    base, tried = served.by(hub), 0
    with httpx2.Client(base_url=base, timeout=30, headers={"Origin": base}) as client:
        refused = client.post("/login", data={"token": owner.token})
        assert "anyerp_hub" not in client.cookies, "a connection's token governs nothing"
        assert refused.status_code in (401, 403, 422)
        for call in things.pages():
            answer = client.request(call.method, call.url, data={} if call.method == "POST" else None)
            assert [each for each in owned(things) if each in said(call, answer)] == [], call
            if call.name not in OPEN:
                assert answer.status_code in (303, 401, 403), f"{call} gave {answer.status_code}"
                assert answer.status_code != 303 or answer.headers["location"].endswith("/login"), call
            tried += 1
    assert tried >= 20
    assert len(erp[0].calls) == calls
    assert everything_of(hub, owner.id) == before


def test_no_secret_is_in_any_answer_page_webhook_log_or_file(hub: Hub, served, erp, owner, things, caplog, sqlite_url):
    caplog.set_level(logging.DEBUG)
    governing = hub.tokens.issue().secret
    sandbox = erp[0]
    hub.flows.put(hub.flows.get("owned").model_copy(update={"webhook": True}))
    with receiving() as receiver:
        endpoint = hub.webhooks.add(receiver.url)
        secrets = {
            "password": sandbox.credentials["password"], "token": owner.token, "governing": governing,
            "link": things.link, "webhook": endpoint.secret, "flow": hub.flows.webhook_secret("owned"),
            "key": "k1",
        }  # fmt: skip
        secrets |= {"next password": "Canary-4711-Next", "wrong password": "Canary-4712-Wrong"}
        texts = _go_round(hub, served.by(hub), sandbox, things, secrets)
        hub.sender.send_due()
        assert receiver.got
        texts += [(f"webhook {one.headers}", one.body.decode()) for one in receiver.got]
    base = served.by(hub)
    logged = [record.getMessage() + str(record.exc_text) for record in caplog.records]
    texts += [("log", text) for text in logged if base not in text]  # where this test's own client calls it
    texts += [("repr", repr((hub, hub.info(owner.id), owner, endpoint, hub.tokens.list(owner.id), things.session)))]
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    texts += [(f"file {each.name}", each.read_bytes().decode("latin-1")) for each in path.parent.glob("hub.db*")]
    del secrets["key"]
    found = [(place, name) for place, text in texts for name, secret in secrets.items() if secret in text]
    assert found == []
    assert len(texts) > 200


def _go_round(hub: Hub, base: str, sandbox: S4Sandbox, things: Things, secrets: dict) -> list[tuple[str, str]]:
    """Each operation and each page, in peace and when the ERP refuses the password; gives what was said."""
    texts: list[tuple[str, str]] = []

    def keep(call: str, answer: httpx2.Response) -> None:
        texts.append((call, answer.text + str([*answer.headers.items()])))

    once = {"create_connection", "create_token", "create_connect_session", "create_endpoint", "rotate_secret",
            "get_flow_webhook_secret"}  # fmt: skip
    with (
        httpx2.Client(base_url=base, timeout=30) as client,
        httpx2.Client(base_url=base, timeout=30, headers={"Origin": base}) as browser,
    ):
        signed = browser.post("/login", data={"token": secrets["governing"]})
        assert signed.status_code == 303
        keep("login", signed)
        for round_ in range(2):
            for call in things.calls():
                if call.method == "DELETE" or call.name in once or resource_of(call) not in (None, PO, "vendors"):
                    continue
                for token in ("governing", "token"):
                    headers = {"Authorization": f"Bearer {secrets[token]}"}
                    keep(str(call), client.request(call.method, call.url, json=call.body, headers=headers))
            for call in things.pages():
                if call.method == "GET":
                    keep(str(call), browser.get(call.url))
            wrong = {"credentials": {"username": "x", "password": secrets["wrong password"]}}
            headers = {"Authorization": f"Bearer {secrets['governing']}"}
            url = f"/v1/connections/{things.connection}/reconnect"
            keep("wrong password", client.post(url, json=wrong, headers=headers))
            wrong["credentials"]["pass"] = secrets["wrong password"]
            keep("a secret under a wrong name", client.post(url, json=wrong, headers=headers))
            form = {"connector": SAP, "settings.base_url": "x", "credentials.password": secrets["wrong password"]}
            filled = Call("form", "POST", f"/connect/{things.link}", form)
            texts.append(("form", said(filled, browser.post(filled.url, data=form))))
            if not round_:
                sandbox.rotate_credentials()
                sandbox.access.password = secrets["next password"]
    return texts
