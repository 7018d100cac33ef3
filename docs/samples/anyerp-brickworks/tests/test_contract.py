"""The contract, one test a law and resource; anyerp's pytest plugin reads the connector's name from pyproject.toml."""

from anyerp.testing.contract.test_contract import pytest_generate_tests, test_law

__all__ = ["pytest_generate_tests", "test_law"]
