"""From when on credentials are called expiring: by how long they last, which is days for some and years for others."""

import sqlalchemy as sa
from alembic import op
from anyerp_hub.store.kind import Instant

revision, down_revision = "0010", "0009"


def upgrade() -> None:
    """Add a column that may be empty."""
    op.add_column("connection", sa.Column("expiring_at", Instant))
