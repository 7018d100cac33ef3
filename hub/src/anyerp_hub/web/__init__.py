"""The hub over HTTP: unified routes, problem+json, the connect page and the dashboard. Needs the extra `web`."""

from anyerp_hub.web.app import create_app

__all__ = ["create_app"]
