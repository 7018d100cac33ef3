"""How much of a purchase order each connector carries: nearly all, and nothing that is still to be done."""

from __future__ import annotations

import pytest
from anyerp.connector.registry import registry
from anyerp.model import PurchaseOrder, PurchaseOrderLine

CONNECTORS = {name: registry().connector(name) for name in registry().connectors}
#: No fields of their own: the lines, the payload as it came, and the customer's own fields.
APART = {"lines", "raw", "extra"}


def lacking(coverage, model, prefix=""):
    """The fields of a model of which a connector carries no part, and the reason of each."""
    found = {}
    for name in model.model_fields.keys() - APART:
        parts = [f for f in coverage if f.field == prefix + name or f.field.startswith(f"{prefix}{name}.")]
        if all(f.mode == "absent" for f in parts):
            found[name] = parts[0].because
    return found


@pytest.mark.parametrize("name", sorted(CONNECTORS))
@pytest.mark.parametrize(
    ("model", "prefix", "share"), [(PurchaseOrder, "", 0.85), (PurchaseOrderLine, "lines.", 0.90)], ids=["head", "line"]
)
def test_an_order_has_nearly_all_fields_and_nothing_left_to_do(name, model, prefix, share):
    without = lacking(CONNECTORS[name].resources["purchase_orders"].lens.coverage, model, prefix)
    short = [field for field, because in without.items() if not because.startswith("never:")]
    assert 1 - len(short) / len(model.model_fields.keys() - APART) >= share
    assert not [field for field, because in without.items() if because.startswith("todo:")]
