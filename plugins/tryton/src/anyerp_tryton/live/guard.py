"""A process between us and Tryton, so that Tryton never outlives us; run as a script, by path.

    python -I guard.py COMMAND...

It starts COMMAND, prints its process id, and waits. When standard input ends, because the caller closed it or
died in any way, the command is asked to end and then made to. On Linux the kernel also ends the command when
this process itself is killed. The command's output goes to this process's standard error.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading

PATIENCE = 3.0  # seconds between asking and forcing
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    with contextlib.suppress(OSError, AttributeError):  # only Linux has it; elsewhere the pipe alone must do
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main(command: list[str]) -> int:
    """Run `command` until it ends or our standard input does; its exit status."""
    child = subprocess.Popen(  # noqa: S603 - the caller's own command
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        stderr=sys.stderr,
        close_fds=False,  # what was passed to us is meant for it
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - no thread is running yet
    )
    print(child.pid, flush=True)  # noqa: T201 - the caller reads it

    def until_released() -> None:
        while os.read(0, 1):  # unbuffered: a buffer's lock would be in the way when we exit first
            pass
        child.terminate()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()

    threading.Thread(target=until_released, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
