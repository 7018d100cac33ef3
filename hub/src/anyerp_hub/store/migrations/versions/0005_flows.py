"""Flows and their runs."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0005", "0004"


def upgrade() -> None:
    """Add two tables."""
    op.create_table(
        "flow",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("position", sa.Text),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("due_at", Instant, index=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
    )
    op.create_table(
        "flow_run",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("flow", sa.String(128), sa.ForeignKey("flow.name", ondelete="CASCADE"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("trigger", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("job_id", sa.String(64), sa.ForeignKey("job.id", ondelete="SET NULL"), index=True),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("error", sa.JSON),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("finished_at", Instant),
    )
    op.create_index("ix_flow_run_flow_started_at", "flow_run", ["flow", "started_at"])
