"""`anyerp demo`: the same lines on a sandbox of each ERP and on a live Tryton, seen as a person and as a log see it."""

import inspect
import os
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from anyerp.cli.demo import host
from anyerp.cli.demo.show import five_lines

ERPS = ("dynamics-bc", "dynamics-fo", "netsuite", "sap-business-one", "sap-s4hana", "tryton")
SERVED = re.compile(r"'base_url':\s*'(http://127\.0\.0\.1:\d+)'")


@pytest.fixture(autouse=True)
def the_tryton_of_the_other_tests(shell):
    shell.env["ANYERP_CACHE"] = os.environ.get("ANYERP_CACHE") or str(Path(__file__).parents[2] / ".cache")


def demonstrated(seen):
    """Hold what was shown to what must be shown."""
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen)
    for line in five_lines().splitlines():
        assert line in plain
    side_by_side = plain.partition("Side by side")[2]
    for erp in ERPS:
        assert f'anyerp.connect("{erp}"' in plain
        assert erp in side_by_side
    assert "13 purchase orders" in plain
    assert "80 purchase orders" in plain
    assert plain.count("Sent once more with the same key: still one order, ") == len(ERPS)
    assert "All servers are stopped." in plain
    addresses = SERVED.findall(plain)
    assert len(set(addresses)) >= len(ERPS)
    for address in addresses:
        with socket.socket() as plug:
            plug.settimeout(2)
            assert plug.connect_ex(("127.0.0.1", urlsplit(address).port or 0)) != 0


def test_the_program_knows_no_erp():
    assert re.search("sap|tryton|s4", inspect.getsource(host), re.IGNORECASE) is None
    assert len(five_lines().splitlines()) == 5


@pytest.mark.live
@pytest.mark.timeout(300)
def test_the_demo_runs_in_a_pipe(shell):
    with shell.start("demo") as process:
        out, err = process.communicate(timeout=280)
    assert (process.returncode, err) == (0, "")
    assert "\x1b" not in out
    demonstrated(out)


@pytest.mark.live
@pytest.mark.timeout(300)
def test_the_demo_runs_on_a_terminal(shell):
    code, seen = shell.terminal("demo", width=110, timeout=280)
    assert code == 0
    demonstrated(seen)
