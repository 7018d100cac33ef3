"""Webhook endpoints, deliveries and their attempts."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0002", "0001"
_SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add three tables."""
    op.create_table(
        "endpoint",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("connection_id", sa.String(64), _to("connection.id")),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("sealed_before", sa.Text),
        sa.Column("before_until", Instant),
        sa.Column("disabled_at", Instant),
        sa.Column("disabled_because", sa.Text),
        sa.Column("failing_since", Instant),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("event_id", sa.String(64), _to("event.id"), nullable=False, index=True),
        sa.Column("endpoint_id", sa.String(64), _to("endpoint.id"), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("lease_until", Instant),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("done_at", Instant),
    )
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"])
    op.create_index("ix_delivery_endpoint_id_created_at", "delivery", ["endpoint_id", "created_at"])
    op.create_table(
        "attempt",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("delivery_id", sa.String(64), _to("delivery.id"), nullable=False, index=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
        sa.Column("milliseconds", sa.Integer, nullable=False),
    )


def _to(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, ondelete="CASCADE")
