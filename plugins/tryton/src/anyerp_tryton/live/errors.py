"""What can go wrong while a live server is prepared or started."""

from pathlib import Path

TAIL = 30  # lines of a log worth showing


class LiveError(RuntimeError):
    """A step failed; the message names the step and ends with the last lines of its log.

    Logs are Tryton's and the installer's own output; neither prints a password.
    """

    def __init__(self, what: str, log: str = "") -> None:
        super().__init__(f"{what}\n{log}".rstrip())


def tail(log: Path) -> str:
    """Where `log` is, and its last lines."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([f"--- end of {log} ---", *lines[-TAIL:]])
