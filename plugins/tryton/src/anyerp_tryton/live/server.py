"""A running Tryton, from a database folder to a base URL, and its certain end."""

import contextlib
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .errors import LiveError, tail
from .process import Guarded
from .recipe import DATABASE
from .rpc import Rpc, RpcError
from .seeds import Credentials, Seeds, User

STARTUP = 60.0  # seconds; 2-3 are usual
ATTEMPTS = 3  # another process may take a free port between our look and Tryton's bind


@dataclass(frozen=True)
class Running:
    """A Tryton that answers at `base_url` (no slash at the end); `pid` is its process."""

    base_url: str
    pid: int
    log: Path


@dataclass(frozen=True)
class Server(Running):
    """A Tryton with the seeded data."""

    credentials: Credentials
    seeds: Seeds
    database: str = field(default=DATABASE)

    @property
    def admin(self) -> User:
        """May do everything."""
        return self.credentials.admin

    @property
    def reader(self) -> User:
        """May read purchases, may not write them."""
        return self.credentials.reader

    def rpc(self, user: User | None = None) -> Rpc:
        """A new session, of the administrator unless said otherwise."""
        who = user or self.admin
        return Rpc(self.base_url, self.database, who.login, who.password)


def configure(folder: Path, port: int) -> Path:
    """Write Tryton's configuration for the database in `folder`; its path."""
    path = folder / "trytond.conf"
    # max_attempt: tests give wrong passwords on purpose and must not be locked out for it
    path.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n"
        f"[web]\nlisten = 127.0.0.1:{port}\n"
        "[session]\nmax_attempt = 1000\nmax_attempt_ip_network = 1000\n",
        encoding="utf-8",
    )
    return path


def tryton(environment: Path, script: str) -> list[str | Path]:
    """The command that runs one of Tryton's scripts.

    The script is given to its Python by path: its first line names the folder that it was installed in,
    before that folder was renamed.
    """
    return [environment / "bin" / "python", "-I", environment / "bin" / script]


@contextlib.contextmanager
def running(environment: Path, folder: Path, admin: User, port: int = 0) -> Iterator[Running]:
    """Serve the database in `folder` on loopback until the block ends; port 0 takes a free one."""
    log = folder / "trytond.log"
    for attempt in range(ATTEMPTS):
        chosen = port or _free_port()
        command = [*tryton(environment, "trytond"), "-c", configure(folder, chosen), "-d", DATABASE, "-v"]
        with Guarded(command, log) as process:
            base_url = f"http://127.0.0.1:{chosen}"
            if not _answers(base_url, chosen, process, admin):
                if port or attempt == ATTEMPTS - 1:
                    raise LiveError(f"Tryton did not start on port {chosen}", tail(log))
                continue
            yield Running(base_url, process.pid, log)
            return


def _answers(base_url: str, port: int, process: Guarded, admin: User) -> bool:
    """Wait for the answer of our own server, known by our own password; False when it ended instead."""
    deadline = time.monotonic() + STARTUP
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
            continue
        with contextlib.suppress(OSError, RpcError, ValueError):
            Rpc(base_url, DATABASE, admin.login, admin.password)
            return process.poll() is None
        time.sleep(0.2)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
