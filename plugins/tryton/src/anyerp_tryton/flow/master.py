"""The resources that are read only: items, companies, locations, units, payment terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import Resource
from anyerp.lens import Lens

from anyerp_tryton.flow.table import Table
from anyerp_tryton.lens.item import ALSO, ITEM
from anyerp_tryton.lens.master import COMPANY, LOCATION, PAYMENT_TERM, TERM_ALSO, UNIT

_SET_UP = "upstream: set up in Tryton itself, once"
_IN_PARTS = "todo: an item is a template with variants, written in several parts"


def _read(lens: Lens[Any], table: Table, because: str = _SET_UP) -> Resource[Any]:
    return Resource(
        lens=lens,
        rows="result",
        page=table.page,
        get=table.get,
        updated_since="native",
        because={
            **dict.fromkeys(("create", "update", "delete"), because),
            "cancel": "never: this is for documents",
            "close": "never: this is for orders",
            "find": "never: it settles creations, of which there are none here",
        },
    )


RESOURCES: Mapping[str, Resource[Any]] = {
    "companies": _read(COMPANY, Table("company.company", stamps=("last_modified_at", "party.last_modified_at"))),
    "locations": _read(
        LOCATION, Table("stock.location", only=(["type", "in", ["warehouse", "storage"]],), archives=True)
    ),
    "items": _read(
        ITEM,
        Table("product.product", ALSO, archives=True, stamps=("last_modified_at", "template.last_modified_at")),
        _IN_PARTS,
    ),
    "units": _read(UNIT, Table("product.uom", archives=True)),
    "payment_terms": _read(PAYMENT_TERM, Table("account.invoice.payment_term", TERM_ALSO, archives=True)),
}
