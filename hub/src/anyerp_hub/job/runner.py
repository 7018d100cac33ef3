"""What brings work to workers: a `JobRunner`, chosen by configuration. The ledger knows what is to be done.

A runner only says that there is something to do, and calls `work`, which takes what is next in the ledger under a
lease. What a runner forgets is found by a look at the ledger, and what it says twice finds nothing left to do: no
runner can lose a record or write one twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol

from anyerp.errors import ConfigError

from anyerp_hub.keeper import Keeper
from anyerp_hub.store import Database

#: Carry out one batch of the job that is next; gives which that was, None where there was nothing to do.
Work = Callable[[], str | None]
#: Says which runner a hub has where its host does not: `embedded` or `procrastinate`.
VARIABLE = "ANYERP_HUB_RUNNER"


class JobRunner(Protocol):
    """Brings work to the workers of this process, and word of new work to all."""

    def start(self, work: Work, workers: int, lease: float) -> None:
        """Begin to work, on so many jobs at a time. `lease` is how long a silent worker is waited for, in seconds."""
        ...

    def tell(self, job_id: str | None) -> None:
        """Say that there is something to do: with this job, or somewhere in the ledger. Raises nothing."""
        ...

    def stop(self) -> None:
        """End what `start` began, after the batches in flight."""
        ...


class Embedded:
    """Workers that look into the ledger by themselves: nothing to install, one process or several."""

    def __init__(self) -> None:
        self._keeper: Keeper | None = None

    def start(self, work: Work, workers: int, lease: float) -> None:  # noqa: ARG002 - the ledger sees to leases
        """Begin."""
        self._keeper = Keeper(*[("worker", lambda: work() is not None)] * workers)
        self._keeper.start()

    def tell(self, job_id: str | None) -> None:  # noqa: ARG002 - who wakes up looks for itself
        """Look now."""
        if self._keeper is not None:
            self._keeper.wake()

    def stop(self) -> None:
        """End after the batches in flight."""
        if self._keeper is not None:
            self._keeper.stop()
            self._keeper = None


def runner_of(name: str | None, database: Database) -> JobRunner:
    """The runner of this name; without one what the environment says, else the embedded one. Raises `ConfigError`."""
    name = name or os.environ.get(VARIABLE) or "embedded"
    if name == "embedded":
        return Embedded()
    if name != "procrastinate":
        raise ConfigError(f"there is no runner {name!r}", hint="it is embedded or procrastinate")
    if database.sqlite:
        raise ConfigError("the runner procrastinate needs PostgreSQL", hint="give the hub a postgresql:// URL")
    try:
        from anyerp_hub.job.messages import Procrastinate  # noqa: PLC0415 - an extra, and an engine
    except ModuleNotFoundError:
        hint = "pip install 'anyerp-hub[procrastinate]'"
        raise ConfigError("the runner procrastinate needs an extra", hint=hint) from None
    return Procrastinate(database)
