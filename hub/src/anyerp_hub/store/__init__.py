"""The database: tables, transactions, migrations. Nothing above this room writes SQL for one dialect only."""

from anyerp_hub.store.database import Database, StoreUnavailable
from anyerp_hub.store.kind import Instant

__all__ = ["Database", "Instant", "StoreUnavailable"]
