"""The laws as pytest items, one per law and resource: `lens.put_get[purchase_orders]` and the like."""

from __future__ import annotations

import pytest

from anyerp.testing.check import cases, judged
from anyerp.testing.law import LAWS
from anyerp.testing.pytest_plugin import RESULTS, subject_of


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item of each law and resource."""
    if metafunc.function is test_law:
        connector = subject_of(metafunc.config).connector
        pairs = [(law.id, resource) for law, resource in cases(connector)]
        metafunc.parametrize(("law", "resource"), pairs, ids=["-".join(filter(None, pair)) for pair in pairs])


def test_law(law: str, resource: str, request: pytest.FixtureRequest) -> None:
    """One law, on one resource or on the connector."""
    result = judged(subject_of(request.config), LAWS[law], resource)
    request.config.stash[RESULTS].append(result)
    if result.outcome in ("skipped", "exempt"):
        pytest.skip(f"{result.outcome}: {result.detail}")
    if result.outcome == "failed":
        pytest.fail(f"{law}: {result.detail}", pytrace=False)
