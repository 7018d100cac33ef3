"""Documents that are written in several steps: what is left of them is said, and never taken for done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from anyerp import InvalidRecord, OutcomeUnknown
from anyerp.connector import Request, ask
from anyerp.model import Vendor
from tiny import CONNECTOR, Tiny, connect


def half_way(error):
    """A connector whose creation is refused after the ERP has taken its first step."""

    def create(ctx, native):
        made = (yield from ask(Request("POST", "/vendors", json=native))).json()
        yield from ask(Request("GET", f"/vendors/{made['id']}"))
        raise error

    vendors = replace(CONNECTOR.resources["vendors"], create=create)
    return replace(CONNECTOR, resources={"vendors": vendors})


@pytest.mark.parametrize("kind", [InvalidRecord, OutcomeUnknown])
def test_what_a_flow_knows_of_its_own_steps_is_handed_on_and_nobody_looks(kind):
    error = kind("the second step was refused, the first one is taken back")
    error.certain = True
    tiny = Tiny()
    with connect(tiny, half_way(error)) as erp, pytest.raises(kind, match="taken back"):
        erp.vendors.create(Vendor(name="New"), key="K1")
    assert tiny.count("GET", "/vendors/") == 1
    assert tiny.count("GET") == 2  # the flow's own, and the look before it


def test_an_error_after_a_step_leaves_the_outcome_open_unless_the_flow_knows():
    with connect(Tiny(), half_way(InvalidRecord("refused"))) as erp:
        assert erp.vendors.create(Vendor(name="New"), key="K1").settled == "look"
