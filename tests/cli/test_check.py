"""`anyerp check NAME`: the contract kit's verdict, as a report for people and as rows for programs."""

import json

import pytest

FEW = """
from dataclasses import replace
from anyerp.errors import NotFound
from anyerp_sap.s4.connector import CONNECTOR as WHOLE

CONNECTOR = replace(WHOLE, resources={"companies": WHOLE.resources["companies"]})
WRONG = replace(CONNECTOR, explain=lambda ctx, request, response: NotFound("whatever happens"))
"""


@pytest.fixture
def few(shell):
    shell.folder.joinpath("few.py").write_text(FEW)
    shell.env["PYTHONPATH"] = str(shell.folder)
    return shell


@pytest.mark.slow
def test_a_connector_that_keeps_the_laws_passes_with_a_row_for_each(few):
    done = few.process("check", "few:CONNECTOR")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    broken = [row for row in rows if row["outcome"] == "failed"]
    assert (done.returncode, broken) == (0, [])
    assert "lens.round_trip" in {row["law"] for row in rows if row["outcome"] == "passed"}


def test_a_connector_that_breaks_a_law_fails_and_the_law_is_named(few):
    code, seen = few.terminal("check", "few:WRONG", width=140)
    assert code == 1
    assert "BROKEN   errors." in seen


def test_what_is_no_connector_is_wrong_usage(few):
    assert few("check", "nobody").returncode == 2
    assert few("check").returncode == 2
