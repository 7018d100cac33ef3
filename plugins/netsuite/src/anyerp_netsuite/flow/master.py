"""Companies, locations, units, payment terms, items: what each can do."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Resource

from anyerp_netsuite.flow import item
from anyerp_netsuite.flow.table import listed
from anyerp_netsuite.lens import master

_ADMIN = "never: an administrator sets these up in NetSuite"

RESOURCES: dict[str, Resource[Any]] = {
    "companies": listed(master.COMPANY, master.COMPANIES, _ADMIN, kind="subsidiary"),
    "locations": listed(master.LOCATION, master.LOCATIONS, _ADMIN, kind="location"),
    "units": listed(master.UNIT, master.UNITS, _ADMIN),
    "payment_terms": listed(master.PAYMENT_TERM, master.PAYMENT_TERMS, _ADMIN, kind="term"),
    "items": item.RESOURCE,
}
