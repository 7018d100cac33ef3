"""The demonstration connects every sandbox that can be had here, names the others, and its token signs in."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from html import unescape

import httpx2
import pytest
from anyerp.connector.registry import registry
from anyerp_hub.demo import demonstration, free_port


def test_every_installed_sandbox_is_connected_or_named_with_the_reason(capsys):
    with demonstration() as (hub, token):
        assert hub.tokens.verify(token).allows("hub", "write")
        there = {one.connector: one for one in hub.connections(tag="sandbox")}
        wanted = {name for name in registry().connectors if registry().connector(name).sandbox is not None}
        said = capsys.readouterr().out
        assert {name for name in wanted if f"{name} is left out: " not in said} == set(there)
        assert {"sap-s4hana", "dynamics-bc", "dynamics-fo"} <= set(there)
        for one in there.values():
            assert one.health in ("ok", "degraded")


def test_the_demonstration_leads_to_an_erp_and_back(served):
    with demonstration(served.by(None)) as (hub, _), httpx2.Client(timeout=30) as browser:
        base = served.by(hub)
        (netsuite,) = hub.connections(connector="netsuite")
        again = f"{base}/connect/{hub.sessions.create(connection_id=netsuite.id).link}"
        page = browser.get(again).text
        assert "Sign in at Oracle NetSuite" in page
        client = re.search(r'value="(\w+)"[^>]*name="credentials.client_id"', page)[1]
        way = re.search(r'name="way" value="(\d)"', page)[1]
        form = {"connector": "netsuite", "way": way, "credentials.client_id": client}
        form |= {f"settings.{name}": value for name, value in netsuite.settings.items()}
        sent = browser.post(again, data=form)
        erp = browser.get(unescape(re.search(r"content=\"0;url=([^\"]+)\"", sent.text)[1]))
        assert "Allow access?" in erp.text
        back = browser.get(f"{erp.url}&choice=allow", follow_redirects=True)
        assert "Oracle NetSuite is connected" in back.text
        assert [one.id for one in hub.connections(connector="netsuite")] == [netsuite.id]


def test_a_port_that_is_taken_is_left_alone():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) not in (port, 0)
    assert free_port(port) == port


@pytest.mark.slow
def test_one_command_prints_an_address_where_its_token_signs_in():
    command = [sys.executable, "-m", "anyerp_hub", "demo", "--port", str(free_port(0))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        said = ""
        while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/ ; sign in with\s+(any_\w+)", said)):
            line = running.stdout.readline()
            assert line, running.stderr.read()
            said += line
        address, token = found.groups()
        for line in running.stderr:
            if "Uvicorn running" in line:
                break
        with httpx2.Client(base_url=address, follow_redirects=True, timeout=30) as browser:
            shown = browser.post("/login", data={"token": token})
        assert "SAP S/4HANA" in shown.text
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)
