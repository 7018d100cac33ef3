"""Bringing a database to this release's tables. Alembic is imported only where there is something to do."""

from __future__ import annotations

import sqlalchemy as sa
from anyerp.errors import ConfigError

from anyerp_hub.store.database import Database

#: The newest migration; a test holds it equal to the newest file in `migrations/versions`.
HEAD = "0010"
TABLE = "anyerp_schema"
_LOCK = 0x616E79657270  # one migration at a time, whoever starts it


def current(tx: sa.Connection) -> str | None:
    """The migration that a database stands at; None for an empty one."""
    if not sa.inspect(tx).has_table(TABLE):
        return None
    found: str | None = tx.execute(sa.text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608 - a constant
    return found


def migrate(database: Database, target: str = "head") -> str | None:
    """Bring a database to `target`, all or nothing; gives where it stood before.

    Raises `ConfigError` where a newer release of the hub has been at work.
    """
    with database.read() as tx:
        before = current(tx)
    if before == HEAD and target == "head":
        return before
    from alembic import command  # noqa: PLC0415 - half a second, once in the life of a database
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "anyerp_hub.store:migrations")
    config.set_main_option("path_separator", "os")
    with database.begin() as tx:
        if not database.sqlite:
            tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        before = current(tx)
        config.attributes["connection"] = tx
        try:
            command.upgrade(config, target)
        except CommandError:
            raise ConfigError(
                f"the hub's database stands at {before}, which this release does not know",
                hint="it was used by a newer release of anyerp-hub: install that one",
            ) from None
    return before
