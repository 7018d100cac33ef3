"""A storm over a sandbox: the host is killed half way, and in the end every record is there once."""

from __future__ import annotations

import pytest
from anyerp.testing.storm import storm


@pytest.mark.slow
@pytest.mark.parametrize("singly", [False, True], ids=["in batches", "singly"])
def test_every_order_survives_the_storm_once_with_its_outcome(singly):
    weather = storm("sap-s4hana", "purchase_orders", 200, batch_size=5, singly=singly)
    assert weather.ok, weather
    assert weather.runs >= 2
    assert weather.killed_at >= 100
    assert sum(weather.struck.values()) >= 3
