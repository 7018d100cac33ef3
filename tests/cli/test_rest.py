"""`anyerp coverage`, `check --live`, `sandbox`, `schemas`, and the command line where its extra is missing."""

import json
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from anyerp.cli import main
from anyerp.connector.registry import registry
from anyerp.model import RESOURCES

ROOT = Path(__file__).parents[2]


def printed(capsys, *arguments):
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_a_card_tells_each_field_its_paths_and_its_reason(capsys):
    rows = {
        row["field"]: row
        for row in map(json.loads, printed(capsys, "coverage", "sap-s4hana", "purchase_orders").splitlines())
    }
    assert (rows["vendor"]["mode"], rows["vendor"]["paths"]) == ("create", ["Supplier"])
    assert rows["lines.quantity"]["mode"] == "rw"
    assert rows["total_excl_tax"]["because"] == "computed when reading"
    assert rows["bill_to"]["mode"] == "absent"
    assert rows["bill_to"]["because"].startswith("never: ")


def test_markdown_has_a_section_for_each_resource(capsys):
    text = printed(capsys, "coverage", "sap-s4hana", "--format", "markdown")
    assert "### vendors\n" in text
    assert "| `vendor` | create | `Supplier` |  |" in text
    assert "Not here: delete (never: an order is cancelled by its deletion code and does not vanish)." in text


def test_a_resource_that_a_connector_lacks_is_an_error_that_names_those_it_has(capsys):
    lacking = sorted(set(RESOURCES) - set(registry().connector("sap-s4hana").resources))
    if not lacking:
        pytest.skip("S/4HANA has every resource by now")
    assert main(["coverage", "sap-s4hana", lacking[0]]) == 1
    assert "purchase_orders" in capsys.readouterr().err


def test_an_unknown_connector_is_told_with_those_installed(capsys):
    assert main(["coverage", "sap-s5"]) == 2
    assert "sap-s4hana" in capsys.readouterr().err


def test_schemas_are_those_that_are_published(capsys, tmp_path):
    every = json.loads(printed(capsys, "schemas"))
    assert main(["schemas", "--out", str(tmp_path / "v1")]) == 0
    for name, schema in every.items():
        assert json.loads(tmp_path.joinpath("v1", f"{name}.json").read_text()) == schema
        assert json.loads(ROOT.joinpath("schemas", "v1", f"{name}.json").read_text()) == schema


def test_a_connection_is_checked_resource_by_resource(served):
    good = served.shell("check", "--live", "demo")
    assert good.returncode == 0
    assert {row["check"] for row in map(json.loads, good.stdout.splitlines())} >= {"vendors", "purchase_orders"}
    served.sandbox.revoke("API_PURCHASEORDER_PROCESS_SRV")
    bad = served.shell("check", "--live", "demo")
    assert bad.returncode == 1
    rows = {row["check"]: row["ok"] for row in map(json.loads, bad.stdout.splitlines())}
    assert (rows["vendors"], rows["purchase_orders"]) == (True, False)


def test_a_sandbox_prints_the_file_that_connects_to_it_serves_and_stops_at_ctrl_c(shell, interrupt):
    with shell.start("sandbox", "sap-s4hana") as process:
        told = ""
        assert process.stdout is not None
        while "password" not in told:
            line = process.stdout.readline()
            assert line, "the sandbox ended"
            told += line
        shell.folder.joinpath("anyerp.toml").write_text(told)
        assert tomllib.loads(told)["connections"]["demo"]["settings"]["purchasing_organization"] == "1010"
        assert len(shell("list", "demo", "purchase_orders").stdout.splitlines()) == 13
        code, _, err = interrupt(process)
    assert (code, err.strip()) == (0, "")


def test_a_sandbox_prints_json_if_asked_and_stops_when_it_is_terminated(shell, interrupt):
    with shell.start("sandbox", "sap-s4hana", "--format", "json") as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        assert facts["base_url"].startswith("http://127.0.0.1:")
        assert interrupt(process, signal.SIGTERM)[0] == 0


def test_a_port_that_is_taken_is_told(shell):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = shell("sandbox", "sap-s4hana", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "choose another --port" in done.stderr


@pytest.mark.parametrize("missing", ["cyclopts", "rich"])
def test_without_the_extra_one_line_tells_what_to_install(missing):
    script = f"import sys; sys.modules[{missing!r}] = None; from anyerp.cli import main; sys.exit(main([]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == "anyerp: the command line is not installed; run: pip install 'anyerp[cli]'\n"


def test_a_bug_is_told_by_its_place_and_never_by_its_values(capsys, monkeypatch):
    def broken(*_):
        raise KeyError("s3cret")

    monkeypatch.setattr("anyerp.cli.coverage.registry", broken)
    assert main(["coverage", "sap-s4hana"]) == 70
    err = capsys.readouterr().err
    assert "KeyError at test_rest.py:" in err
    assert "s3cret" not in err
