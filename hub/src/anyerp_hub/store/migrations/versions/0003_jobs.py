"""The ledger of jobs."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Add two tables."""
    op.create_table(
        "job",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("connection_id", sa.String(64), _to("connection.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("resource", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("wanted", sa.String(16)),
        sa.Column("batch_size", sa.Integer, nullable=False),
        sa.Column("pause", sa.Float, nullable=False),
        sa.Column("on_loss", sa.String(16), nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(128)),
        sa.Column("lease_until", Instant),
        sa.Column("wake_at", Instant),
        sa.Column("served_at", Instant),
        sa.Column("waits", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("started_at", Instant),
        sa.Column("finished_at", Instant),
    )
    op.create_index("ix_job_state_wake_at", "job", ["state", "wake_at"])
    op.create_index("ix_job_connection_id_created_at", "job", ["connection_id", "created_at"])
    op.create_table(
        "job_record",
        sa.Column("job_id", sa.String(64), _to("job.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128)),
        sa.Column("own_key", sa.Boolean, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("record_id", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("settled", sa.String(16)),
        sa.Column("error", sa.JSON),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("updated_at", Instant),
    )
    op.create_index("ix_job_record_job_id_state_position", "job_record", ["job_id", "state", "position"])


def _to(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, ondelete="CASCADE")
