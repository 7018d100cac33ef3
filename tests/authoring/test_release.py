"""The release script's check: it names everything that is wrong with a distribution, and passes what is right."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from anyerp.authoring.new import plugin, write_plugin
from uv import find_uv_bin

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release_check", ROOT / "script" / "release_check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def built(tmp_path: Path, check: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of one plugin, and the folder with its sdist and wheel."""
    source, out = tmp_path / "plugin", tmp_path / "dist"
    write_plugin(source, plugin("acme"))
    manifest = source / "pyproject.toml"
    text = manifest.read_text().replace("# license =", 'license-files = ["LICENSE"]\nlicense =')
    manifest.write_text(text)
    source.joinpath("LICENSE").write_text((ROOT / "LICENSE").read_text())
    command = [find_uv_bin(), "build", "--quiet", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([*command, "--out-dir", str(out), str(source)], check=True, timeout=100)
    monkeypatch.setattr(check, "members", lambda: {"anyerp-acme": source})
    return out


def test_a_whole_distribution_passes(check: ModuleType, built: Path) -> None:
    assert list(check.problems(built)) == []


def test_a_missing_sdist_and_a_stranger_are_named(check: ModuleType, built: Path) -> None:
    next(built.glob("*.tar.gz")).unlink()
    wheel = next(built.glob("*.whl"))
    wheel.with_name("stranger-1.0-py3-none-any.whl").write_bytes(wheel.read_bytes())
    assert list(check.problems(built)) == ["anyerp-acme has no sdist", "stranger is built, and no member"]


def spoilt(metadata: bytes) -> bytes:
    found = metadata.replace(b"Version: 0.1.0", b"Version: 0.2.0").replace(b"License-Expression", b"X")
    return found.replace(b"Summary:", b"Requires-Dist: x @ https://host.example/x.whl\nSummary:")


def test_what_a_wheel_lacks_or_holds_too_much_is_named(check: ModuleType, built: Path) -> None:
    wheel = next(built.glob("*.whl"))
    with zipfile.ZipFile(wheel) as old:
        kept = {name: old.read(name) for name in old.namelist() if not name.endswith(("py.typed", "LICENSE"))}
    with zipfile.ZipFile(wheel, "w") as new:
        for name, content in kept.items():
            new.writestr(name, spoilt(content) if name.endswith("METADATA") else content)
        new.writestr("anyerp_acme/anyerp.toml", "secret")
    told = "\n".join(check.problems(built))
    for words in (
        "no License-Expression",
        "version 0.2.0",
        "no py.typed",
        "no LICENSE",
        "an index refuses",
        "anyerp.toml",
    ):
        assert words in told


def test_the_workspace_has_one_version(check: ModuleType) -> None:
    core = tomllib.loads((ROOT / "core" / "pyproject.toml").read_text())["project"]["version"]
    assert check.version() == core


def test_the_list_of_licences_names_everything_that_is_installed_with_us(check: ModuleType) -> None:
    rows = [line for line in check.licences().splitlines() if line.startswith("| ")]
    names = {row.split(" | ")[0].removeprefix("| ") for row in rows}
    assert {"anyerp", "pydantic", "httpx2", "pluggy", "rich", "hypothesis"} <= names
    assert {"ruff", "mypy"} & names == set()
    assert [row for row in rows if "NOT STATED" in row] == []
