"""What NetSuite cannot keep of the contract, and the case that shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from anyerp.connector import Exemption


def _within_a_second(resource: str) -> None:
    """Two changes at one moment, which `lastModifiedDate` does not tell apart."""
    from dataclasses import replace  # noqa: PLC0415 - only the contract kit comes here

    from anyerp.testing.law import LAWS  # noqa: PLC0415 - as above
    from anyerp.testing.subject import Subject  # noqa: PLC0415 - as above

    from anyerp_netsuite.connector import CONNECTOR  # noqa: PLC0415 - as above
    from anyerp_netsuite.sandbox import NetSuiteSandbox  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    subject = Subject(replace(CONNECTOR, sandbox=lambda: NetSuiteSandbox(now=lambda: now)))
    LAWS["writes.stale"].check(subject, resource)


#: Where the stamp is all that there is of a version.
_STAMPED = (
    "items",
    "vendors",
    "customers",
    "purchase_orders",
    "sales_orders",
    "goods_receipts",
    "vendor_invoices",
)

EXEMPTIONS = tuple(
    Exemption(
        "writes.stale",
        resource,
        "never: NetSuite has no etag, and stamps changes to the second: two within one second look like one",
        partial(_within_a_second, resource),
    )
    for resource in _STAMPED
)
