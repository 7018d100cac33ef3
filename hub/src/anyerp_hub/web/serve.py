"""Serving the app by itself, with uvicorn."""

from __future__ import annotations

import gc

import uvicorn

from anyerp_hub.hub import Hub
from anyerp_hub.web.app import create_app


def serve(hub: Hub, host: str, port: int) -> None:
    """Serve until Ctrl-C."""
    app = create_app(hub)
    app.openapi()
    gc.collect()
    gc.freeze()  # what stays for ever is not looked through again at every page of records: a tenth of a list's CPU
    uvicorn.run(app, host=host, port=port, log_level="info", access_log=False, server_header=False)
