"""Importing anyerp, or a plugin's entry module, loads neither Pydantic nor an HTTP library."""

import json
import subprocess
import sys
from importlib.metadata import entry_points
from importlib.util import find_spec

import pytest

HEAVY = {
    "pydantic",
    "pydantic_core",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "requests",
    "jsonschema",
    "hypothesis",
}
PLUGINS = {"anyerp_dynamics", "anyerp_netsuite", "anyerp_sap", "anyerp_tryton"}


def loaded_by(statement: str) -> set[str]:
    """Names of the top-level modules that a bare interpreter has after one statement."""
    script = (
        f"import json, sys\n{statement}\nprint(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout))


def test_the_plugins_of_the_workspace_are_the_ones_installed():
    assert {entry.value for entry in entry_points(group="anyerp.v1")} >= PLUGINS


@pytest.mark.parametrize("module", ["anyerp", *sorted(PLUGINS)])
def test_importing_an_entry_module_is_light(module):
    assert loaded_by(f"import {module}") & HEAVY == set()


def test_the_budget_notices_what_it_forbids():
    assert loaded_by("import pydantic, httpx2") & HEAVY >= {"pydantic", "httpx2"}


def test_a_synchronous_host_does_not_load_what_only_an_asynchronous_one_needs():
    connecting = (
        "import anyerp; erp = anyerp.connect('sap-s4hana', settings={'base_url': 'http://127.0.0.1:9'}, "
        "credentials={'username': 'u', 'password': 'p'}); erp.purchase_orders"
    )
    assert loaded_by(connecting) & {"asyncio", "jsonschema"} == set()


def test_each_module_of_the_kit_may_be_the_first_to_be_imported():
    # A child each, forked from an interpreter that has what they share, but nothing of anyerp.
    script = """
import importlib, os, pathlib, sys
import hypothesis.strategies, jsonschema, httpx2, msgspec, pluggy, pydantic, pytest
root = pathlib.Path(sys.argv[1])
for path in sorted(root.rglob("*.py")):
    name = ".".join(("anyerp", "testing", *path.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
    if path.name == "__main__.py":
        continue
    if (child := os.fork()) == 0:
        importlib.import_module(name)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        print(name)
"""
    spec = find_spec("anyerp.testing")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    command = [sys.executable, "-c", script, spec.submodule_search_locations[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr[-2000:]
