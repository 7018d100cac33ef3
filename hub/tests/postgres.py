"""A PostgreSQL of the tests' own, on loopback, from the binaries of the machine (Debian: postgresql)."""

from __future__ import annotations

import getpass
import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first."""
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]), reverse=True)
    found = shutil.which("initdb")
    return known[0].parent if known else Path(found).parent if found else None


class Cluster:
    """A cluster in a temporary folder. `restart` may be as rude as `immediate`."""

    def __init__(self, binaries: Path) -> None:
        self.bin = binaries
        # PostgreSQL refuses to run as root: then it runs as the user that Debian's package made, or as nobody.
        self.user = getpass.getuser() if os.getuid() else _unprivileged()
        self.home = Path(tempfile.mkdtemp(prefix="anyerp-pg-"))
        if os.getuid() == 0:
            shutil.chown(self.home, self.user)
        self.port = _port()
        self._run("initdb", "-D", str(self.home / "data"), "-A", "trust", "-U", "anyerp", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= -c max_connections=50"
        options += " -c fsync=off"  # the machine stays up, whatever happens to the server
        options += " -c authentication_timeout=2"  # a caller that hung up half-way holds up the stop for so long
        self._run("pg_ctl", "-D", str(self.home / "data"), "-w", "-l", str(self.home / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", str(self.home / "data"), "-w", "-m", mode, "stop")

    def database(self, name: str) -> str:
        """A new, empty database; gives its URL."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "anyerp", name)
        return f"postgresql://anyerp@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        as_user = (
            [] if os.getuid() else ["setpriv", f"--reuid={self.user}", f"--regid={_group(self.user)}", "--clear-groups"]
        )
        # Not through pipes: the server that pg_ctl leaves behind would hold them open.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [*as_user, str(self.bin / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", check=False, timeout=60,
            )  # fmt: skip
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program} failed: {said.read().decode()}")


def _port() -> int:
    """A free port that no caller gets for its own end.

    While the server is down, a caller that is given the server's own port for its end is connected to itself, and the
    server cannot begin again.
    """
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


def _unprivileged() -> str:
    names = [user.pw_name for user in pwd.getpwall()]
    return "postgres" if "postgres" in names else "nobody"


def _group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid
