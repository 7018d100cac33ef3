"""An overlay is held against the system's own `$metadata`: a path that leads nowhere is told, by either service."""

from __future__ import annotations

import pytest
from anyerp import ConfigError
from anyerp.connection import Connection

NOWHERE = {"rule": "map", "field": "extra.project", "path": "YY1_Nowhere_PDH"}
THERE = {"rule": "map", "field": "extra.project", "path": "CorrespncInternalReference"}
IN_LINES = {"rule": "map", "in": "lines", "field": "extra.plan", "path": "YY1_Nowhere_PDI"}


@pytest.fixture(params=["v2", "v4"])
def overlaid(system, request):
    plain = system.connect(purchase_orders=request.param)

    def made(*rules):
        return Connection(plain.connector, plain._context, plain._transport, overlays={"purchase_orders": list(rules)})

    return made


def test_a_path_that_leads_nowhere_is_told_by_its_field(overlaid):
    erp = overlaid(NOWHERE)
    for read in (lambda: erp.purchase_orders.get("4500000001"), lambda: list(erp.purchase_orders.list())):
        with pytest.raises(ConfigError, match=r"extra\.project <-> YY1_Nowhere_PDH: .* no such field"):
            read()


def test_a_check_of_the_connection_tells_it(overlaid):
    told = {check.name: check for check in overlaid(NOWHERE).check()}
    assert not told["purchase_orders"].ok
    assert "YY1_Nowhere_PDH" in told["purchase_orders"].detail
    assert told["vendors"].ok


def test_several_are_told_together_those_of_lines_too(overlaid):
    with pytest.raises(ConfigError, match="2 fields") as caught:
        overlaid(NOWHERE, IN_LINES).purchase_orders.get("4500000001")
    assert [problem.message.partition(" <->")[0] for problem in caught.value.problems] == [
        "extra.project", "lines.extra.plan",
    ]  # fmt: skip


def test_a_path_that_is_there_is_read_and_others_are_not_asked_about_it(overlaid):
    assert overlaid(THERE).purchase_orders.get("4500000001").number == "4500000001"
    erp = overlaid(NOWHERE)
    assert next(iter(erp.purchase_orders.list(fields=("number",)))).number == "4500000001"
    assert list(erp.items.list())
