"""The reference is complete and current: every hook, law, rule, codec, error, command and public name has its place."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_args

import anyerp
import anyerp.connection
import pytest
from anyerp import errors
from anyerp.cli.app import app
from anyerp.lens import rule
from anyerp.lens.codecs import BY_NAME
from anyerp.model import RESOURCES
from anyerp.plugin import Hooks
from anyerp.testing.contract import LAWS

DOCS = Path(__file__).parents[2] / "docs"
SOURCE = DOCS.parent / "core" / "src" / "anyerp"


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(DOCS)
    return import_module("generate")


@pytest.fixture
def hub_page(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(DOCS)
    return import_module("pages.hub")


def headings(page: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", DOCS.joinpath("reference", page).read_text("utf-8"), re.MULTILINE)


def sections(page: str) -> list[str]:
    return re.findall(r"^## (.+)$", DOCS.joinpath("reference", page).read_text("utf-8"), re.MULTILINE)


@pytest.mark.slow
def test_generated_pages_are_current(generator: ModuleType) -> None:
    made = generator.pages()
    old = [path for path, text in made.items() if DOCS.joinpath(path).read_text("utf-8") != text]
    assert old == [], "run: .venv/bin/python docs/generate.py"
    laws = {f"reference/laws/{page.name}" for page in DOCS.joinpath("reference", "laws").glob("*.md")}
    assert laws <= set(made), "a page of a law that is no more"


@pytest.mark.parametrize("law", list(LAWS))
def test_every_law_has_its_page_with_why_check_remedy_and_exemption(law: str) -> None:
    assert headings(f"laws/{law}.md") == [law, "Why", "What is checked", "If it fails", "Exemption"]
    text = DOCS.joinpath("reference", "laws", f"{law}.md").read_text("utf-8")
    assert all(part.strip() for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:])


def test_every_hook_has_its_heading_with_its_arguments() -> None:
    for name, hook in vars(Hooks).items():
        if name.startswith("anyerp_"):
            arguments = ", ".join(list(inspect.signature(hook).parameters)[1:])
            assert f"{name}({arguments})" in headings("hooks.md")


def test_the_page_of_hooks_opens_with_a_picture_of_every_one() -> None:
    picture = DOCS.joinpath("reference", "hooks.md").read_text("utf-8").split("```")[1]
    assert [name for name in vars(Hooks) if name.startswith("anyerp_") and name not in picture] == []


def test_every_rule_codec_error_command_and_resource_has_its_heading() -> None:
    assert {kind.__name__ for kind in get_args(rule.Rule)} <= set(headings("rules.md"))
    own = {name for name, make in BY_NAME.items() if make.__module__.startswith("anyerp.")}
    assert own <= set(headings("codecs.md"))
    every = {name for name, it in vars(errors).items() if isinstance(it, type) and issubclass(it, errors.AnyErpError)}
    assert every <= set(headings("errors.md"))
    commands = {f"anyerp {name}" for name in app if not name.startswith("-")}
    assert len(commands) > 12
    assert commands <= set(headings("command-line.md"))
    assert {model.__name__ for model in RESOURCES.values()} <= set(headings("model.md"))


def test_every_option_of_every_command_says_what_it_is() -> None:
    lines = DOCS.joinpath("reference", "command-line.md").read_text("utf-8").splitlines()
    assert [line for line in lines if re.fullmatch(r"\| `--[\w-]+` \|\s*\|", line)] == []


def test_every_public_name_of_a_host_and_every_kit_is_on_its_page() -> None:
    assert sections("python.md") == [*anyerp.connection.__all__, "anyerp.connection.consent"]
    modules = {path.relative_to(SOURCE).with_suffix("").as_posix() for path in (SOURCE / "kits").rglob("*.py")}
    expected = {name.removesuffix("/__init__") for name in modules} - {"kits"}
    assert {name.removeprefix("anyerp.").replace(".", "/") for name in sections("kits.md")} == expected


def test_every_public_name_of_an_author_is_on_its_page() -> None:
    types = {"Flow", "Step"}  # what they mean is said above the table
    assert set(anyerp.connector.__all__) - types <= set(sections("connector.md"))


@pytest.mark.parametrize("module", ["anyerp", "anyerp.connector", "anyerp.lens", "anyerp.model", "anyerp.connection"])
def test_every_public_name_says_what_it_is(module: str) -> None:
    found = import_module(module)
    silent = [
        name
        for name in found.__all__
        if (inspect.isclass(it := getattr(found, name)) or inspect.isfunction(it)) and not (it.__doc__ or "").strip()
    ]
    assert silent == []


def test_every_public_method_of_a_host_says_what_it_does() -> None:
    for kind in (anyerp.Connection, anyerp.AsyncConnection, anyerp.Collection, anyerp.AsyncCollection):
        for name, member in vars(kind).items():
            if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                assert (member.__doc__ or "").strip(), f"{kind.__name__}.{name}"


def test_every_decision_is_listed() -> None:
    listed = DOCS.joinpath("decisions", "index.md").read_text("utf-8")
    assert [page.name for page in DOCS.joinpath("decisions").glob("0*.md") if f"({page.name})" not in listed] == []


def test_the_page_of_the_model_names_every_field() -> None:
    text = DOCS.joinpath("reference", "model.md").read_text("utf-8")
    for model in RESOURCES.values():
        section = text.partition(f"\n## {model.__name__}\n")[2].partition("\n## ")[0]
        assert [name for name in model.model_fields if f"| `{name}` |" not in section] == []


@pytest.mark.slow
def test_every_call_of_the_hub_over_http_is_on_its_page(hub_page: ModuleType) -> None:
    text = DOCS.joinpath("reference", "http.md").read_text("utf-8")
    calls = hub_page.routes()
    assert ("/v1/{resource}", "GET") in calls
    assert len(calls) > 30
    assert [f"{method} {path}" for path, method in calls if f"| `{method} {path}` |" not in text] == []
    assert [path for path, (words, _) in ((call, told) for call, told in calls.items()) if not words] == []
