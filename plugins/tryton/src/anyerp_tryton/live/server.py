"""A running Tryton, from a database folder to a base URL, and its certain end."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .errors import LiveError, tail
from .process import Guarded
from .recipe import DATABASE
from .rpc import Rpc, RpcError
from .seeds import Credentials, Seeds, User

STARTUP = 60.0  # seconds; one or two are usual


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


#: Tryton keeps a million objects, and looking through all of them for cycles took an eighth of its time.
_PATIENT = (
    "import gc, runpy, sys; gc.set_threshold(50_000, 50, 1_000);"
    "del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


def _daemon(environment: Path) -> list[str | Path]:
    python, isolated, script = tryton(environment, "trytond")
    return [python, isolated, "-c", _PATIENT, script]


@contextlib.contextmanager
def running(environment: Path, folder: Path, admin: User, port: int = 0) -> Iterator[Running]:
    """Serve the database in `folder` on loopback until the block ends; port 0 takes a free one.

    The port is bound here and handed over, so that nobody can take it in between, and a server of the same
    preparation on the same port cannot be mistaken for ours.
    """
    log = folder / "trytond.log"
    with contextlib.ExitStack() as stack:
        with _bound(port) as door:
            chosen: int = door.getsockname()[1]
            # the way in which werkzeug's reloader hands its socket to its child (werkzeug.serving.run_simple)
            handover = {"WERKZEUG_RUN_MAIN": "true", "WERKZEUG_SERVER_FD": str(door.fileno())}
            command = [*_daemon(environment), "-c", configure(folder, chosen), "-d", DATABASE, "-v"]
            process = stack.enter_context(Guarded(command, log, handover, keep=(door.fileno(),)))
        base_url = f"http://127.0.0.1:{chosen}"
        try:
            # the request waits in the port's queue until Tryton is ready; when Tryton dies instead, it is cut off
            Rpc(base_url, DATABASE, admin.login, admin.password, timeout=STARTUP)
        except (OSError, RpcError) as failure:
            raise LiveError(f"Tryton did not start: {failure}", tail(log)) from failure
        yield Running(base_url, process.pid, log)


def _bound(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as failure:
        raise LiveError(f"port {port} on 127.0.0.1 cannot be had: {failure.strerror}") from failure
