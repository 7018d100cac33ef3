"""`anyerp serve` and `anyerp worker`: the hub over HTTP, and what carries out its jobs, from the package anyerp-hub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import Parameter

from anyerp.errors import ConfigError

_Database = Annotated[str, Parameter(help="The hub's database: a file of SQLite, or postgresql://...")]
_DEFAULT = "sqlite:///anyerp.db"


def serve(
    *,
    database: _Database = _DEFAULT,
    host: Annotated[str, Parameter(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port to listen on.")] = 8000,
) -> int:
    """Serve connections, jobs and webhooks over HTTP, with a dashboard, until Ctrl-C.

    `anyerp-hub new-token` prints the token that signs in.
    """
    return _hub("web", ["serve", "--url", database, "--host", host, "--port", str(port)])


def worker(
    *,
    database: _Database = _DEFAULT,
    workers: Annotated[int, Parameter(help="Jobs carried out at a time.")] = 2,
    lease: Annotated[float, Parameter(help="Seconds until a silent worker is taken for dead.")] = 15.0,
    runner: Annotated[
        Literal["embedded", "procrastinate"] | None,
        Parameter(help="What brings jobs to workers; procrastinate needs PostgreSQL, and suits many machines."),
    ] = None,
) -> int:
    """Carry out the hub's jobs, send its webhooks and probe its connections, until Ctrl-C.

    Any number of workers may share a database; what one leaves behind that dies, another takes over.
    """
    chosen = [] if runner is None else ["--runner", runner]
    return _hub("postgres", ["worker", "--url", database, "--workers", str(workers), "--lease", str(lease), *chosen])


def _hub(extra: str, arguments: Sequence[str]) -> int:
    try:
        from anyerp_hub.command import main  # noqa: PLC0415 - a package of its own
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("anyerp_hub", "sqlalchemy", "fastapi"):
            raise
        raise ConfigError("the hub is not installed", hint=f"pip install 'anyerp-hub[{extra}]'") from None
    return main(arguments)
