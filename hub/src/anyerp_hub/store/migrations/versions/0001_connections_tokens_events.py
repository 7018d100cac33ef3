"""Connections, their issues and history, tokens, and the outbox."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0001", None
_SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "secret", sa.Column("name", sa.String(64), primary_key=True), sa.Column("sealed", sa.Text, nullable=False)
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("connector", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("lifecycle", sa.String(16), nullable=False),
        sa.Column("health", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("since", Instant, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("sealed", sa.Text),
        sa.Column("overlays", sa.JSON),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("streak_kind", sa.String(32)),
        sa.Column("streak", sa.Integer, nullable=False),
        sa.Column("last_ok_at", Instant),
        sa.Column("last_error", sa.JSON),
        sa.Column("credentials_expire_at", Instant),
        sa.Column("probe_at", Instant, index=True),
        sa.Column("probe_failures", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
    )
    op.create_table(
        "connection_tag",
        sa.Column("connection_id", sa.String(64), _to_connection(), primary_key=True),
        sa.Column("tag", sa.String(128), primary_key=True, index=True),
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("connection_id", sa.String(64), _to_connection(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("resource", sa.String(64)),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("resolved_at", Instant),
    )
    op.create_index("ix_issue_connection_id_resolved_at", "issue", ["connection_id", "resolved_at"])
    op.create_table(
        "audit",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("connection_id", sa.String(64), index=True),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("lookup", sa.String(8), nullable=False, index=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("connection_id", sa.String(64), _to_connection(), index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant),
        sa.Column("last_used_at", Instant),
        sa.Column("revoked_at", Instant),
    )
    op.create_table(
        "event",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("type", sa.String(64), nullable=False, index=True),
        sa.Column("at", Instant, nullable=False, index=True),
        sa.Column("connection_id", sa.String(64), index=True),
        sa.Column("data", sa.JSON, nullable=False),
    )


def _to_connection() -> sa.ForeignKey:
    return sa.ForeignKey("connection.id", ondelete="CASCADE")
