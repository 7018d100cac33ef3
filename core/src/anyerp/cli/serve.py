"""`anyerp serve`: the hub over HTTP, from the package anyerp-hub."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from anyerp.errors import ConfigError


def serve(
    *,
    database: Annotated[str, Parameter(help="The hub's database: a file of SQLite, or postgresql://...")] = (
        "sqlite:///anyerp.db"
    ),
    host: Annotated[str, Parameter(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port to listen on.")] = 8000,
) -> int:
    """Serve connections, jobs and webhooks over HTTP, with a dashboard, until Ctrl-C.

    `anyerp-hub new-token` prints the token that signs in.
    """
    try:
        from anyerp_hub.command import main  # noqa: PLC0415 - a package of its own
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("anyerp_hub", "sqlalchemy", "fastapi"):
            raise
        raise ConfigError("the hub is not installed", hint="pip install 'anyerp-hub[web]'") from None
    return main(["serve", "--url", database, "--host", host, "--port", str(port)])
