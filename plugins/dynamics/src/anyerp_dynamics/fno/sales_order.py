"""Sales orders: a header, then lines that the service keys by an inventory lot of its own (dynamics sheet §1.3)."""

from __future__ import annotations

from anyerp.connector import Resource

from anyerp_dynamics.fno.document import Documents
from anyerp_dynamics.fno.lens.sales_order import SALES_ORDER
from anyerp_dynamics.fno.saga import Document
from anyerp_dynamics.fno.service import EntitySet, Row

_NUMBER = "SalesOrderNumber"
HEADERS = EntitySet(
    "SalesOrderHeadersV2",
    "SalesOrderHeaderV2",
    (_NUMBER,),
    enums={"SalesOrderStatus": "SalesStatus", "SalesOrderProcessingStatus": "SalesOrderProcessingStatus"},
)
LINES = EntitySet("SalesOrderLines", "SalesOrderLine", ("InventoryLotId",), also=(_NUMBER, "LineNumber"))


def tidied(line: Row) -> Row:
    """A new line without an empty site: the ERP derives it from the warehouse."""
    return {name: value for name, value in line.items() if name != "ShippingSiteId" or value}


#: A line's key is given by the service, so that one whose answer was lost is never sent again.
ORDERS = Documents(Document("sales order", HEADERS, LINES, "SalesOrderLines", "LineNumber", ours=False), line=tidied)

SALES_ORDERS = Resource(
    lens=SALES_ORDER,
    rows="value",
    page=ORDERS.page,
    get=ORDERS.get,
    create=ORDERS.create,
    update=ORDERS.update,
    delete=ORDERS.delete,
    find=ORDERS.find,
    find_many=ORDERS.find_many,
    because={
        "cancel": "upstream: the status is the result of a process inside the ERP; an order of which nothing was "
        "delivered can be deleted, which `delete` does",
        "close": "upstream: an order is closed by its invoice, which is posted inside the ERP",
    },
)
