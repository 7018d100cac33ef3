"""Every table of the hub. A change here needs a migration beside it; a test holds the two equal."""

from __future__ import annotations

import sqlalchemy as sa

from anyerp_hub.store.kind import Instant

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID = sa.String(64)


def _connection_id(*, nullable: bool = False) -> sa.Column[str]:
    return sa.Column("connection_id", ID, sa.ForeignKey("connection.id", ondelete="CASCADE"), nullable=nullable)


#: Secrets of the hub itself, such as the pepper of its tokens; sealed.
secret = sa.Table(
    "secret",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
)

#: `sealed` holds settings and credentials; `settings` is what may be shown of them.
connection = sa.Table(
    "connection",
    METADATA,
    sa.Column("id", ID, primary_key=True),
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
    sa.Column("expiring_at", Instant),
    sa.Column("probe_at", Instant, index=True),
    sa.Column("probe_failures", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

#: Tokens that must outlive the process (a refresh token that rotates), sealed; replaced as a whole.
connection_token = sa.Table(
    "connection_token",
    METADATA,
    sa.Column("connection_id", ID, sa.ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
)

connection_tag = sa.Table(
    "connection_tag",
    METADATA,
    sa.Column("connection_id", ID, sa.ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag", sa.String(128), primary_key=True, index=True),
)

#: What is wrong with a connection, one row from when it was found to when it was gone.
issue = sa.Table(
    "issue",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    _connection_id(),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("resource", sa.String(64)),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Index(None, "connection_id", "resolved_at"),
)

#: Who did what to which connection, and from which state to which. Kept when the connection is gone.
audit = sa.Table(
    "audit",
    METADATA,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("connection_id", ID, index=True),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)

#: Of a token only an HMAC is kept; `lookup` finds it.
token = sa.Table(
    "token",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("lookup", sa.String(8), nullable=False, index=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    _connection_id(nullable=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("last_used_at", Instant),
    sa.Column("revoked_at", Instant),
    sa.Index(None, "connection_id"),
)

#: The outbox: written with the change that it tells of, in one transaction.
event = sa.Table(
    "event",
    METADATA,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("id", ID, nullable=False, unique=True),
    sa.Column("type", sa.String(64), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("connection_id", ID, index=True),
    sa.Column("data", sa.JSON, nullable=False),
)

#: Where events are sent. Two secrets sign while a rotation overlaps.
endpoint = sa.Table(
    "endpoint",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    _connection_id(nullable=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("sealed_before", sa.Text),
    sa.Column("before_until", Instant),
    sa.Column("disabled_at", Instant),
    sa.Column("disabled_because", sa.Text),
    sa.Column("failing_since", Instant),
    sa.Column("created_at", Instant, nullable=False),
)

#: One event on its way to one endpoint.
delivery = sa.Table(
    "delivery",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("event_id", ID, sa.ForeignKey("event.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("endpoint_id", ID, sa.ForeignKey("endpoint.id", ondelete="CASCADE"), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("lease_until", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.Index(None, "state", "due_at"),
    sa.Index(None, "endpoint_id", "created_at"),
)

attempt = sa.Table(
    "attempt",
    METADATA,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("delivery_id", ID, sa.ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Column("milliseconds", sa.Integer, nullable=False),
)

#: Large work. Whoever holds the lease works on it; `epoch` tells holders apart, so that one who was thought dead can
#: write nothing any more.
job = sa.Table(
    "job",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    _connection_id(),
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
    sa.Column("watch_id", ID),
    sa.Column("progress", sa.JSON(none_as_null=True)),
    sa.Index(None, "state", "wake_at"),
    sa.Index(None, "connection_id", "created_at"),
)

job_record = sa.Table(
    "job_record",
    METADATA,
    sa.Column("job_id", ID, sa.ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
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
    sa.Index(None, "job_id", "state", "position"),
)

#: A link by which a person connects or reconnects a system. Of the link only a digest is kept.
connect_session = sa.Table(
    "connect_session",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    _connection_id(nullable=True),
    sa.Column("connector", sa.String(64)),
    sa.Column("name", sa.Text),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("metadata", sa.JSON, nullable=False),
    sa.Column("return_url", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)

#: A consent that the user of a connect session is asked for, one at a time: the digest of its state, and, sealed, what
#: was filled in and what proves that the answer belongs to it.
consent = sa.Table(
    "consent",
    METADATA,
    sa.Column("session_id", ID, sa.ForeignKey("connect_session.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("state", sa.String(64), nullable=False, unique=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)

#: Answers to writes over HTTP, by the caller's key, for a day.
idempotency = sa.Table(
    "idempotency",
    METADATA,
    sa.Column("token_id", ID, primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("begun_at", Instant, nullable=False, index=True),
    sa.Column("status", sa.Integer),
    sa.Column("headers", sa.JSON),
    sa.Column("body", sa.Text),
    sa.Column("epoch", sa.Integer),
    sa.Column("lease_until", Instant),
)

#: A flow, and how far it has read. `epoch` counts the advances of `position`: two runs at once cannot both advance it.
#: `secret_number` counts how often its secret was replaced; the one of before holds `before_until`.
flow = sa.Table(
    "flow",
    METADATA,
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("definition", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("position", sa.Text),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, index=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("secret_number", sa.Integer),
    sa.Column("before_until", Instant),
)

flow_run = sa.Table(
    "flow_run",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("flow", sa.String(128), sa.ForeignKey("flow.name", ondelete="CASCADE"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("trigger", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("job_id", ID, sa.ForeignKey("job.id", ondelete="SET NULL"), index=True),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("error", sa.JSON),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Index(None, "flow", "started_at"),
)

#: A resource that is looked at for changes. `state` is what `changes` gave last, stored with the events of that look;
#: `epoch` counts the looks: of two at once only one is stored.
watch = sa.Table(
    "watch",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    _connection_id(),
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
    sa.Column("error", sa.JSON(none_as_null=True)),
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("uq_watch_connection_id_resource", "connection_id", "resource", unique=True),
)

#: What processes share: of each name so many slots, held by a lease each. A name is a digest.
place = sa.Table(
    "place",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.String(64), nullable=False, index=True),
    sa.Column("until", Instant, nullable=False, index=True),
)

#: Accounts that an ERP asked to pause.
pace = sa.Table(
    "pace",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("held_until", Instant, nullable=False),
)
