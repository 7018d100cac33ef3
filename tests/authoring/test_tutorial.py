"""The tutorial on a first connector, followed word for word by somebody who has only the wheels."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from anyerp.authoring.brickworks import Brickworks
from anyerp.cli import main
from anyerp.testing.sandbox import serve

PAGE = "tutorials/first-connector.md"
# What the fixture has done already: the environment and the installation.
SET_UP = ("python -m venv", "pip install", "cd ", "anyerp new")


def beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"authoring_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


page = beside("page")
BLOCKS = list(page.blocks(PAGE))


class Reader:
    """Somebody who follows the page: a folder, an environment."""

    def __init__(self, folder: Path, scripts: Path) -> None:
        self.folder, self.scripts = folder, scripts

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        program, *rest = command.split()
        first = [sys.executable, "-m", program] if program in ("ruff", "mypy") else [str(self.scripts / program)]
        if program == "mypy":
            rest += ["--python-executable", str(self.scripts / "python"), "--no-incremental"]
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(self.folder / "src")}
        return subprocess.run(
            [*first, *rest], cwd=self.folder, env=env, capture_output=True, text=True, timeout=300, check=False
        )


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, install: Callable[[Path], Path]) -> Reader:
    folder = tmp_path_factory.mktemp("tutorial") / "anyerp-brickworks"
    assert main(["new", "brickworks", str(folder), "--resource", "vendors"]) == 0
    scripts = install(folder)
    for block in BLOCKS:
        if block.title:
            assert folder.joinpath(block.title).exists(), f"{block.title} is no file of a new plugin"
            folder.joinpath(block.title).write_text(block.text)
    return Reader(folder, scripts)


@pytest.fixture
def served(reader: Reader) -> Iterator[str]:
    toml = next(block.text for block in BLOCKS if block.kind == "toml")
    with serve(Brickworks()) as url:
        assert "http://127.0.0.1:8042" in toml
        reader.folder.joinpath("anyerp.toml").write_text(toml.replace("http://127.0.0.1:8042", url))
        yield url


def commands(*, fails: bool) -> list[str]:
    every = [
        command for block in BLOCKS if ("fails" in block.notes) is fails for command in block.commands
        if not command.startswith(SET_UP)
    ]  # fmt: skip
    return list(dict.fromkeys(every))


def test_there_is_something_to_follow() -> None:
    assert len(commands(fails=False)) >= 6
    assert commands(fails=True) == ["anyerp check brickworks"]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("command", commands(fails=False))
def test_its_commands_succeed(reader: Reader, served: str, command: str) -> None:
    done = reader.run(command.replace("http://127.0.0.1:8042", served))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_its_connector_keeps_every_law_that_it_says_it_does(reader: Reader) -> None:
    rows = [json.loads(line) for line in reader.run("anyerp check brickworks --format jsonl").stdout.splitlines()]
    outcomes = [row["outcome"] for row in rows]
    assert outcomes.count("failed") == 0
    assert {row["law"] for row in rows if row["outcome"] == "passed"} >= {
        "writes.lost_after", "writes.stale", "auth.renewed_once", "lens.get_put", "paging.inserts"
    }  # fmt: skip
    assert outcomes.count("skipped") <= 2


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_its_lie_is_caught_as_it_says(reader: Reader) -> None:
    lens = reader.folder / "src" / "anyerp_brickworks" / "lens.py"
    truth = lens.read_text()
    told = next(block.text.split()[1] for block in BLOCKS if block.text.startswith("BROKEN"))
    lens.write_text(re.sub(r'"mail", text\(80\)', '"mail", text(100)', truth))
    try:
        done = reader.run("anyerp check brickworks --format jsonl")
    finally:
        lens.write_text(truth)
    broken = {row["law"] for row in map(json.loads, done.stdout.splitlines()) if row["outcome"] == "failed"}
    assert (done.returncode, broken) == (1, {told})


@pytest.mark.slow
def test_the_draft_finds_every_field_of_the_tutorials_table(reader: Reader, served: str) -> None:
    done = reader.run(f"anyerp draft Supplier --schema {served}/openapi.json")
    assert "0 properties unused" in done.stderr
    table = next(block.text for block in BLOCKS if block.title and block.title.endswith("lens.py"))
    mapped = set(re.findall(r'Map\(\s*"(\w+)"', table))
    assert set(re.findall(r'Map\(\s*"(\w+)"', done.stdout)) == mapped
