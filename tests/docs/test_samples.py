"""Every sample of the pages: Python runs, in the page's order; TOML and JSON parse; commands are commands."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from anyerp.cli import main
from anyerp.cli.app import app
from anyerp.cli.sandbox import profile
from anyerp.connector.registry import registry

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^( *)```(\w*)([^\n]*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
PAGES = sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if "samples" not in page.parts)
#: Programs that a reader has from elsewhere.
OTHERS = {"pip", "python", "source", "cd", "curl", "pytest", "ruff", "mypy", "bare/bin/pip", "bare/bin/anyerp", "git"}
# Followed word for word by a test of its own, in a plugin of its own.
FOLLOWED = "tutorials/first-connector.md"


def blocks(page: str, kind: str) -> list[tuple[str, str]]:
    """The notes behind the language, and the text, of a page's blocks in a language."""
    text = DOCS.joinpath(page).read_text("utf-8")
    found = []
    for indent, language, notes, body in FENCE.findall(text):
        if language == kind:
            found.append((notes.strip(), "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))))
    return found


def having(kind: str) -> list[str]:
    return [page for page in PAGES if blocks(page, kind)]


def commands(page: str) -> list[str]:
    return [
        line.removeprefix("$ ").split("  #")[0].split(" && ")[0].split(" > ")[0].strip()
        for _, text in blocks(page, "console")
        for line in text.splitlines()
        if line.startswith("$ ")
    ]


@pytest.mark.parametrize("page", [page for page in having("python") if page != FOLLOWED])
def test_python_runs(page: str, demo: Path) -> None:
    known: dict[str, object] = {"__name__": "sample"}
    for number, (_, code) in enumerate(blocks(page, "python"), 1):
        exec(compile(code, f"{page}, sample {number}", "exec"), known)


@pytest.mark.parametrize("page", having("toml"))
def test_toml_parses(page: str) -> None:
    for _, text in blocks(page, "toml"):
        assert tomllib.loads(text)


@pytest.mark.parametrize("page", having("json"))
def test_json_parses(page: str) -> None:
    for _, text in blocks(page, "json"):
        json.loads(text)


@pytest.mark.parametrize("page", having("console"))
def test_commands_are_commands_with_the_options_that_they_have(page: str) -> None:
    for command in commands(page):
        program, *arguments = shlex.split(command)
        if program == "anyerp":
            app.parse_args(arguments, exit_on_error=False, print_error=False)
        else:
            assert program in OTHERS, f"{page}: {command}"


def test_a_wrong_option_would_be_noticed() -> None:
    with pytest.raises(Exception, match="formt"):
        app.parse_args(["list", "demo", "vendors", "--formt", "csv"], exit_on_error=False, print_error=False)


@pytest.mark.parametrize(
    "command",
    [it for it in commands("tutorials/first-connection.md") if it.startswith("anyerp ") and "sandbox" not in it],
)
def test_the_first_connection_works_as_it_says(command: str, demo: Path) -> None:
    assert main(shlex.split(command)[1:]) == 0


def test_the_first_connection_is_the_one_that_the_sandbox_prints() -> None:
    shown = next(text for _, text in blocks("tutorials/first-connection.md", "toml"))
    box = registry().connector("sap-s4hana").sandbox()  # type: ignore[misc]
    assert shown == profile("demo", "sap-s4hana", box.settings("http://127.0.0.1:8001"), box.credentials)


@pytest.mark.slow
def test_samples_are_formatted() -> None:
    known: dict[str, object] = {"__name__": "format_samples", "__file__": str(DOCS / "format_samples.py")}
    exec(DOCS.joinpath("format_samples.py").read_text("utf-8"), known)
    formatted, pages = known["formatted"], known["pages"]
    wrong = [page.name for page in pages() if formatted(page.read_text("utf-8")) != page.read_text("utf-8")]  # type: ignore[operator]
    assert wrong == [], "run: .venv/bin/python docs/format_samples.py"


@pytest.mark.slow
def test_the_page_on_postgresql_runs_on_postgresql(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("hub_postgres", DOCS.parent / "hub" / "tests" / "postgres.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.binaries()
    if found is None:
        pytest.skip("no PostgreSQL on this machine (Debian: postgresql)")
    cluster = module.Cluster(found)
    try:
        monkeypatch.setenv("HUB_URL", cluster.database("pages"))
        test_python_runs("how-to/run-the-hub-on-postgresql.md", demo)
    finally:
        cluster.remove()
    assert not demo.joinpath("anyerp.db").exists()
