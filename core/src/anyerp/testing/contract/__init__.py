"""The contract kit: the laws that every connector keeps, one module per group.

    pytest --pyargs anyerp.testing.contract --connector acme
    anyerp check acme

Nothing has to be written or subclassed: everything is derived from the connector's declaration and its sandbox. The
doors out are published: an `Absent` field, a missing operation with its reason, an `Exemption` whose witness still
fails. A connector without a sandbox is checked against a live ERP (see `anyerp.testing.subject`).
"""

from anyerp.testing.contract import (
    auth,
    bulk,
    change,
    consent,
    declaration,
    error,
    host,
    lens,
    packaging,
    paging,
    schema,
    write,
)
from anyerp.testing.law import LAWS, Broken, Law, Skipped

_ORDER = ("declaration", "lens", "schema", "paging", "errors", "auth", "writes", "changes", "packaging")
for _id in sorted(LAWS, key=lambda id: _ORDER.index(id.partition(".")[0])):
    LAWS[_id] = LAWS.pop(_id)

__all__ = [
    "LAWS",
    "Broken",
    "Law",
    "Skipped",
    "auth",
    "bulk",
    "change",
    "consent",
    "declaration",
    "error",
    "host",
    "lens",
    "packaging",
    "paging",
    "schema",
    "write",
]
