"""Signing in at the ERP: there and back once, in one browser, in time; what comes back is tried, sealed and kept."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
import sqlalchemy as sa
from anyerp.errors import ConfigError, NotSupported, ReauthorizationRequired
from anyerp.testing.sandbox import Once, lose_after, serve
from anyerp_hub import Hub
from anyerp_hub.error import NoSuchThing
from anyerp_hub.store import table
from anyerp_hub.vault import Key, Keyring
from anyerp_netsuite.sandbox import NetSuiteSandbox

NETSUITE = "netsuite"
BACK = "http://127.0.0.1/callback"


@pytest.fixture
def netsuite() -> Iterator[tuple[NetSuiteSandbox, dict]]:
    sandbox = NetSuiteSandbox(auth="authorization_code")
    with serve(sandbox) as base_url:
        yield sandbox, {"settings": sandbox.settings(base_url), "credentials": sandbox.credentials}


class User:
    """A user with a browser: fills in the form of a link, and goes where the pages lead."""

    def __init__(self, base: str, sandbox: NetSuiteSandbox, given: dict) -> None:
        sandbox.consenting(f"{base}/connect/callback")
        self.base, self.sandbox, self.given = base, sandbox, given
        self.browser = httpx2.Client(timeout=30)

    def begin(self, link: str, **changes: str) -> str:
        """Press the button; gives the address of the ERP's page."""
        form = {"connector": NETSUITE, "way": "2"}
        form |= {f"{part}.{name}": value for part, facts in self.given.items() for name, value in facts.items()}
        answer = self.browser.post(f"{self.base}/connect/{link}", data={**form, **changes})
        assert answer.status_code == 200, answer.text
        assert "form-action 'self'" in answer.headers["content-security-policy"]
        return unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)[1])

    def consent(self, url: str) -> str:
        """Consent at the ERP; gives the address that it leads back to."""
        return self.browser.get(url).headers["location"]

    def sign_in(self, link: str, **changes: str) -> httpx2.Response:
        return self.browser.get(self.consent(self.begin(link, **changes)))


@pytest.fixture
def user(small: Hub, served, netsuite) -> Iterator[User]:
    user = User(served.by(small), *netsuite)
    yield user
    user.browser.close()


@pytest.fixture
def link(small: Hub) -> str:
    return small.sessions.create(connector=NETSUITE, name="Plant 7", return_url="https://host.example/").link


def alert(answer: httpx2.Response) -> str:
    return re.search(r'role="alert">(.*?)</(?:div|p)>\s*(?:<nav|<form|</main)', answer.text, re.DOTALL)[1]


def test_a_user_signs_in_and_the_connection_works_and_stays_itself(small: Hub, user, link, netsuite):
    asked = user.begin(link)
    query = parse_qs(urlsplit(asked).query)
    assert (query["code_challenge_method"], query["response_type"]) == (["S256"], ["code"])
    done = user.browser.get(user.consent(asked))
    assert done.status_code == 200
    assert "Plant 7 is connected" in done.text
    assert 'href="https://host.example/"' in done.text
    (info,) = small.connections()
    assert (info.health, info.lifecycle) == ("ok", "active")
    assert [unit.name for unit in small.connection(info.id).units.list()]
    token = small.tokens.issue(info.id)

    netsuite[0].oauth2.revoke_consent()
    with pytest.raises(ReauthorizationRequired):
        small.connection(info.id).units.page()
    assert small.info(info.id).health == "needs_reauth"
    again = small.sessions.create(connection_id=info.id).link
    form = user.browser.get(f"{user.base}/connect/{again}").text
    assert netsuite[0].client.id in form
    assert netsuite[0].client.secret not in form
    # The client's secret need not be typed again.
    assert user.sign_in(again, **{"credentials.client_secret": ""}).status_code == 200
    (same,) = small.connections()
    assert (same.id, same.health) == (info.id, "ok")
    assert small.tokens.verify(token.secret).connection_id == info.id
    assert list(small.connection(info.id).units.list())


