"""A live Tryton server for tests and demonstrations: prepared once, served from copies.

    prepared = prepare()
    with serve(prepared) as server:
        server.base_url, server.database, server.admin, server.seeds

Tryton (GPL-3.0-or-later) is installed into an environment of its own and spoken to over HTTP; nothing of it is
imported here. Loopback only, POSIX only, standard library only.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .errors import LiveError
from .preparation import DATABASE_FILE, Prepared, prepare
from .rpc import Rpc, RpcError
from .seeds import Credentials, Seeds, User
from .server import Server, running

__all__ = ["Credentials", "LiveError", "Prepared", "Rpc", "RpcError", "Seeds", "Server", "User", "prepare", "serve"]


@contextlib.contextmanager
def serve(prepared: Prepared, port: int = 0) -> Iterator[Server]:
    """Serve a fresh copy of the prepared database until the block ends, then forget it.

    Ready in about three seconds. Port 0 takes a free one. The server ends with the block, and with this process
    however it dies. LiveError when Tryton does not start, with the end of its log.
    """
    with tempfile.TemporaryDirectory(prefix="anyerp-tryton-") as name:
        folder = Path(name)
        shutil.copyfile(prepared.database, folder / DATABASE_FILE)
        credentials = prepared.credentials
        with running(prepared.environment, folder, credentials.admin, port) as it, _held(folder / DATABASE_FILE):
            yield Server(it.base_url, it.pid, it.log, credentials, prepared.seeds)


@contextlib.contextmanager
def _held(database: Path) -> Iterator[None]:
    """Keep one idle connection: at the last one's end SQLite writes its log back, and Tryton's all end with a call."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        yield
