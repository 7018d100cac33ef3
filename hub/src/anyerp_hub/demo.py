"""`anyerp-hub demo`: a hub with every installed sandbox connected, to look around in; it forgets everything."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError
from anyerp.testing.sandbox import Call
from anyerp.testing.sandbox import serve as serving
from anyerp.transport import Limits
from anyerp.wire import Headers

from anyerp_hub.hub import Hub
from anyerp_hub.vault import Key, Keyring


def free_port(wanted: int) -> int:
    """A port of loopback on which nobody listens: this one, or another where it is taken."""
    for port in (wanted, 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as held:
            return int(held.getsockname()[1])
    return wanted


@contextmanager
def demonstration(address: str = "http://127.0.0.1:8000") -> Iterator[tuple[Hub, str]]:
    """A hub in a folder that is removed afterwards, and a token that governs it. `address` is where it will be."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="anyerp-demo-"))
        hub = stack.enter_context(
            Hub(f"sqlite:///{Path(folder) / 'demo.db'}", keys=Keyring(Key.new()), limits=Limits(retries=0))
        )
        for name in registry().connectors:
            try:
                connector = registry().connector(name)
                if connector.sandbox is None:
                    continue
                fake = connector.sandbox()
                if not hasattr(fake, "handle"):
                    print(f"{name} is left out: it comes with a real server, which is prepared first")  # noqa: T201
                    continue
                base_url = stack.enter_context(serving(fake))
                settings = fake.settings(base_url)
                if connector.consent is not None and hasattr(fake, "consenting"):
                    _consented(hub, name, fake, settings, f"{address}/connect/callback")
                else:
                    hub.connect(name, settings=settings, credentials=fake.credentials, tags=["sandbox"])
            except AnyErpError as error:
                print(f"{name} is left out: {error}")  # noqa: T201 - the others are shown all the same
        yield hub, hub.tokens.issue(name="demonstration").secret


def _consented(hub: Hub, name: str, fake: Any, settings: Mapping[str, Any], back: str) -> None:
    """Connect as a user who consented, so that reconnecting from the dashboard leads to the ERP's page and back."""
    title = registry().connector(name).title
    link = hub.sessions.create(connector=name, name=title, tags=["sandbox"]).link
    asked = hub.consents.begin(link, name, settings, fake.consenting(back), back)
    where = urlsplit(asked.url)
    answer = fake.handle(Call("GET", f"{where.path}?{where.query}", Headers({"host": where.netloc})))
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    hub.connect_by_consent(hub.consents.take(asked.state), code)
    fake.consenting(back, asks=True)
