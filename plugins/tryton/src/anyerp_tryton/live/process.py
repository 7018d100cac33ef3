"""Running one guarded command with its output in a file."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from .errors import LiveError, tail

GUARD = Path(__file__).with_name("guard.py")


class Guarded:
    """A running command; leaving the `with` block ends it, and so does the death of this process.

    POSIX only. `pid` is the command's own process, not the guard's; `keep` are file descriptors for it.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        env: Mapping[str, str] | None = None,
        keep: Sequence[int] = (),
    ) -> None:
        # The caller's TRYTOND_* would point the command at another database.
        base = {name: value for name, value in os.environ.items() if not name.startswith("TRYTOND")}
        with log.open("ab") as output:
            self._guard = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, "-I", GUARD, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env={**base, **(env or {})},
                pass_fds=keep,
                start_new_session=True,  # Ctrl-C is ours to handle; it must not reach the server first
            )
        assert self._guard.stdout is not None
        line = self._guard.stdout.readline()
        if not line:
            self.stop()
            raise LiveError(f"could not start {command[0]}", tail(log))
        self.pid = int(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def poll(self) -> int | None:
        """Exit status, None while running."""
        return self._guard.poll()

    def stop(self) -> None:
        """End the command and wait until it is gone."""
        assert self._guard.stdin is not None
        assert self._guard.stdout is not None
        self._guard.stdin.close()
        self._guard.wait()
        self._guard.stdout.close()


def run(
    what: str,
    command: Sequence[str | Path],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    timeout: float = 900,
    watch: Callable[[str], None] = lambda _text: None,
) -> None:
    """Run `command` to its end; LiveError with the end of its log when it fails or takes `timeout` seconds.

    `what` names the step in the error. `watch` gets the whole log a few times a second.
    """
    deadline = time.monotonic() + timeout
    with Guarded(command, log, env) as process:
        while (status := process.poll()) is None:
            if time.monotonic() > deadline:
                raise LiveError(f"{what}: not finished after {timeout:.0f} s", tail(log))
            watch(log.read_text(errors="replace"))
            time.sleep(0.2)
    if status:
        raise LiveError(f"{what}: exit status {status}", tail(log))
