"""The README says what is so: its code runs, its commands work, its table comes from the connectors."""

import importlib.util
import re
from pathlib import Path

import anyerp
import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
COMMANDS = [
    line.removeprefix("$ ").split("  #")[0].split(" > ")[0].strip()
    for kind, text in BLOCK.findall(README)
    if kind == "console"
    for line in text.splitlines()
]


def code(text: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(text) if kind == "python"]


def test_the_table_of_what_works_comes_from_the_connectors():
    spec = importlib.util.spec_from_file_location("readme", Path(__file__).with_name("readme.py"))
    assert spec is not None
    assert spec.loader is not None
    readme = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(readme)
    assert README.count("| purchase_orders |") == 1
    assert readme.with_table(README) == README, "run: .venv/bin/python tests/cli/readme.py"


def test_its_code_runs_as_it_stands(served, monkeypatch, capsys):
    monkeypatch.chdir(served.shell.folder)
    known: dict[str, object] = {}
    for block in code(README):
        exec(block, known)
    assert known["done"].outcome == "applied"
    assert "4500000002 10300002 partially_received 1787.50 EUR" in capsys.readouterr().out


def test_the_first_example_is_that_of_the_package():
    assert code((ROOT / "core" / "README.md").read_text("utf-8")) == code(README)[:1]


def test_the_first_example_has_four_lines_after_its_import():
    assert len([line for line in code(README)[0].splitlines() if line]) <= 5


@pytest.mark.parametrize("command", [it for it in COMMANDS if it.startswith("anyerp ") and "sandbox" not in it])
def test_its_commands_work(served, command):
    assert served.shell(*command.split()[1:]).returncode == 0


def test_its_scripts_and_files_are_there():
    for script in (it for it in COMMANDS if it.startswith("script/")):
        assert (ROOT / script).stat().st_mode & 0o100
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_errors_that_it_names_exist():
    named = set(
        re.findall(r"`([A-Z][A-Za-z]+(?:Error|Record|Representable|Unknown|Limited|Found|Supported)|Conflict)`", README)
    )
    assert len(named) >= 8
    assert {name for name in named if not issubclass(getattr(anyerp, name), anyerp.AnyErpError)} == set()
