"""Serving the app by itself, with uvicorn."""

from __future__ import annotations

import uvicorn

from anyerp_hub.hub import Hub
from anyerp_hub.web.app import create_app


def serve(hub: Hub, host: str, port: int) -> None:
    """Serve until Ctrl-C."""
    uvicorn.run(create_app(hub), host=host, port=port, log_level="info", access_log=False, server_header=False)
