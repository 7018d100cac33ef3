"""A hub that is served, a connection to SAP, and clients with the tokens of both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from anyerp_hub import Hub
from anyerp_hub.webhook.guard import Guard
from calling import SAP, Api
from served import Served


@pytest.fixture
def hub(sqlite_url, keys) -> Iterator[Hub]:
    with Hub(sqlite_url, keys=keys, guard=Guard(allow=("127.0.0.0/8",), plain=True)) as hub:
        yield hub


@pytest.fixture
def base(served: Served, hub: Hub) -> str:
    return served.by(hub)


@pytest.fixture
def made(hub: Hub, sap):
    return hub.connect(SAP, **sap[1], name="Plant 1010")


@pytest.fixture
def api(base, made) -> Iterator[Api]:
    with Api(base, made.token) as api:
        yield api


@pytest.fixture
def admin(base, hub) -> Iterator[Api]:
    with Api(base, hub.tokens.issue().secret) as admin:
        yield admin
