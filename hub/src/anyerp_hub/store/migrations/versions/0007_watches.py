"""Watches of resources, jobs that carry them out, and a lease for writes over HTTP."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0007", "0006"


def upgrade() -> None:
    """Add a table, and columns that may be empty."""
    owner = sa.ForeignKey("connection.id", ondelete="CASCADE")
    op.create_table(
        "watch",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("connection_id", sa.String(64), owner, nullable=False),
        sa.Column("resource", sa.String(64), nullable=False),
        sa.Column("every", sa.Float),
        sa.Column("deletions", sa.Boolean, nullable=False),
        sa.Column("initial", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("due_at", Instant, index=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("looked_at", Instant),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("error", sa.JSON),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_index("uq_watch_connection_id_resource", "watch", ["connection_id", "resource"], unique=True)
    op.add_column("job", sa.Column("watch_id", sa.String(64)))
    op.add_column("job", sa.Column("progress", sa.JSON))
    op.add_column("idempotency", sa.Column("epoch", sa.Integer))
    op.add_column("idempotency", sa.Column("lease_until", Instant))
