"""The contract kit on a system that has only V2 purchase orders; `anyerp check` runs on one that has both services."""

from __future__ import annotations

from dataclasses import replace

from anyerp.testing.check import check
from anyerp_sap.s4.connector import CONNECTOR
from anyerp_sap.sandbox import S4Sandbox

ONLY_V2 = replace(
    CONNECTOR,
    sandbox=S4Sandbox,
    resources={name: CONNECTOR.resources[name] for name in ("companies", "purchase_orders")},
)


def test_a_system_without_the_newer_service_keeps_the_contract():
    report = check(ONLY_V2)
    assert report.ok, report.text()
    assert sum(one.outcome == "passed" for one in report.results if one.resource == "purchase_orders") > 30


def test_the_sandbox_of_the_connector_has_both_services_and_the_newer_one_is_taken(system):
    assert CONNECTOR.sandbox().v4
    list(system.connect().purchase_orders.list())
    assert not system.calls("GET", "API_PURCHASEORDER_PROCESS_SRV")
