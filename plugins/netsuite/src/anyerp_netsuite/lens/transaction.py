"""Transactions in SuiteQL: one table of headers, one of lines, whatever the document (netsuite sheet §4)."""

from __future__ import annotations

from collections.abc import Mapping

from anyerp_netsuite.lens.line import COLUMNS
from anyerp_netsuite.suiteql import Table, address_columns


def lines_sum(*, tax: str) -> str:
    """The sum of a document's lines, its tax lines or the others, in its currency."""
    return (
        "(SELECT SUM(x.foreignamount) FROM transactionline x "  # noqa: S608 - words of our own
        f"WHERE x.transaction = t.id AND x.mainline = 'F' AND x.taxline = '{tax}')"
    )


def documents(
    kind: str,
    link: str,
    record: str,
    *,
    where: tuple[str, ...] = (),
    joins: Mapping[str, str] | None = None,
    columns: Mapping[str, str | None] | None = None,
) -> Table:
    """The table of one type of document (`PurchOrd`), its header in a row of its own before its lines.

    `record` is its record type (`purchaseOrder`).
    """
    return Table(
        source="transaction t JOIN transactionline tl ON tl.transaction = t.id",
        joins={
            "c": "LEFT JOIN currency c ON c.id = t.currency",
            "i": "LEFT JOIN item i ON i.id = tl.item",
            "sa": "LEFT JOIN transactionshippingaddress sa ON sa.nkey = t.shippingaddress",
            "ba": "LEFT JOIN transactionbillingaddress ba ON ba.nkey = t.billingaddress",
            **(joins or {}),
        },
        id="t.id",
        alias="t",
        where=(f"t.type = '{kind}'", "tl.taxline = 'F'", "NVL(tl.iscogs, 'F') = 'F'", *where),
        changed="t.lastmodifieddate",
        link=link,
        records=(record,),
        lines="lines",
        line_alias="tl",
        line_id="tl.id",
        line_key="lines/*/line",
        own="tl.mainline = 'T'",
        line="tl.mainline = 'F'",
        columns={
            "subsidiary/id": "tl.subsidiary",  # `transaction` does not expose it
            "subsidiary/refName": "BUILTIN.DF(tl.subsidiary)",
            "location/id": "tl.location",
            "location/refName": "BUILTIN.DF(tl.location)",
            "currency/symbol": "c.symbol",
            "status/id": "t.status",
            "status/refName": "BUILTIN.DF(t.status)",
            **address_columns("shippingAddress", "sa"),
            **address_columns("billingAddress", "ba"),
            **COLUMNS,
            **(columns or {}),
        },
    )
