"""Pages say what is: how long it worked, in words that are sentences, and what the fields of a form are for."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
from anyerp.connector.registry import registry
from anyerp.errors import CredentialsRejected
from anyerp_hub import Hub
from anyerp_hub.web.page.form import about_of, fields, title_of
from anyerp_hub.web.page.picture import picture

SAP = "sap-s4hana"


@pytest.fixture
def con(small: Hub, sap) -> str:
    return small.connect(SAP, **sap[1]).id


def said(hub: Hub, id: str) -> str:
    return picture(hub, hub.info(id)).summary


def rejected(hub: Hub, id: str) -> None:
    for _ in range(2):
        with pytest.raises(CredentialsRejected):
            hub.connection(id).vendors.page()


def test_a_young_connection_was_ok_for_exactly_as_long_as_it_was(small: Hub, con, sap, clock):
    clock.advance(seconds=30)
    assert said(small, con) == "ok for 100 % of the 30 seconds that it was connected; now ok"
    sap[0].rotate_credentials()
    rejected(small, con)
    clock.advance(seconds=90)
    found = picture(small, small.info(con))
    assert found.summary == "ok for 25.0 % of the 2 minutes that it was connected; now needs reauth"
    assert found.title == "Health over the last 2 minutes"
    assert [(span.state, round(span.width)) for span in found.spans] == [("ok", 250), ("needs_reauth", 750)]


def test_a_moment_of_failure_is_drawn_so_that_it_is_seen_and_counted_as_long_as_it_was(small: Hub, con, sap, clock):
    clock.advance(days=6)
    sap[0].rotate_credentials()
    rejected(small, con)
    clock.advance(seconds=30)
    small.reconnect(con, credentials=sap[0].credentials)
    clock.advance(days=1)
    found = picture(small, small.info(con))
    assert found.summary.startswith("ok for 99.9 % of the 7 days")
    assert found.title == "Health over the last 7 days"
    (bad,) = [span for span in found.spans if span.state == "needs_reauth"]
    assert bad.width == 3.0
    assert all(span.x >= 0 and span.x + span.width <= 1000 for span in found.spans)


def test_what_is_older_than_the_picture_does_not_count(small: Hub, con, sap, clock):
    sap[0].rotate_credentials()
    rejected(small, con)
    clock.advance(days=3)
    small.reconnect(con, credentials=sap[0].credentials)
    clock.advance(days=30)
    assert said(small, con).startswith("ok for 100 % of the 7 days")


def test_while_it_was_paused_or_disconnected_nothing_counts(small: Hub, con, clock):
    clock.advance(hours=1)
    small.pause(con)
    clock.advance(hours=3)
    assert said(small, con) == "ok for 100 % of the hour that it was connected; now paused"
    small.resume(con)
    small.disconnect(con)
    clock.advance(days=10)
    assert said(small, con) == "not connected in this time; now disconnected"


def test_connections_are_found_by_how_they_fare(small: Hub, served, sap):
    for name in ("good", "resting"):
        small.connect(SAP, **sap[1], name=f"a {name} one")
    small.pause(small.connections()[1].id)
    with httpx2.Client(base_url=served.by(small)) as browser:
        browser.post("/login", data={"token": small.tokens.issue().secret})
        assert all(text in browser.get("/").text for text in ("Ok 1", "Paused 1", "a good one", "a resting one"))
        for state, there, not_there in (("ok", "good", "resting"), ("paused", "resting", "good")):
            shown = browser.get("/", params={"state": state}).text
            assert f"a {there} one" in shown
            assert f"a {not_there} one" not in shown
        assert "There is no such connection." in browser.get("/?state=nonsense").text


def test_a_link_that_is_over_is_told_in_sentences(small: Hub, served, clock):
    link = small.sessions.create(connector=SAP, valid_for=timedelta(hours=1)).link
    clock.advance(hours=2)
    answer = httpx2.get(f"{served.by(small)}/connect/{link}")
    assert answer.status_code == 410
    assert "This link is not valid any more. Ask whoever sent it for a new one." in answer.text


def test_a_browser_is_shown_a_page_where_a_program_is_told_a_problem(small: Hub, served):
    base = served.by(small)
    with httpx2.Client(base_url=base, headers={"Accept": "text/html"}) as browser:
        browser.post("/login", data={"token": small.tokens.issue().secret})
        shown = browser.get("/connection/con_x")
        assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "There is no connection con_x." in shown.text
        told = browser.get("/v1/connectors")
        assert (told.status_code, told.headers["content-type"]) == (401, "application/problem+json")
        told = browser.get("/connection/con_x", headers={"Accept": "*/*"})
        assert told.headers["content-type"] == "application/problem+json"


def test_every_way_to_sign_in_has_a_short_name_and_fields_say_what_they_are_for():
    for name in registry().connectors:
        for model in registry().connector(name).credentials:
            assert 3 < len(title_of(model)) < 90
            assert "`" not in title_of(model) + about_of(model)
    known = {one.name: one for one in fields(registry().connector("netsuite").settings, "s", {}, {})}
    assert known["s.account"].about == "The account id in either spelling: 1234567_SB1 or 1234567-sb1."
    assert known["s.account"].label == "Account"
    assert known["s.app_url"].kind == "url"
