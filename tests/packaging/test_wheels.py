"""The distributions as a release would make them: built, looked into, installed bare, used."""

import json
import os
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from uv import find_uv_bin

ROOT = Path(__file__).parents[2]
NAMES = ["anyerp", "anyerp_dynamics", "anyerp_hub", "anyerp_netsuite", "anyerp_sap", "anyerp_tryton"]
FOLDERS = {"anyerp": "core", "anyerp_hub": "hub"}
# Each installed plugin is found by its entry point and loaded; prints what else the environment holds.
SMOKE = """
import json
import os
from importlib.metadata import distributions, entry_points
plugins = sorted(entry.load().__name__ for entry in entry_points(group="anyerp.v1"))
print(json.dumps({"plugins": plugins, "installed": sorted(d.name for d in distributions())}))
"""


def uv(*arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [find_uv_bin(), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0 or not check, done.stderr
    return done


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every wheel of the workspace by its package's name, each built from its own sdist."""
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--quiet", "--all-packages", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder)
    return {path.name.split("-")[0]: path for path in folder.glob("*.whl")}


@pytest.fixture(scope="module")
def bare(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheels and what they require, and nothing of development.

    The requirements come from uv's cache, where setting up the workspace has put them, or else from the index.
    """
    folder = tmp_path_factory.mktemp("bare") / "venv"
    uv("venv", "--quiet", "--python", sys.executable, folder)
    python = folder / "bin" / "python"
    install = ["pip", "install", "--python", python, "--constraints", "requirements/lock.txt", *wheels.values()]
    if uv(*install, "--offline", check=False).returncode != 0:
        uv(*install)
    return python


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_every_package_of_the_workspace_has_a_wheel(wheels):
    assert sorted(wheels) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_wheel_says_what_it_is(wheels, name):
    about = metadata(wheels[name])
    assert about["Name"] == name.replace("_", "-")
    assert about["License-Expression"] == "Apache-2.0"
    assert about["License-File"] == "LICENSE"
    assert about["Summary"]
    supported = SpecifierSet(about["Requires-Python"])
    assert [version for version in ("3.10", "3.11", "3.14") if version in supported] == ["3.11", "3.14"]


def test_all_wheels_have_one_version_and_plugins_accept_the_core_of_that_version(wheels):
    about = {name: metadata(wheel) for name, wheel in wheels.items()}
    (version,) = {message["Version"] for message in about.values()}
    for name in NAMES[1:]:
        requirements = [Requirement(text) for text in about[name].get_all("Requires-Dist")]
        assert [version in wanted.specifier for wanted in requirements if wanted.name == "anyerp"] == [True]


@pytest.mark.parametrize("name", NAMES)
def test_a_wheel_holds_its_package_typed_and_no_tests(wheels, name):
    with zipfile.ZipFile(wheels[name]) as archive:
        names = [PurePosixPath(text) for text in archive.namelist()]
    assert {path.parts[0] for path in names if not path.parts[0].endswith(".dist-info")} == {name}
    assert PurePosixPath(name, "py.typed") in names
    assert any(path.name == "LICENSE" for path in names)
    assert [
        path for path in names if "tests" in path.parts or path.name == "conftest.py" or path.suffix == ".pyc"
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_wheel_has_every_module_of_its_source(wheels, name):
    source = ROOT / FOLDERS.get(name, f"plugins/{name.removeprefix('anyerp_')}") / "src"
    expected = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    with zipfile.ZipFile(wheels[name]) as archive:
        assert {text for text in archive.namelist() if text.endswith(".py")} == expected


def test_wheels_work_in_an_environment_of_their_own(bare):
    uv("pip", "check", "--python", bare)
    done = subprocess.run([bare, "-I", "-c", SMOKE], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["plugins"] == [name for name in NAMES if name not in FOLDERS]
    assert {"pytest", "hypothesis", "httpx", "ruff", "hatchling"}.isdisjoint(found["installed"])


@pytest.mark.slow
def test_a_host_that_installed_the_wheels_is_typed_end_to_end(bare):
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--no-incremental"]
    command += ["--python-executable", str(bare), "tests/packaging/host.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def checking(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment in which a connector's author would prove the wheels: with the kit, bare of us."""
    folder = tmp_path_factory.mktemp("checking") / "venv"
    uv("venv", "--quiet", "--python", sys.executable, folder)
    core = f"anyerp[cli,testing] @ {wheels['anyerp'].as_uri()}"
    plugins = [wheel for name, wheel in wheels.items() if name not in FOLDERS]
    install = ["pip", "install", "--python", folder / "bin" / "python", "--constraints", "requirements/lock.txt"]
    if uv(*install, core, *plugins, "--offline", check=False).returncode != 0:
        uv(*install, core, *plugins)
    return folder / "bin"


@pytest.mark.slow
@pytest.mark.timeout(700)
@pytest.mark.parametrize("connector", ["sap-s4hana", pytest.param("tryton", marks=pytest.mark.live)])
def test_the_wheels_pass_the_check_of_each_connector(checking, tmp_path, connector):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    # The prepared Tryton is the project's; everything else comes from the wheels.
    environment["ANYERP_CACHE"] = os.environ.get("ANYERP_CACHE", str(ROOT / ".cache"))
    command = [checking / "anyerp", "check", connector, "--format", "jsonl"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    wrong = [line for line in done.stdout.splitlines() if '"outcome": "passed"' not in line and "skipped" not in line]
    assert done.returncode == 0, done.stderr[-2000:] + "\n".join(wrong)
    outcomes = [json.loads(line)["outcome"] for line in done.stdout.splitlines()]
    assert outcomes.count("passed") > 50
    assert set(outcomes) <= {"passed", "skipped"}


#: Opens the sandbox of every connector that is there over a socket, and reads; a live server is only declared.
USE = """
import json
import sys
import anyerp
from anyerp.connector.registry import registry
from anyerp.errors import UnknownConnector
from anyerp.testing.sandbox import serve
found = {}
for name in sorted(registry().connectors):
    connector = registry().connector(name)
    box = connector.sandbox()
    if not hasattr(box, "handle"):
        found[name] = 1
        continue
    with serve(box) as base, anyerp.connect(name, settings=box.settings(base), credentials=box.credentials) as erp:
        found[name] = sum(1 for _ in erp.purchase_orders.list(fields=["number"]))
missing = []
for name in sys.argv[1:]:
    try:
        registry().connector(name)
    except UnknownConnector:
        missing.append(name)
print(json.dumps([found, missing]))
"""
CONNECTORS = {
    "anyerp_dynamics": ["dynamics-bc", "dynamics-fo"],
    "anyerp_netsuite": ["netsuite"],
    "anyerp_sap": ["sap-business-one", "sap-s4hana"],
    "anyerp_tryton": ["tryton"],
}


@pytest.mark.parametrize("name", CONNECTORS)
def test_a_plugin_works_alone_and_the_others_work_without_it(wheels, tmp_path, name):
    python = tmp_path / "venv" / "bin" / "python"
    uv("venv", "--quiet", "--python", sys.executable, tmp_path / "venv")
    install = ["pip", "install", "--quiet", "--python", python, "--constraints", "requirements/lock.txt"]

    def installed(*names: str) -> None:
        chosen = [wheels[one] for one in names]
        if uv(*install, *chosen, "--offline", check=False).returncode != 0:
            uv(*install, *chosen)

    def used() -> tuple[dict[str, int], list[str]]:
        command = [python, "-I", "-c", USE, *CONNECTORS[name]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
        assert done.returncode == 0, done.stderr
        found, missing = json.loads(done.stdout)
        assert all(found.values())
        return found, missing

    installed("anyerp", name)
    found, missing = used()
    assert (sorted(found), missing) == (CONNECTORS[name], [])
    others = [other for other in CONNECTORS if other != name]
    installed(*others)
    uv("pip", "uninstall", "--quiet", "--python", python, name.replace("_", "-"))
    found, missing = used()
    assert sorted(found) == sorted(connector for other in others for connector in CONNECTORS[other])
    assert missing == CONNECTORS[name]
