"""The kit from the command line, as an author runs it: nothing to write, and nothing loaded by those who do not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ACME = "acme_erp.connector:CONNECTOR"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "ANYERP_CHECK"))}
    environment["PYTHONPATH"] = os.pathsep.join([str(HERE), environment.get("PYTHONPATH", "")])
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, cwd=cwd, env=environment)


def kit(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run("-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "anyerp.testing.contract", *arguments, cwd=cwd)


@pytest.mark.slow
def test_the_kit_runs_in_an_empty_folder_with_nothing_written(tmp_path: Path) -> None:
    done = kit("--connector", ACME, "-k", "lens and vendors", "-v", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"anyerp: connector {ACME}, profile quick" in done.stdout
    assert "test_law[lens.put_get-vendors] PASSED" in done.stdout


def test_a_law_that_did_not_run_is_listed_as_such(tmp_path: Path) -> None:
    conftest = """
        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if "declaration.limits" in item.name]
    """
    (tmp_path / "conftest.py").write_text("\n".join(line[8:] for line in conftest.splitlines()), "utf-8")
    done = kit("--connector", ACME, cwd=tmp_path)
    assert "ok       declaration.limits" in done.stdout
    assert "NOT RUN  lens.put_get" in done.stdout


def test_a_breach_fails_the_run_and_says_how_to_see_it_again(tmp_path: Path) -> None:
    (tmp_path / "leaky.py").write_text(
        "from acme_mutants import MUTANTS\n"
        'BROKEN = next(m.connector for m in MUTANTS if m.name == "text cut at the column\'s width")\n',
        "utf-8",
    )
    done = kit("--connector", "leaky:BROKEN", "-k", "round_trip and purchase_orders", cwd=tmp_path)
    assert done.returncode == 1
    assert "notes <-> Notes: was taken" in done.stdout
    assert "Reproduce with: pytest --pyargs anyerp.testing.contract --connector leaky:BROKEN" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "needs --connector NAME"),
        (("--connector", ACME, "--connector-settings", "{"), "--connector-settings is no JSON"),
    ],
    ids=["no connector named", "settings that are no JSON"],
)
def test_a_mistake_on_the_command_line_is_explained(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = kit(*arguments, cwd=tmp_path)
    assert done.returncode != 0
    assert words in done.stdout + done.stderr


def test_the_pytest_plugin_costs_a_foreign_test_run_nothing(tmp_path: Path) -> None:
    heavy = "pydantic httpx httpx2 hypothesis msgspec jsonschema anyerp.model anyerp.lens".split()
    program = (
        "import sys, pytest, anyerp.testing.pytest_plugin\n"
        f"found = [name for name in {heavy!r} if name in sys.modules]\n"
        "assert not found, found"
    )
    done = run("-c", program, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
