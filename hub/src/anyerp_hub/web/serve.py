"""Serving the app by itself, with uvicorn."""

from __future__ import annotations

from anyerp_hub.hub import Hub


def serve(hub: Hub, host: str, port: int) -> None:
    """Serve until Ctrl-C."""
    import uvicorn  # noqa: PLC0415 - an extra

    from anyerp_hub.web.app import create_app  # noqa: PLC0415

    uvicorn.run(create_app(hub), host=host, port=port, log_level="info", access_log=False, server_header=False)
