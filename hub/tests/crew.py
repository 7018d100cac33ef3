"""Processes to be killed: a parent that has loaded everything forks them, so that each is there at once.

Each child runs `anyerp-hub` with the arguments that it is given, as an operator would start it, and is a process of its
own that no other hears of when it is killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from anyerp_hub import Keyring
from anyerp_hub.vault.key import VARIABLE


class Crew:
    """Starts processes of the hub, and ends what is left of them."""

    def __init__(self, keys: Keyring) -> None:
        env = {**os.environ, VARIABLE: keys.current().text()}
        self._parent = subprocess.Popen(
            [sys.executable, __file__], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=None if os.environ.get("ANYERP_LOUD") else subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._all: list[int] = []

    def start(self, *arguments: str) -> int:
        """Start one; gives its process id."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write("\t".join(arguments) + "\n")
        self._parent.stdin.flush()
        self._all.append(int(self._parent.stdout.readline()))
        return self._all[-1]

    def worker(self, url: str, lease: float, runner: str = "embedded", workers: int = 1) -> int:
        """Start a worker."""
        return self.start("worker", "--url", url, "--lease", str(lease), "--runner", runner, "--workers", str(workers))

    def errands(self, url: str, connection: str, count: int, folder: Path, *errands: str) -> list[Any]:
        """Send a process on each errand, all at one moment, `count` times each; gives all that came of it."""
        files = [folder / f"{number}.json" for number in range(len(errands))]
        for errand, file in zip(errands, files, strict=True):
            self.start("errand", url, connection, errand, str(count), str(file))
        assert until(lambda: all(file.with_suffix(".ready").exists() for file in files), 30)
        (folder / "go").touch()
        assert until(lambda: all(file.exists() and file.read_text() for file in files), 60)
        return [each for file in files for each in json.loads(file.read_text())]

    def rest(self) -> None:
        """Kill whatever still runs."""
        for pid in self._all:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._all.clear()

    def end(self) -> None:
        """Kill everything, the parent too."""
        self.rest()
        self._parent.communicate(timeout=30)


def until(condition: Callable[[], object], seconds: float) -> bool:
    """Wait for a condition; gives whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def _parent() -> None:
    import anyerp_netsuite  # noqa: F401, PLC0415
    import psycopg  # noqa: F401, PLC0415
    import uvicorn  # noqa: F401, PLC0415
    from anyerp.connector.registry import registry  # noqa: PLC0415
    from anyerp_hub.command import main  # noqa: PLC0415
    from errand import many  # noqa: PLC0415

    for name in ("sap-s4hana", "netsuite"):
        registry().connector(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: they are gone when they are dead
    for line in sys.stdin:
        pid = os.fork()
        if pid:
            print(pid, flush=True)  # noqa: T201 - the answer
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.stdin.close()
        command, *arguments = line.rstrip("\n").split("\t")
        os._exit(many(*arguments) if command == "errand" else main([command, *arguments]))


if __name__ == "__main__":
    _parent()