def test_tokens_code_verifier_and_secret_stand_nowhere_in_the_clear(small: Hub, user, link, netsuite):
    asked = user.begin(link)
    with small.database.read() as tx:
        (pending,) = tx.execute(sa.select(table.consent)).all()
    back = user.consent(asked)
    done = user.browser.get(back)
    (refresh,) = netsuite[0].oauth2._refresh
    (access,) = netsuite[0].oauth2._access
    code = parse_qs(urlsplit(back).query)["code"][0]
    with small.database.read() as tx:
        rows = [str(tx.execute(sa.select(each)).all()) for each in table.METADATA.sorted_tables]
    kept = "".join([*rows, str(pending), done.text, json.dumps(small.connections()[0].to_dict()), str(small.audit())])
    for secret in (refresh, access, code, netsuite[0].client.secret, parse_qs(urlsplit(asked).query)["state"][0]):
        assert secret not in kept
    (calls,) = [call for call in netsuite[0].calls if b"code_verifier" in call.content]
    assert parse_qs(calls.content.decode())["code_verifier"][0] not in kept
    assert refresh not in str(done.headers)


def test_what_a_user_brings_back_is_taken_once(small: Hub, user, link):
    back = user.consent(user.begin(link))
    cookies = dict(user.browser.cookies)
    assert user.browser.get(back).status_code == 200
    user.browser.cookies.update(cookies)
    again = user.browser.get(back)
    assert again.status_code == 410
    assert "This sign-in is over." in alert(again)
    assert len(small.connections()) == 1


def test_of_two_that_bring_back_the_same_one_is_taken_up(hub: Hub, netsuite):
    link = hub.sessions.create(connector=NETSUITE).link
    state = hub.consents.begin(link, NETSUITE, **netsuite[1], redirect_uri=BACK).state
    taken = []

    def take() -> None:
        with suppress(NoSuchThing):
            taken.append(hub.consents.take(state))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


def test_a_state_that_is_not_of_this_browser_is_refused_and_the_right_one_still_works(small: Hub, user, link):
    asked = user.begin(link)
    back = user.consent(asked)
    stranger = httpx2.get(back)
    assert stranger.status_code == 400
    assert "not begun in this browser" in alert(stranger)
    other = back.replace(parse_qs(urlsplit(back).query)["state"][0], "x" * 43)
    assert user.browser.get(other).status_code == 400
    assert user.browser.get(f"{user.base}/connect/callback").status_code == 400
    assert small.connections() == []
    assert user.browser.get(back).status_code == 200


def test_of_two_sign_ins_for_one_link_the_later_one_counts(small: Hub, user, link):
    first = user.begin(link)
    cookies = dict(user.browser.cookies)
    back = user.consent(first)
    second = user.begin(link)
    user.browser.cookies.update(cookies)
    assert user.browser.get(back).status_code == 410
    user.browser.cookies.update({"anyerp_consent": parse_qs(urlsplit(second).query)["state"][0]})
    assert user.browser.get(user.consent(second)).status_code == 200


def test_denied_access_is_said_and_the_form_is_there_again(small: Hub, user, link, netsuite):
    netsuite[0].oauth2.asks = True
    asked = user.begin(link)
    assert "Allow access?" in user.browser.get(asked).text
    answer = user.browser.get(user.consent(asked + "&choice=deny"))
    assert answer.status_code == 422
    assert "Access was denied at Oracle NetSuite." in alert(answer)
    assert "Nothing was stored." in alert(answer)
    assert netsuite[1]["settings"]["account"] in answer.text
    assert netsuite[0].client.secret not in answer.text
    assert user.browser.get(user.consent(user.begin(link) + "&choice=allow")).status_code == 200


def test_other_refusals_are_told_by_their_code_and_foreign_words_are_not(user, link):
    state = parse_qs(urlsplit(user.begin(link)).query)["state"][0]
    query = {"state": state, "error": "invalid_scope", "error_description": "<b>please call us</b>"}
    answer = user.browser.get(f"{user.base}/connect/callback?{urlencode(query)}")
    assert "invalid_scope" in alert(answer)
    assert "an administrator sets that" in alert(answer)
    assert "please call us" not in answer.text


def test_who_takes_too_long_is_told_so(small: Hub, user, link, clock):
    asked = user.begin(link)
    clock.advance(minutes=11)
    answer = user.browser.get(user.consent(asked))
    assert answer.status_code == 422
    assert "took more than 10 minutes" in alert(answer)
    assert small.connections() == []


def test_a_code_that_has_expired_is_told_so(small: Hub, user, link, netsuite):
    asked = user.begin(link)
    back = user.consent(asked)
    netsuite[0].oauth2._codes.clear()
    answer = user.browser.get(back)
    assert answer.status_code == 422
    assert "refused the authorization code" in alert(answer)
    assert "Sign in once more." in alert(answer)
    assert small.connections() == []


def test_a_wrong_client_secret_is_told_so(small: Hub, user, link):
    answer = user.sign_in(link, **{"credentials.client_secret": "wrong"})
    assert answer.status_code == 422
    assert "refused the client" in alert(answer)
    assert small.connections() == []


def test_a_lost_answer_is_told_and_the_code_not_sent_again(small: Hub, user, link, netsuite):
    back = user.consent(user.begin(link))
    netsuite[0].faults.append(Once(lose_after))
    answer = user.browser.get(back)
    assert "no tokens" in alert(answer).lower()
    assert len([call for call in netsuite[0].calls if b"authorization_code" in call.content]) == 1
    assert small.connections() == []


def test_what_was_consented_to_is_tried_and_what_does_not_work_is_not_stored(small: Hub, user, link, netsuite):
    netsuite[0].revoke("rest web services")
    answer = user.sign_in(link)
    assert answer.status_code == 422
    assert "Nothing was stored." in alert(answer)
    assert small.connections() == []


def test_a_link_that_ended_meanwhile_takes_nobody_up(small: Hub, user, link, clock):
    asked = user.begin(link)
    clock.advance(days=2)
    assert user.browser.get(user.consent(asked)).status_code == 410


def test_without_a_user_such_credentials_connect_nothing(small: Hub, netsuite, link, sap):
    with pytest.raises(ConfigError, match="a user must sign in at the ERP"):
        small.connect(NETSUITE, **netsuite[1])
    with pytest.raises(NotSupported, match="consents"):
        small.consents.begin(small.sessions.create().link, "sap-s4hana", **sap[1], redirect_uri=BACK)
    with pytest.raises(NoSuchThing):
        small.consents.begin("no-link", NETSUITE, **netsuite[1], redirect_uri=BACK)


def test_disconnecting_forgets_the_tokens_too(small: Hub, user, link):
    user.sign_in(link)
    (info,) = small.connections()
    small.disconnect(info.id)
    with small.database.read() as tx:
        assert tx.execute(sa.select(table.connection_token)).all() == []


def test_the_end_of_a_refresh_token_is_told_ahead_in_proportion_to_what_it_lasts(small: Hub, user, link, clock):
    clock.at = datetime.now(UTC)
    fresh = small.sessions.create(connector=NETSUITE).link
    user.sign_in(fresh)
    (info,) = small.connections()
    assert info.credentials_expire_at - clock.at == pytest.approx(timedelta(days=7), abs=timedelta(minutes=5))
    clock.advance(days=5)
    small.probe()
    assert small.info(info.id).health == "ok"
    small.reconnect(info.id, settings=user.given["settings"])
    assert small.info(info.id).credentials_expire_at == info.credentials_expire_at, "the tokens are the same"
    clock.advance(hours=8)
    small.probe()
    assert small.info(info.id).health == "expiring"
    again = user.sign_in(small.sessions.create(connection_id=info.id).link)
    assert again.status_code == 200
    assert small.info(info.id).credentials_expire_at > info.credentials_expire_at


def test_a_key_may_be_rotated_while_a_user_is_away(sqlite_url, clock, served, netsuite):
    old, new = Key("k1", bytes(range(32))), Key.new()
    with Hub(sqlite_url, keys=Keyring(old), clock=clock) as hub:
        user = User(served.by(hub), *netsuite)
        back = user.consent(user.begin(hub.sessions.create(connector=NETSUITE).link))
    with Hub(sqlite_url, keys=Keyring(new, old), clock=clock) as hub:
        assert hub.rotate_keys() > 0
    with Hub(sqlite_url, keys=Keyring(new), clock=clock) as hub:
        served.by(hub)
        assert user.browser.get(back).status_code == 200
        user.browser.close()
