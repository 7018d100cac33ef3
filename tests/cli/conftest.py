"""Fixtures: a served S/4HANA sandbox as a connection of an anyerp.toml, and the command run as people run it."""

import fcntl
import io
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from anyerp.cli import main
from anyerp.cli.sandbox import profile
from anyerp.testing.sandbox import serve
from anyerp_sap.sandbox import S4Sandbox

COMMAND = [sys.executable, "-m", "anyerp.cli"]
TIMEOUT = 60


@dataclass
class Shell:
    """Runs `anyerp` in a folder of its own, where an `anyerp.toml` may stand."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ANYERP", "PYTEST", "COLUMNS"))}
        return {**kept, "PYTHONWARNINGS": "error", "NO_COLOR": "1", **self.env}

    def process(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """The command as it is started from a shell, with pipes for its streams."""
        done = subprocess.run(
            [*COMMAND, *arguments], input=stdin, capture_output=True, cwd=self.folder, env=self.environment(),
            timeout=TIMEOUT, check=False, text=True,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """The same without a process of its own, which takes a second: for what does not depend on one."""
        streams = [io.TextIOWrapper(io.BytesIO(given), "utf-8") for given in (stdin.encode(), b"", b"")]
        before, folder = (sys.stdin, sys.stdout, sys.stderr), Path.cwd()
        os.chdir(self.folder)
        sys.stdin, sys.stdout, sys.stderr = streams
        try:
            code = main(arguments)
        finally:
            sys.stdin, sys.stdout, sys.stderr = before
            os.chdir(folder)
        for stream in streams[1:]:
            stream.flush()
        out, err = (stream.buffer.getvalue().decode() for stream in streams[1:])  # type: ignore[attr-defined]
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(list(arguments), code, out, err)

    @contextmanager
    def start(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=self.folder, env=self.environment(),
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=TIMEOUT)

    def terminal(self, *arguments: str, width: int = 100, stdin: str = "", timeout: float = TIMEOUT) -> tuple[int, str]:
        """The exit code, and everything that a person sees on a terminal of a width, both streams as they come."""
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        process = subprocess.Popen(
            [*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=side, stderr=side, cwd=self.folder,
            env={**self.environment(), "TERM": "xterm-256color"},
        )  # fmt: skip
        os.close(side)
        assert process.stdin is not None
        process.stdin.write(stdin.encode())
        process.stdin.close()
        seen = _until_end(main, timeout)
        os.close(main)
        return _ended(process), seen.replace("\r\n", "\n")


def _ended(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def _until_end(descriptor: int, timeout: float) -> str:
    found = b""
    patience = time.monotonic() + timeout
    while time.monotonic() < patience:
        if not select.select([descriptor], [], [], 1)[0]:
            continue
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # Linux's way to say that the other side is gone
            break
        if not part:
            break
        found += part
    return found.decode()


@dataclass
class Served:
    """A sandbox that is served, and the shell whose `demo` connection leads to it."""

    sandbox: S4Sandbox
    shell: Shell
    base_url: str

    def configure(self, name: str = "demo", *, settings: Any = None, credentials: Any = None) -> None:
        """Add a connection; what is given replaces what the sandbox says."""
        own = {**self.sandbox.settings(self.base_url), "purchasing_organization": "1010", **(settings or {})}
        with self.shell.folder.joinpath("anyerp.toml").open("a") as file:
            file.write(profile(name, "sap-s4hana", own, {**self.sandbox.credentials, **(credentials or {})}) + "\n")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def served(shell: Shell) -> Iterator[Served]:
    sandbox = S4Sandbox()
    with serve(sandbox) as base_url:
        served = Served(sandbox, shell, base_url)
        served.configure()
        yield served


@pytest.fixture
def order() -> dict[str, Any]:
    """A purchase order that the sandbox takes."""
    return {
        "company": {"id": "1010"},
        "vendor": {"id": "10300001"},
        "currency": "EUR",
        "buyer": {"id": "001"},
        "lines": [{"item": {"id": "TG11"}, "quantity": "3", "unit": "C62", "unit_price": "12.50",
                   "location": {"id": "1010~101A"}}],
    }  # fmt: skip


def stop(process: subprocess.Popen[str], how: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
    """Send a signal; gives the exit code and both streams."""
    process.send_signal(how)
    out, err = process.communicate(timeout=TIMEOUT)
    return process.returncode, out, err


@pytest.fixture
def interrupt() -> Any:
    return stop
