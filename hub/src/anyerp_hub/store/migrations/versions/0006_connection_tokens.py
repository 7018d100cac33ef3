"""Tokens of connections that outlive the process."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"


def upgrade() -> None:
    """Add a table."""
    owner = sa.ForeignKey("connection.id", ondelete="CASCADE")
    op.create_table(
        "connection_token",
        sa.Column("connection_id", sa.String(64), owner, primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
    )
