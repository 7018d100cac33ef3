"""Pages that come twice, in another order, or while somebody writes: no record is lost without a word."""

from __future__ import annotations

import anyerp
import pytest
from anyerp.errors import AnyErpError
from anyerp.testing.fault import FaultProxy, Plan
from anyerp.testing.sandbox import serve
from anyerp.transport import Limits
from anyerp_sap.sandbox import S4Sandbox

LIMITS = Limits(backoff_base=0.01)


@pytest.fixture
def sandbox():
    return S4Sandbox()


def listed(sandbox, plan, page_size=3):
    """What a list gives through a proxy, and whether it broke off with an error."""
    with serve(sandbox) as upstream, FaultProxy(upstream, plan) as proxy:
        settings = sandbox.settings(proxy.base_url)
        with anyerp.connect("sap-s4hana", settings=settings, credentials=sandbox.credentials, limits=LIMITS) as erp:
            found = []
            try:
                for order in erp.purchase_orders.list(page_size=page_size):
                    found.append(order.number)  # noqa: PERF401 - what came before the error counts
            except AnyErpError as error:
                return found, error, proxy.struck
    return found, None, proxy.struck


ALL = [f"{4500000001 + n}" for n in range(13)]
ORDERS = {"only": lambda call: "A_PurchaseOrder?" in call.target, "rows": "d/results"}


def test_in_fair_weather_each_order_comes_once(sandbox):
    assert listed(sandbox, Plan()) == (ALL, None, [])


@pytest.mark.parametrize("seed", range(6))
def test_a_page_that_comes_twice_is_an_error_and_no_silent_end(sandbox, seed):
    found, error, struck = listed(sandbox, Plan(seed=seed, rates={"repeat": 0.5}, **ORDERS))
    if error is None:
        assert set(found) == set(ALL)
    else:
        assert "same page twice" in error.message
        assert struck
    assert found == ALL[: len(found)]


@pytest.mark.parametrize("seed", range(6))
def test_rows_in_another_order_lose_no_order(sandbox, seed):
    found, error, struck = listed(sandbox, Plan(seed=seed, rates={"reorder": 0.7}, **ORDERS))
    assert struck
    assert error is not None or set(found) == set(ALL)


@pytest.mark.parametrize("seed", range(3))
def test_who_writes_while_we_read_hides_no_order_that_was_there(sandbox, seed):
    touched = iter(ALL * 9)
    plan = Plan(seed=seed, rates={"insert": 0.7}, insert=lambda: sandbox.touch(next(touched)), **ORDERS)
    found, error, struck = listed(sandbox, plan, page_size=2)
    assert struck
    assert error is None
    assert sorted(found) == ALL


@pytest.mark.parametrize("seed", range(4))
def test_reading_goes_on_through_a_storm(sandbox, seed):
    rates = {"drop_before": 0.1, "drop_after": 0.1, "too_many": 0.1, "overloaded": 0.1, "truncate": 0.1}
    found, error, struck = listed(sandbox, Plan(seed=seed, rates=rates, in_a_row=3), page_size=1)
    assert struck
    assert (found, error) == (ALL, None)
