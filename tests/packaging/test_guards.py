"""The guards of the root conftest can fail: a test that leaves loopback or a thread behind does not pass."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# 192.0.2.0/24 belongs to nobody (RFC 5737), and nothing is sent: the guard stands before the socket.
SAMPLE = """
import socket, threading, time
from contextlib import suppress

def test_connect():
    with suppress(OSError):
        socket.create_connection(("192.0.2.1", 9), timeout=1)

def test_connect_ex():
    with suppress(OSError), socket.socket() as plug:
        plug.connect_ex(("192.0.2.1", 9))

def test_sendto():
    with suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as plug:
        plug.sendto(b"", ("192.0.2.1", 9))

def test_lookup():
    with suppress(OSError):
        socket.getaddrinfo("erp.example", 443)

def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass

def test_invalid_name():
    try:
        socket.getaddrinfo("erp.invalid", 443)
    except socket.gaierror:
        return
    raise AssertionError

def test_straggler():
    threading.Thread(target=time.sleep, args=(3,), name="straggler").start()

def test_brief_thread():
    threading.Thread(target=time.sleep, args=(0.2,)).start()
"""


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the guards say of each sample test; nothing of those that they let pass."""
    folder = tmp_path_factory.mktemp("guards")
    shutil.copy(ROOT / "conftest.py", folder)
    folder.joinpath("test_sample.py").write_text(SAMPLE)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", ".", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert "8 passed, 5 errors" in done.stdout, done.stdout
    return dict(re.findall(r"^_+ ERROR at teardown of test_(\w+) _+\n(.*)", done.stdout, re.MULTILINE))


@pytest.mark.parametrize(
    ("sample", "tried"),
    [
        ("connect", "connect to 192.0.2.1 port 9"),
        ("connect_ex", "connect_ex to 192.0.2.1 port 9"),
        ("sendto", "sendto to 192.0.2.1 port 9"),
        ("lookup", "looking up erp.example"),
    ],
)
def test_leaving_loopback_fails_even_when_the_error_is_swallowed(complaints, sample, tried):
    assert complaints[sample] == f"tests reach loopback only, and this one tried: {tried}"


def test_a_thread_left_running_fails(complaints):
    assert complaints["straggler"] == "the test left threads running: straggler"


@pytest.mark.parametrize("sample", ["loopback", "invalid_name", "brief_thread"])
def test_what_stays_in_the_house_is_free(complaints, sample):
    assert sample not in complaints
