"""The cache of prepared things: one builder at a time, and only whole things in it."""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .errors import LiveError


def default_cache() -> Path:
    """`$ANYERP_CACHE/tryton`, else `.cache/tryton` of the project around the working directory."""
    if named := os.environ.get("ANYERP_CACHE"):
        return Path(named).resolve() / "tryton"
    here = Path.cwd()
    project = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    return project / ".cache" / "tryton"


@contextlib.contextmanager
def locked(cache: Path, waiting: Callable[[float], None], timeout: float = 1200) -> Iterator[None]:
    """Hold the cache against other processes; the lock falls with its holder, even a killed one.

    While another process builds, `waiting` gets the seconds waited so far. LiveError after `timeout` seconds.
    """
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    began = time.monotonic()
    with (cache / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waited = time.monotonic() - began
                if waited > timeout:
                    raise LiveError(f"another process has held {cache / 'lock'} for {timeout:.0f} s") from None
                waiting(waited)
                time.sleep(0.5)
        yield


def built(target: Path, build: Callable[[Path], None]) -> Path:
    """`target`, built if absent. Call with the cache locked.

    It is built under another name and renamed when whole, so that a crash leaves nothing that looks finished;
    the next caller that builds anything clears the remains and starts its own step again.
    """
    if not target.exists():
        for remains in target.parent.glob("*.partial"):
            shutil.rmtree(remains)
        partial = target.with_name(target.name + ".partial")
        partial.mkdir(mode=0o700)
        build(partial)
        partial.rename(target)
    return target
