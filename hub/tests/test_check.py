"""The hub's check names what is missing, to the operator and to whoever connects: address, clock, role."""

from __future__ import annotations

import time
from dataclasses import replace
from email.utils import formatdate

import httpx2
import pytest
from anyerp.connector.registry import registry
from anyerp.errors import CredentialsRejected, PermissionDenied, Unavailable
from anyerp.testing.sandbox import serve
from anyerp.transport import Limits
from anyerp.wire import Headers
from anyerp_hub import Hub

SAP = "sap-s4hana"


@pytest.fixture
def hub(sqlite_url, keys, clock):
    with Hub(sqlite_url, keys=keys, clock=clock, limits=Limits(connect=2, total=5, retries=0)) as hub:
        yield hub


def late(call, proceed):
    answer = proceed()
    kept = dict(answer.headers.items())
    return replace(answer, headers=Headers({**kept, "Date": formatdate(time.time() - 900, usegmt=True)}))


def test_what_does_not_work_is_told_to_whoever_connects_and_nothing_is_stored(hub, sap):
    base = sap[1]["settings"]["base_url"]
    with pytest.raises(Unavailable, match="name cannot be resolved"):
        hub.connect(SAP, settings={"base_url": "https://erp.invalid"}, credentials=sap[1]["credentials"])
    with pytest.raises(Unavailable, match="does not speak TLS") as caught:
        hub.connect(SAP, settings={"base_url": base.replace("http:", "https:")}, credentials=sap[1]["credentials"])
    assert "http port called by https" in caught.value.hint
    sap[0].faults.append(late)
    wrong = {**sap[1]["credentials"], "password": "wrong"}
    with pytest.raises(CredentialsRejected) as caught:
        hub.connect(SAP, settings=sap[1]["settings"], credentials=wrong)
    assert "clock is 15 min" in caught.value.hint
    assert "that were given" in hub.cause(caught.value).action
    assert hub.connections() == []


def test_the_words_tell_given_credentials_from_stored_ones(hub, sap):
    id = hub.connect(SAP, **sap[1]).id
    sap[0].rotate_credentials()
    with pytest.raises(CredentialsRejected) as caught:
        hub.connection(id).vendors.page()
    assert "no longer accepts the stored" in hub.cause(caught.value).action
    with pytest.raises(CredentialsRejected) as caught:
        hub.reconnect(id, settings=sap[1]["settings"])
    assert "no longer accepts the stored" in hub.cause(caught.value).action
    with pytest.raises(CredentialsRejected) as caught:
        hub.reconnect(id, credentials=sap[1]["credentials"])
    assert "that were given" in hub.cause(caught.value).action


def test_a_clock_that_is_off_is_told_beside_what_works(hub, sap):
    id = hub.connect(SAP, **sap[1]).id
    sap[0].faults.append(late)
    found = {check.name: check for check in hub.check(id)}
    assert (found["address"].ok, found["clock"].ok, found["vendors"].ok) == (True, False, True)
    assert "15 min" in found["clock"].detail
    assert hub.info(id).health == "ok"


#: What to take away in each sandbox, which resource that closes, and by what name its permission is told.
ROLES = [
    ("sap-s4hana", "API_PRODUCT_SRV", "items", "SAP_COM_0009"),
    ("sap-business-one", "Items", "items", "authorisation for Items"),
    ("netsuite", "vendor", "vendors", "Record 'vendor' was not found"),
    ("dynamics-fo", "VendorsV3", "vendors", "VendVendorV3Entity"),
    ("dynamics-bc", "items", "items", "TableData 27 Item"),
]


@pytest.mark.parametrize(("name", "taken", "resource", "called"), ROLES)
def test_a_missing_role_is_named_and_becomes_an_issue(hub, name, taken, resource, called):
    sandbox = registry().connector(name).sandbox()
    with serve(sandbox) as base_url:
        id = hub.connect(name, settings=sandbox.settings(base_url), credentials=sandbox.credentials).id
        sandbox.revoke(taken)
        closed = {check.name: check for check in hub.check(id) if not check.ok}[resource]
        assert closed.facts["code"] == PermissionDenied.code
        assert called in f"{closed.detail} {closed.hint}"
        assert resource in {issue.resource for issue in hub.info(id).issues}
        assert hub.info(id).health == "degraded"


def test_a_role_that_was_given_again_resolves_the_issue(hub, sap):
    id = hub.connect(SAP, **sap[1]).id
    sap[0].revoke("API_PRODUCT_SRV")
    hub.check(id)
    (open_,) = hub.issues.list(id, state="open")
    sap[0].grant("API_PRODUCT_SRV")
    assert all(check.ok for check in hub.check(id))
    assert (hub.info(id).issues, hub.info(id).health) == ((), "ok")
    assert hub.issues.list(state="open") == []
    (resolved,) = hub.issues.list(id, state="resolved")
    assert (resolved.id, resolved.resource, resolved.opened_at) == (open_.id, "items", open_.opened_at)
    assert resolved.resolved_at is not None


def test_issues_over_http_are_those_that_a_token_may_see(hub, sap, served):
    ids = [hub.connect(SAP, **sap[1], name=name).id for name in ("one", "two")]
    sap[0].revoke("API_PRODUCT_SRV")
    for id in ids:
        hub.check(id)
    base = served.by(hub)

    def seen(token: str, path: str = "", **query: str):
        answer = httpx2.get(f"{base}/v1/issues{path}", params=query, headers={"Authorization": f"Bearer {token}"})
        return answer.json() if path else [(one["connection_id"], one["resource"]) for one in answer.json()["data"]]

    both = [(id, "items") for id in reversed(ids)]
    governing, own = hub.tokens.issue().secret, hub.tokens.issue(ids[0]).secret
    narrow = hub.tokens.issue(ids[0], scopes=["vendors:read"]).secret
    assert seen(governing) == both
    assert seen(governing, state="resolved") == []
    assert seen(governing, connection_id=ids[1]) == both[:1]
    assert seen(own) == both[1:]
    assert seen(own, connection_id=ids[1]) == []
    assert seen(narrow) == []
    theirs, mine = (one.id for one in hub.issues.list())
    assert seen(own, f"/{mine}")["detail"]["code"] == "permission_denied"
    assert seen(own, f"/{theirs}")["status"] == 404
    assert seen(narrow, f"/{mine}")["status"] == 404
