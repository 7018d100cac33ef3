"""Places that processes share: one create for each key, one refresh at a time, requests in flight, pauses."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0008", "0007"


def upgrade() -> None:
    """Add tables. They may be emptied whenever no process is at work."""
    op.create_table(
        "place",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.String(64), nullable=False, index=True),
        sa.Column("until", Instant, nullable=False, index=True),
    )
    op.create_table(
        "pace",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("held_until", Instant, nullable=False),
    )
