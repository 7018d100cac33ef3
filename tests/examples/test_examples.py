"""Every example runs as it stands, against a sandbox that it starts itself, and shows what it promises."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SHOWS = {
    "list_orders.py": ["4500000001", "10300002", "1787.50 EUR", "changed since"],
    "create_order.py": ["applied: 4500000014, 37.50 EUR", "again: 4500000014, known before", "refused: bill_to",
                        "4500000015 without: /bill_to"],
    "many_orders.py": ["3 applied, 1 not applied", "record 2:", "99999999", "again: 4 applied; 3 were there already"],
    "async_orders.py": ["4500000002 Müller & Söhne", "has 1 line(s)"],
    "custom_field.py": ["project: NORTH-7", "13 characters, this ERP stores 12"],
    "own_client.py": ["purchase_orders ok", "the client is still open: True"],
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWS)
def test_an_example_runs_and_shows_what_it_promises(name, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / name], capture_output=True, encoding="utf-8", cwd=tmp_path,
        timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert [words for words in SHOWS[name] if words not in done.stdout] == []


def test_no_example_is_left_out():
    assert {path.name for path in EXAMPLES.glob("*.py")} - {"erp.py"} == set(SHOWS)


@pytest.mark.slow
def test_the_examples_are_typed():
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", EXAMPLES.parent / ".mypy_cache",
         *sorted(path.name for path in EXAMPLES.glob("*.py"))],
        capture_output=True, text=True, cwd=EXAMPLES, timeout=100, check=False,
    )  # fmt: skip
    assert done.stdout + done.stderr == ""
