"""An empty ERP, and connections to it whose waits take no time and are noted."""

from __future__ import annotations

import pytest
from tiny import CONNECTOR, Tiny, connect

pytest.register_assert_rewrite("many")  # so that `agree` shows what did not


@pytest.fixture
def tiny():
    return Tiny(0)


@pytest.fixture
def waits():
    return []


@pytest.fixture
def opened(tiny, waits):
    """Opens connections whose waits take no time and are noted."""
    made = []

    def opened(way=CONNECTOR, **more):
        erp = connect(tiny, way, **more)
        erp._runner.sleep = waits.append
        erp._transport._sleep = waits.append
        made.append(erp)
        return erp

    yield opened
    for erp in made:
        erp.close()
