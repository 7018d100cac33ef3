"""`anyerp new`: what it makes is a whole plugin, green at birth, proven from its wheel in a bare environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from anyerp.authoring.new import plugin, write_plugin
from anyerp.cli import main
from anyerp.errors import ConfigError
from anyerp.model import RESOURCES


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


@pytest.fixture(scope="module")
def born(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "plugin"
    assert main(["new", "brick-works", str(folder), "--title", "Brick & Works"]) == 0
    return folder


@pytest.fixture(scope="module")
def scripts(born: Path, install: Callable[[Path], Path]) -> Path:
    return install(born)


@pytest.mark.parametrize("longest", [False, True])
def test_a_new_plugin_is_clean_for_ruff(born: Path, tmp_path: Path, longest: bool) -> None:
    if longest:
        born = tmp_path
        write_plugin(born, plugin("l" * 30, title="W" * 40, resource="purchase_orders"))
    for check in (["check", "."], ["format", "--check", "."]):
        done = run(born, sys.executable, "-m", "ruff", *check, "--no-cache")
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_new_plugin_keeps_the_contract_from_its_wheel_in_a_bare_environment(scripts: Path, tmp_path: Path) -> None:
    done = run(tmp_path, scripts / "anyerp", "check", "brick-works", "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [row for row in rows if row["outcome"] == "failed"]) == (0, []), done.stderr
    passed = {row["law"] for row in rows if row["outcome"] == "passed"}
    assert {"lens.round_trip", "paging.each_once", "auth.canary", "packaging.typed", "errors.quarantine"} <= passed


@pytest.mark.slow
def test_its_own_tests_are_the_laws(scripts: Path, born: Path) -> None:
    done = run(born, scripts / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "lens")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "7 passed" in done.stdout


@pytest.mark.slow
def test_its_readme_shows_commands_that_work(scripts: Path, tmp_path: Path) -> None:
    done = run(tmp_path, scripts / "anyerp", "coverage", "brick-works")
    assert done.returncode == 0, done.stderr
    assert "todo: not mapped yet" in done.stdout


@pytest.mark.slow
def test_a_new_plugin_is_typed_strictly_against_the_wheel_of_the_core(scripts: Path, born: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--no-incremental", "--python-executable", scripts / "python"]
    done = run(born, *command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_any_resource_may_be_the_first(resource: str, tmp_path: Path) -> None:
    made = plugin("acme", resource=resource)
    write_plugin(tmp_path, made)
    done = run(tmp_path, sys.executable, "-m", "ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout
    known: dict[str, object] = {}
    exec(made["src/anyerp_acme/lens.py"], known)
    modes = {one.field: one.mode for one in known[f"{lens_name(resource)}"].coverage}  # type: ignore[attr-defined]
    assert sorted(modes.values()) == ["absent"] * (len(modes) - 2) + ["read", "rw"]


def lens_name(resource: str) -> str:
    name = RESOURCES[resource].__name__
    return "".join(f"_{letter}" if letter.isupper() and at else letter for at, letter in enumerate(name)).upper()


@pytest.mark.parametrize("name", ["Acme", "acme_erp", "", "1acme", "anyerp-acme", "../acme", "acme--x", "a" * 31])
def test_a_name_that_cannot_be_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(ConfigError):
        plugin(name)


@pytest.mark.parametrize("title", ['say "hi"', "two\nlines", "back\\slash", "@name@", "", "x" * 41])
def test_a_title_that_would_break_the_source_is_refused(title: str) -> None:
    if title:
        with pytest.raises(ConfigError):
            plugin("acme", title=title)
    else:
        assert plugin("acme", title=title)["README.md"].count("Acme as a connector") == 1


def test_nothing_that_is_there_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.joinpath("mine.txt").write_text("precious")
    assert main(["new", "acme", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert "is there already" in capsys.readouterr().err


def test_a_resource_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigError, match="no resource 'orders'") as caught:
        plugin("acme", resource="orders")
    assert "purchase_orders" in str(caught.value)
