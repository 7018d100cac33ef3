"""What the rig's pages have otherwise than the ERPs, said as a host would say it: settings, and connectors replaced.

The rig has no token endpoint, so both products of the cloud are given an `authorize` that sends nothing. Its F&O pages
hold lines under the set's name where the ERP has its navigation `PurchaseOrderLines`, and a total of their own. Its
SuiteQL answers one fixed query whatever is asked, with columns and dates of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from anyerp import PurchaseOrder
from anyerp.connector import Connector, Context, Flow
from anyerp.lens import Codec, Each, Lens, Map


@dataclass(frozen=True)
class System:
    """How to connect to the rig in one format, and how it reads a status, by which fields."""

    connector: Callable[[], str | Connector]
    status: Callable[[PurchaseOrder], str]
    by: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    credentials: Mapping[str, Any] = field(default_factory=dict)
    #: The field that holds what the rig calls the total.
    total: str = "total_excl_tax"


def _open(ctx: Context) -> Flow[Mapping[str, str]]:
    """No token: the rig lets everybody in."""
    return {"Accept": "application/json"}
    yield


def _replaced(connector: Connector, **resource: Any) -> Connector:
    orders = replace(connector.resources["purchase_orders"], **resource)
    return replace(connector, authorize=_open, sign=None, resources={**connector.resources, "purchase_orders": orders})


def _finance() -> Connector:
    from anyerp_dynamics.fno.codec import number  # noqa: PLC0415
    from anyerp_dynamics.fno.connector import CONNECTOR  # noqa: PLC0415 - only what is measured is imported
    from anyerp_dynamics.fno.lens.purchase_order import PURCHASE_ORDER  # noqa: PLC0415
    from anyerp_dynamics.fno.purchase_order import ORDERS  # noqa: PLC0415

    at = "PurchaseOrderLinesV2"
    rules = [replace(rule, path=at) if isinstance(rule, Each) else rule for rule in PURCHASE_ORDER.rules]
    total = Map("total_excl_tax", "TotalOrderAmount", number(), read_only=True)
    rules = [total if rule.field == total.field else rule for rule in rules]
    documents = replace(ORDERS, doc=replace(ORDERS.doc, lines_at=at))
    return _replaced(CONNECTOR, lens=Lens(PurchaseOrder, rules), page=documents.page)


#: The rig's columns, by the columns that our query would have named.
_COLUMNS = {
    "orderstatus_id": "status",
    "entity_id": "entity",
    "currency_symbol": "currency",
    "total": "foreigntotal",
    "l_line": "line",
    "l_item_id": "item",
    "l_description": "linememo",
    "l_quantity": "quantity",
    "l_unitname": "units",
    "l_rate": "rate",
    "l_amount": "foreignamount",
    "l_expectedreceiptdate": "expectedreceiptdate",
    "l_isclosed": "isclosed",
    "l_quantityreceived": "quantityreceived",
}


def _american(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


def _netsuite() -> Connector:
    from anyerp_netsuite.connector import CONNECTOR  # noqa: PLC0415 - only what is measured is imported
    from anyerp_netsuite.lens.purchase_order import PURCHASE_ORDER, TABLE  # noqa: PLC0415
    from anyerp_netsuite.suiteql import column  # noqa: PLC0415

    day = Codec("american_day", decode=_american, memo=True)

    def dated(rule: Any) -> Any:
        if isinstance(rule, Each):
            return replace(rule, rules=tuple(map(dated, rule.rules)))
        return replace(rule, codec=day) if isinstance(rule, Map) and rule.codec.name == "iso_day" else rule

    flat = replace(TABLE.flat, column=lambda path: _COLUMNS.get(column(path), column(path)))
    return _replaced(CONNECTOR, lens=Lens(PurchaseOrder, map(dated, PURCHASE_ORDER.rules)), flat=flat)


_SAP = {"26": "draft", "03": "pending_approval", "05": "open", "08": "closed"}
_FINANCE = {"Backorder": "open", "Received": "open", "Invoiced": "closed", "Canceled": "cancelled"}


_UNAPPROVED = {"Draft": "draft", "InReview": "pending_approval"}


def _of_finance(order: PurchaseOrder) -> str:
    # The rig's own words, told by two codes: what was received for the lines, as our status knows, is not in them.
    approval = (order.extra or {}).get("DocumentApprovalStatus")
    return _UNAPPROVED.get(approval) or _FINANCE[order.native_status or ""]


SYSTEMS = {
    "sap": System(
        lambda: "sap-s4hana",
        lambda order: "cancelled" if order.status == "cancelled" else _SAP[order.native_status or ""],
        ("status", "native_status"),
        {"paging": "server", "received_and_billed": "skip", "purchase_orders": "v2"},
        {"username": "bench", "password": "bench"},
    ),
    "d365": System(
        _finance,
        _of_finance,
        ("native_status", "extra.DocumentApprovalStatus"),
        {"tenant": "bench.example", "company": "usmf", "paging": "server", "received": "skip"},
        {"client_id": "bench", "client_secret": "bench"},
    ),
    "netsuite": System(
        _netsuite,
        # The rig's letter C is cancelled, which the published tables take for rejected.
        lambda order: "cancelled" if order.status == "rejected" else str(order.status),
        ("status",),
        {"account": "1234567"},
        {"client_id": "bench", "certificate_id": "bench", "private_key": "bench"},
        "total_incl_tax",
    ),
}
