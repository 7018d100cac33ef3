"""The whole story in a real Chromium: connect through the page, lose access, be told, reconnect as the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from anyerp.errors import CredentialsRejected, ReauthorizationRequired
from anyerp.testing.sandbox import serve
from anyerp_hub import Hub
from anyerp_hub.webhook.guard import Guard
from anyerp_netsuite.sandbox import NetSuiteSandbox
from playwright.sync_api import Browser, Page, sync_playwright
from receiver import receiving
from sample import order
from standardwebhooks import Webhook

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAP = "sap-s4hana"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Nothing but loopback, whatever the browser would like to ask of its maker.
ALONE = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIET, *ALONE])
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(chromium: Browser, request) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=request.param)
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda failed: complaints.append(f"{failed.url}: {failed.failure}"))
    yield page
    context.close()
    expected = ("status of 422", "status of 410", "status of 409", "status of 404")  # refused, over, not so, not there
    assert [each for each in complaints if not any(known in each for known in expected)] == []


#: For what is the same with scripts: pages have none.
WITHOUT_SCRIPTS = pytest.mark.parametrize("page", [False], indirect=True, ids=["without scripts"])


@pytest.fixture
def hub(sqlite_url, keys) -> Iterator[Hub]:
    with Hub(sqlite_url, keys=keys, guard=Guard(allow=("127.0.0.0/8",), plain=True)) as hub:
        yield hub


def fill(page: Page, given: dict[str, Any], password: str) -> None:
    page.get_by_label("Base URL").fill(given["settings"]["base_url"])
    page.get_by_label("Username").fill(given["credentials"]["username"])
    page.get_by_label("Password").fill(password)


def test_connect_lose_access_be_told_reconnect_and_the_waiting_job_finishes(page, hub, served, sap):
    base = served.by(hub)
    sandbox, given = sap
    with receiving() as receiver:
        endpoint = hub.webhooks.add(receiver.url, events=["connection.*", "job.*"])
        link = hub.sessions.create(name="Plant 1010", metadata={"customer": "42"}, return_url="https://host.example/")
        page.goto(f"{base}/connect/{link.link}")
        page.get_by_role("link", name="SAP S/4HANA").click()
        fill(page, given, "wrong")
        page.get_by_role("button", name="Connect").click()
        assert "401" in page.get_by_role("alert").inner_text()
        assert "Nothing was stored" in page.get_by_role("alert").inner_text()
        assert page.get_by_label("Password").input_value() == ""
        assert page.get_by_label("Username").input_value() == given["credentials"]["username"]
        assert hub.connections() == []

        page.get_by_label("Password").fill(given["credentials"]["password"])
        page.get_by_role("button", name="Connect").click()
        assert "Plant 1010 is connected" in page.get_by_role("status").inner_text()
        assert page.get_by_role("link", name="Go on").get_attribute("href") == "https://host.example/"
        (info,) = hub.connections()
        assert (info.name, info.metadata, info.health) == ("Plant 1010", {"customer": "42"}, "ok")
        token = hub.tokens.issue(info.id)
        assert page.goto(f"{base}/connect/{link.link}").status == 410  # once
        assert "This link is not valid any more. Ask whoever" in page.get_by_role("alert").inner_text()

        sandbox.rotate_credentials()
        job = hub.jobs.submit(info.id, "purchase_orders", [order(1), order(2)])
        hub.worker().work()
        with pytest.raises(CredentialsRejected):
            hub.connection(info.id).vendors.page()
        assert hub.jobs.get(job.id).state == "waiting"
        hub.sender.send_due()
        arrived = [Webhook(endpoint.secret).verify(got.body, got.headers) for got in receiver.got]
        assert [each["type"] for each in arrived].count("connection.reauthorization_required") == 1

        page.goto(f"{base}/")
        page.get_by_label("A token that governs the hub").fill(hub.tokens.issue().secret)
        page.get_by_role("button", name="Sign in").click()
        assert "needs reauth" in page.get_by_role("row", name="Plant 1010").inner_text()
        page.get_by_role("link", name="Plant 1010").click()
        page.get_by_role("button", name="Reconnect").click()
        assert page.get_by_label("Base URL").input_value() == given["settings"]["base_url"]
        fill(page, given, sandbox.credentials["password"])
        page.get_by_role("button", name="Reconnect").click()
        assert "is connected" in page.get_by_role("status").inner_text()

        (again,) = hub.connections()
        assert (again.id, again.health) == (info.id, "ok")
        assert hub.tokens.verify(token.secret).connection_id == info.id
        hub.worker().work()
        assert hub.jobs.get(job.id).counts == {"applied": 2}


def test_the_dashboard_shows_jobs_deliveries_and_lets_one_act(page, hub, served, sap):
    base = served.by(hub)
    with receiving() as receiver:
        receiver.says(500)
        hub.webhooks.add(receiver.url)
        con = hub.connect(SAP, **sap[1], name="Plant <script>alert(1)</script>", tags=["eu"]).id
        job = hub.jobs.submit(con, "purchase_orders", [order(1), {"currency": "x"}, order(2)], batch_size=1)
        hub.worker().work_one()
        hub.sender.send_due()
        page.goto(f"{base}/login")
        page.get_by_label("A token that governs the hub").fill(hub.tokens.issue().secret)
        page.get_by_role("button", name="Sign in").click()

        page.get_by_role("link", name="Plant <script>").click()
        assert page.get_by_role("img").get_attribute("aria-label").startswith("ok for 100 %")
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name="Resume").wait_for()
        assert hub.info(con).lifecycle == "paused"
        page.get_by_role("button", name="Resume").click()
        page.get_by_role("button", name="Pause").wait_for()
        assert hub.info(con).lifecycle == "active"

        page.goto(f"{base}/job/{job.id}")
        assert page.get_by_role("progressbar").get_attribute("aria-label") == "2 of 3 records"
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Retry").wait_for()
        assert hub.jobs.get(job.id).state == "cancelled"
        page.get_by_role("link", name="Not applied").click()
        assert "/currency" in page.get_by_role("table").inner_text()

        ends = {end: {"connection": con, "resource": "purchase_orders"} for end in ("read", "write")}
        hub.flows.put({"name": "copy", **ends, "transform": {"only": {"external_reference": "NOBODY"}}})
        page.get_by_role("link", name="Flows").click()
        page.get_by_role("button", name="Run now").click()
        page.get_by_text("succeeded").wait_for()
        assert "succeeded" in page.get_by_role("table").inner_text()

        page.get_by_role("link", name="Webhooks").click()
        assert "500" in page.get_by_role("table").last.inner_text()
        receiver.says(204)
        page.get_by_role("button", name="Send again").last.click()
        page.get_by_text("pending").first.wait_for()
        hub.sender.send_due()
        first = json.loads(receiver.got[0].body)["id"]
        assert [got.headers["webhook-id"] for got in receiver.got].count(first) == 2
        page.get_by_text("Send again what failed").click()
        page.get_by_role("button", name="in the last hour").click()
        page.get_by_role("heading", name="Webhooks").wait_for()

        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in").wait_for()
        page.goto(f"{base}/jobs")
        assert page.url == f"{base}/login"


@WITHOUT_SCRIPTS
def test_a_user_signs_in_at_the_erp_denies_then_allows_and_later_does_so_again(page, hub, served):
    base, sandbox = served.by(hub), NetSuiteSandbox(auth="authorization_code")
    sandbox.consenting(f"{base}/connect/callback", asks=True)
    with serve(sandbox) as erp:
        link = hub.sessions.create(connector="netsuite", name="Plant 7").link
        page.goto(f"{base}/connect/{link}")
        page.get_by_role("link", name="Sign in at NetSuite").click()
        page.get_by_text("More settings").click()
        for label, value in (("Account", sandbox.account.id), ("Base URL", erp), ("App URL", erp)):
            page.get_by_label(label).fill(value)
        page.get_by_label("Client ID").fill(sandbox.client.id)
        page.get_by_label("Client secret").fill(sandbox.client.secret)
        page.get_by_role("button", name="Sign in at Oracle NetSuite").click()
        page.get_by_role("link", name="Deny").click()
        assert "Access was denied at Oracle NetSuite." in page.get_by_role("alert").inner_text()
        assert page.get_by_label("Account").input_value() == sandbox.account.id
        assert page.get_by_label("Client secret").input_value() == ""
        assert hub.connections() == []

        page.get_by_label("Client secret").fill(sandbox.client.secret)
        page.get_by_role("button", name="Sign in at Oracle NetSuite").click()
        page.get_by_role("link", name="Allow").click()
        assert "Plant 7 is connected" in page.get_by_role("status").inner_text()
        (info,) = hub.connections()
        assert list(hub.connection(info.id).units.list())

        sandbox.oauth2.revoke_consent()
        with pytest.raises(ReauthorizationRequired):
            hub.connection(info.id).vendors.page()
        page.goto(f"{base}/connect/{hub.sessions.create(connection_id=info.id).link}")
        assert page.get_by_label("Client ID").input_value() == sandbox.client.id
        page.get_by_role("button", name="Sign in at Oracle NetSuite").click()
        page.get_by_role("link", name="Allow").click()
        page.get_by_text("Plant 7 is connected").wait_for()
        (again,) = hub.connections()
        assert (again.id, again.health) == (info.id, "ok")


@pytest.fixture
def signed_in(page: Page, hub: Hub, served) -> str:
    base = served.by(hub)
    page.goto(f"{base}/login")
    page.get_by_label("A token that governs the hub").fill(hub.tokens.issue().secret)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Connections").wait_for()
    return base


@WITHOUT_SCRIPTS
def test_the_dashboard_checks_a_connection_and_looks_at_what_is_watched(page, hub, sap, signed_in):
    con = hub.connect(SAP, **sap[1], name="Plant 1010").id
    watch = hub.watches.add(con, "purchase_orders", every=3600)
    page.goto(f"{signed_in}/connection/{con}")
    page.get_by_role("button", name="Check now").click()
    page.get_by_role("button", name="Check again").wait_for()
    assert "all is well" in page.get_by_role("status").inner_text()
    sap[0].revoke("API_PRODUCT_SRV")
    page.get_by_role("button", name="Check again").click()
    page.get_by_text("1 of 11 not well").wait_for()
    assert "SAP_COM_0009" in page.get_by_role("row", name="Items").inner_text()

    page.get_by_role("link", name="Watches").click()
    assert "not yet" in page.get_by_role("row", name="Purchase orders").inner_text()
    page.get_by_role("button", name="Look now").click()
    page.get_by_text("queued").first.wait_for()
    hub.worker().work()
    page.get_by_role("link", name="Watches").click()
    assert "created 0" in page.get_by_role("row", name="Purchase orders").inner_text()
    assert hub.watches.get(watch.id).looked_at


@WITHOUT_SCRIPTS
def test_nothing_is_wider_than_a_phone_and_what_goes_wrong_is_a_page(page, hub, sap, signed_in):
    con = hub.connect(SAP, **sap[1], name="Plant 1010").id
    hub.watches.add(con, "purchase_orders")
    hub.webhooks.add("http://127.0.0.1:9/a-rather-long-address-of-a-receiver-that-does-not-wrap")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{signed_in}/nowhere")
    assert "Not Found" in page.get_by_role("alert").inner_text()
    for path in ("/", f"/connection/{con}", "/jobs", "/watches", "/flows", "/webhooks"):
        page.goto(signed_in + path)
        assert page.get_by_role("navigation").get_by_role("link").count() >= 5
        assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") == 0, path
    page.goto(f"{signed_in}/connection/{con}")
    hub.pause(con)
    page.get_by_role("button", name="Pause").click()
    assert "cannot pause" in page.get_by_role("alert").inner_text()


def test_everything_on_the_form_is_reached_by_keyboard(page, hub, served):
    page.goto(f"{served.by(hub)}/connect/{hub.sessions.create(connector=SAP).link}")
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(page.locator(":focus").first.evaluate("e => e.name || e.textContent.trim()"))
        if seen[-1] == "Connect":
            break
    assert seen[0] == "To the content"
    assert [each for each in seen if each.startswith(("settings.", "credentials."))] == [
        "settings.base_url", "credentials.username", "credentials.password",
    ]  # fmt: skip
    assert seen[-1] == "Connect"


def test_a_form_of_another_site_is_refused(hub, served):
    import httpx2  # noqa: PLC0415

    base = served.by(hub)
    answer = httpx2.post(f"{base}/login", content="token=x", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 422
    assert "another site" in answer.json()["detail"]
