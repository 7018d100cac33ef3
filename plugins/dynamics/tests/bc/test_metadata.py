"""Our tables against the field lists of the API's own source, which the sheet was made from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyerp.lens import Lens
from anyerp.lens.domain import TextDomain
from anyerp.testing.values import places
from anyerp_dynamics.bc.connector import CONNECTOR

SETS = {
    "purchase_orders": "purchaseOrders",
    "goods_receipts": "purchaseReceipts",
    "vendor_invoices": "purchaseInvoices",
    "sales_orders": "salesOrders",
    "vendors": "vendors",
    "customers": "customers",
    "items": "items",
    "stock_levels": "items",
    "locations": "locations",
    "units": "unitsOfMeasure",
    "payment_terms": "paymentTerms",
    "companies": "companies",
}


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    folder = Path(os.environ.get("ANYERP_SHARED") or Path(__file__).parents[5] / "shared")
    file = folder / "erp" / "dynamics" / "bc_api_v2_entities.json"
    if not file.is_file():
        pytest.skip("the shared folder with the API's field lists is not here (ANYERP_SHARED)")
    return dict(json.loads(file.read_text("utf-8"))["entitySets"])


def fields(entity_set: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in entity_set["fields"]}


def steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step != "*" and not step.isdecimal() and "=" not in step]


def unknown(published: dict[str, Any], name: str, lens: Lens[Any]) -> Iterator[str]:
    """Paths whose last field is in no set that the path leads to."""
    for path in lens.native_fields:
        *through, last = steps(path)
        if "@" in last:
            continue  # an annotation, of theirs or of ours
        here: str | None = name
        for step in through:
            here = here and _target(published, here, step)
        if here is None or (last not in fields(published[here]) and _target(published, here, last) is None):
            yield path


def _target(published: dict[str, Any], name: str, step: str) -> str | None:
    """The set that a navigation leads to; a company leads to every set."""
    if name == "companies":
        return step if step in published else None
    kinds = {found["name"]: found["entityType"] for found in published[name]["navigation"]}
    return next((one for one, facts in published.items() if facts["entityType"] == kinds.get(step)), None)


@pytest.mark.parametrize("resource", sorted(SETS))
def test_every_path_of_a_table_is_one_of_the_apis_own(published, resource):
    assert list(unknown(published, SETS[resource], CONNECTOR.resources[resource].lens)) == []


@pytest.mark.parametrize("resource", sorted(SETS))
def test_what_a_table_writes_the_api_takes_in_that_length(published, resource):
    known = fields(published[SETS[resource]])
    for place in places(CONNECTOR.resources[resource].lens):
        for path in place.paths.split(", "):
            field = known.get(path)
            if field is None:
                continue  # through a navigation, or added by the connector
            assert not field["readOnly"], (resource, place.name)
            if isinstance(place.codec.domain, TextDomain) and "maxLength" in field and place.codec.name != "bc_street":
                assert place.codec.domain.max_length <= field["maxLength"], (resource, place.name)
