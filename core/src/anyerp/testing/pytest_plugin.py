"""The pytest plugin: `pytest --pyargs anyerp.testing.contract --connector NAME`.

It is loaded into everybody's test run, so that it imports nothing but pytest until a connector is named.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from anyerp.testing.check import LawResult
    from anyerp.testing.subject import Subject

SUBJECT: pytest.StashKey[Subject] = pytest.StashKey()
RESULTS: pytest.StashKey[list[LawResult]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what the contract kit needs to know."""
    group = parser.getgroup("anyerp", "anyerp's contract kit")
    group.addoption("--connector", metavar="NAME", help="the connector to check: its name, or module:ATTRIBUTE")
    group.addoption("--connector-profile", choices=("quick", "deep"), default="quick", help="how many random records")
    live = "of a live ERP that is checked, and written to, instead of the sandbox: JSON, or @FILE"
    group.addoption("--connector-settings", metavar="JSON", help=f"settings {live} (or ANYERP_CHECK_SETTINGS)")
    group.addoption("--connector-credentials", metavar="JSON", help=f"credentials {live} (or ANYERP_CHECK_CREDENTIALS)")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what is under test."""
    name = config.getoption("--connector", None)
    return f"anyerp: connector {name}, profile {config.getoption('--connector-profile')}" if name else None


def subject_of(config: pytest.Config) -> Subject:
    """What the command line names, made once. Raises `pytest.UsageError` when it names nothing that is there."""
    found = config.stash.get(SUBJECT, None)
    if found is None:
        from anyerp.errors import ConfigError  # noqa: PLC0415
        from anyerp.testing import check  # noqa: PLC0415

        name = config.getoption("--connector")
        if not name:
            raise pytest.UsageError("the contract kit needs --connector NAME")
        settings, credentials = _given(config, "settings"), _given(config, "credentials")
        try:
            found = check.subject_of(
                name, config.getoption("--connector-profile"), settings=settings, credentials=credentials
            )
        except (ConfigError, ImportError) as error:
            raise pytest.UsageError(str(error)) from None
        config.stash[SUBJECT] = found
        results: list[LawResult] = []
        config.stash[RESULTS] = results
        config.add_cleanup(found.close)
    return found


def _given(config: pytest.Config, name: str) -> Any:
    text = config.getoption(f"--connector-{name}") or os.environ.get(f"ANYERP_CHECK_{name.upper()}")
    if not text:
        return None
    if text.startswith("@"):
        text = Path(text[1:]).read_text("utf-8")
    try:
        return json.loads(text)
    except ValueError:
        raise pytest.UsageError(f"--connector-{name} is no JSON; give an object, or @FILE") from None


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print every law's id with what became of it: one that was deselected or deleted shows as NOT RUN."""
    subject = config.stash.get(SUBJECT, None)
    if subject is not None:
        from anyerp.testing import check  # noqa: PLC0415

        terminalreporter.section(f"contract of {subject.connector.name}")
        results = config.stash[RESULTS]
        terminalreporter.write_line(check.report(subject, tuple(results)).text())
