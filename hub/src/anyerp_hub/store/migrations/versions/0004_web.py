"""Connect sessions, and answers kept for idempotency."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """Add two tables."""
    op.create_table(
        "connect_session",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("connection_id", sa.String(64), sa.ForeignKey("connection.id", ondelete="CASCADE")),
        sa.Column("connector", sa.String(64)),
        sa.Column("name", sa.Text),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("return_url", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
    )
    op.create_table(
        "idempotency",
        sa.Column("token_id", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("begun_at", Instant, nullable=False, index=True),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.JSON),
        sa.Column("body", sa.Text),
    )
