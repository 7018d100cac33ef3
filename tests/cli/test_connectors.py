"""`anyerp connectors`: what is installed, and what is wrong with it, plugin by plugin."""

import json
from pathlib import Path

import pytest

ANNOUNCE = """
from anyerp.plugin import ConnectorInfo, hookimpl

@hookimpl
def anyerp_connectors():
    yield ConnectorInfo("{name}", "A title", load="{load}")
"""
MISSPELT = """
from anyerp.plugin import hookimpl

@hookimpl
def anyerp_conectors():
    return []
"""


def plugin(folder: Path, name: str, code: str, *, group: str = "anyerp.v1") -> None:
    """A distribution as an installer leaves it: a module, its name and version, its entry point."""
    module = name.replace("-", "_")
    folder.joinpath(f"{module}.py").write_text(code)
    info = folder / f"{module}-2.5.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.5\n")
    info.joinpath("entry_points.txt").write_text(f"[{group}]\n{name} = {module}\n")


@pytest.fixture
def plugins(shell, tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    shell.env["PYTHONPATH"] = str(folder)
    return folder


def listed(shell):
    done = shell.process("connectors")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_connector_is_listed_with_its_plugin_and_version(shell):
    (sap,) = [row for row in listed(shell) if row.get("connector") == "sap-s4hana"]
    assert (sap["plugin"], sap["title"]) == ("anyerp-sap", "SAP S/4HANA")
    assert sap["version"]
    assert "purchase_orders" in sap["resources"]


@pytest.mark.parametrize(
    ("code", "group", "says"),
    [
        ("import no_such_library", "anyerp.v1", "does not load: ModuleNotFoundError"),
        (MISSPELT, "anyerp.v1", "implements anyerp_conectors, which is no hook"),
        ("raise SystemError('never imported')", "anyerp.v7", "was made for plugin API v7, this is v1"),
        (ANNOUNCE.format(name="sap-s4hana", load="x:Y"), "anyerp.v1", "sap-s4hana is offered by anyerp-sap as well"),
        (ANNOUNCE.format(name="zeta", load="no_module:Y"), "anyerp.v1", "connector 'zeta' of zz-plugin 2.5 does not"),
    ],
    ids=["broken import", "misspelt hook", "foreign major", "two with one name", "connector that does not load"],
)
def test_a_plugin_in_trouble_is_named_and_the_others_work(shell, plugins, code, group, says):
    plugin(plugins, "zz-plugin", code, group=group)
    rows = listed(shell)
    (trouble,) = [row for row in rows if row.get("trouble") and row["plugin"] == "zz-plugin"]
    assert trouble["trouble"].startswith(says)
    assert trouble["hint"]
    assert "sap-s4hana" in [row["connector"] for row in rows]


def test_a_person_sees_two_tables(shell, plugins):
    plugin(plugins, "zz-plugin", "import no_such_library")
    code, seen = shell.terminal("connectors", width=140)
    assert code == 0
    assert "sap-s4hana" in seen
    assert "Plugins in trouble" in seen
    assert "reinstall or remove zz-plugin" in seen


def test_a_working_plugin_from_elsewhere_is_listed(shell, plugins):
    plugin(plugins, "zz-plugin", ANNOUNCE.format(name="zeta", load="anyerp_sap.s4.connector:CONNECTOR"))
    (zeta,) = [row for row in listed(shell) if row.get("connector") == "zeta"]
    assert (zeta["plugin"], zeta["version"]) == ("zz-plugin", "2.5")
