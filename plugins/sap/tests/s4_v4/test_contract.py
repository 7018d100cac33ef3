"""The contract kit on the dialect of V4; that of V2 is checked with the connector's own sandbox.

The kit spoils rows on the wire, which a V4 page has at `value`; the page that the lens reads is laid out the same here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query
from anyerp.kits.odata import v2
from anyerp.testing.check import check
from anyerp.wire import dump_json
from anyerp_sap.s4.connector import CONNECTOR as PLAIN
from anyerp_sap.s4.v4 import choice
from anyerp_sap.sandbox import S4Sandbox


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """The page of the connector, its rows at `value`."""
    answer = yield from choice.page(ctx, query, state)
    return replace(answer, content=dump_json({"value": v2.rows(answer.content)}))


CONNECTOR = replace(
    PLAIN,
    sandbox=lambda: S4Sandbox(v4=True),
    resources={
        "companies": PLAIN.resources["companies"],
        "purchase_orders": replace(PLAIN.resources["purchase_orders"], rows="value", page=page),
    },
)


def test_the_dialect_of_v4_keeps_the_contract():
    report = check(CONNECTOR)
    assert report.ok, report.text()
    assert sum(one.outcome == "passed" for one in report.results if one.resource == "purchase_orders") > 30
