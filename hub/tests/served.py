"""The app on a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


@contextmanager
def serving(app: Any) -> Iterator[str]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def begun(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = begun  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


class Served:
    """One app and server for many tests, each with a hub of its own."""

    def __init__(self, app: Any, base: str) -> None:
        self._app, self._base = app, base

    def by(self, hub: Any) -> str:
        """Serve this hub from now on; gives the address."""
        self._app.state.hub = hub
        return self._base
