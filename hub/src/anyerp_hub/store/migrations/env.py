"""Alembic's entry: runs the migrations on the connection, and in the transaction, that the hub has opened."""

from alembic import context
from anyerp_hub.store.migrate import TABLE
from anyerp_hub.store.table import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=TABLE,
    render_as_batch=True,
)
context.run_migrations()
