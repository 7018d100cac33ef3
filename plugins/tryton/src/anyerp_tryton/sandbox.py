"""Tryton's sandbox is Tryton itself: prepared once on this machine, served from a copy (see `live`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

from anyerp_tryton.live import Prepared, prepare, serve
from anyerp_tryton.live.recipe import DATABASE


class TrytonServer:
    """A real server with seeded data. The first one on a machine takes a minute and a half to prepare."""

    @cached_property
    def _prepared(self) -> Prepared:
        return prepare()

    @property
    def credentials(self) -> Mapping[str, str]:
        """The administrator."""
        admin = self._prepared.credentials.admin
        return {"username": admin.login, "password": admin.password}

    def settings(self, base_url: str) -> Mapping[str, str]:
        """What leads to the database at a base URL."""
        return {"base_url": base_url, "database": DATABASE}

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve a fresh copy on loopback until the block ends; gives its base URL."""
        with serve(self._prepared, port) as server:
            yield server.base_url
