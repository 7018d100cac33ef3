"""Consents that users are asked for, and secrets of flows that are replaced."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0009", "0008"


def upgrade() -> None:
    """Add a table, and columns that may be empty."""
    session = sa.ForeignKey("connect_session.id", ondelete="CASCADE")
    op.create_table(
        "consent",
        sa.Column("session_id", sa.String(64), session, primary_key=True),
        sa.Column("state", sa.String(64), nullable=False, unique=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
    )
    op.add_column("flow", sa.Column("secret_number", sa.Integer))
    op.add_column("flow", sa.Column("before_until", Instant))
