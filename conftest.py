"""What holds for every test here: how Hypothesis searches, no network but loopback, no thread left behind."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("quick", derandomize=True, deadline=None)  # the same examples on every run
settings.register_profile("deep", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("ANYERP_PROFILE", "quick"))

GRACE = 2.0  # seconds that a thread has to end once its test has

_left_the_house: list[str] = []


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _refuse(what: str) -> OSError:
    """Note the attempt, so that the test fails even where its code under test swallows this error."""
    _left_the_house.append(what)
    return OSError(f"{what}: tests reach loopback only; use a sandbox")


def _guarded(name: str) -> Any:
    original = getattr(socket.socket, name)

    def guard(self: socket.socket, *args: Any) -> Any:
        address = args[-1]  # (address) of connect, (data, address) or (data, flags, address) of sendto
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise _refuse(f"{name} to {address[0]} port {address[1]}")
        return original(self, *args)

    return guard


def _guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
    if _is_here(host):
        return _lookup(host, *args, **kwargs)
    name = host.decode() if isinstance(host, bytes) else host
    if name.replace(".", "").isdigit() or ":" in name:  # an address: nothing is asked of anyone
        return _lookup(host, *args, **kwargs)
    if name.endswith(".invalid"):  # RFC 6761: a name that is known not to exist
        raise socket.gaierror(socket.EAI_NONAME, f"{name} does not exist")
    raise _refuse(f"looking up {name}")


_lookup = socket.getaddrinfo


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    # For the whole session and not test by test, so that fixtures of any scope are held to it too.
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded(name))
    socket.getaddrinfo = _guarded_lookup
    # What a shell starts in the background ignores Ctrl-C, and so would every process that the tests start and stop.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    for name in ("connect", "connect_ex", "sendto"):
        delattr(socket.socket, name)
    socket.getaddrinfo = _lookup


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files that take long where workers share the work, so that no long one is left for the end."""
    if not hasattr(config, "workerinput"):
        return
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("live")}
    order = {path: -number for number, path in enumerate(dict.fromkeys(item.path for item in items))}
    # What installs the wheels and checks a real ERP with them is collected last, and takes longest.
    items.sort(key=lambda item: order[item.path] if item.path in long else 1)


@pytest.fixture(autouse=True)
def stays_on_loopback() -> Iterator[None]:
    yield
    if _left_the_house:
        tried = "; ".join(_left_the_house)
        _left_the_house.clear()
        pytest.fail(f"tests reach loopback only, and this one tried: {tried}", pytrace=False)


@pytest.fixture(autouse=True)
def leaves_no_thread_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    patience = time.monotonic() + GRACE
    new = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in new:
        thread.join(max(0, patience - time.monotonic()))
    if running := [thread.name for thread in new if thread.is_alive()]:
        pytest.fail(f"the test left threads running: {', '.join(running)}", pytrace=False)
