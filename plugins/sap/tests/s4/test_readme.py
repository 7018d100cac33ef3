"""The README: its samples work, its settings are those of the code, its table is current."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from anyerp.connection.config import credentials_for, settings_for
from anyerp_sap.s4.connector import CONNECTOR
from anyerp_sap.s4.settings import ApiKey, Basic, OAuth, Settings

README = (Path(__file__).parents[2] / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("block", "kind"), [*zip(blocks("toml"), (Basic, OAuth, ApiKey), strict=True)])
def test_each_way_to_authenticate_is_shown_as_it_is(block, kind):
    connection = tomllib.loads(block)["connections"]["erp"]
    assert connection["connector"] == CONNECTOR.name
    assert settings_for(CONNECTOR.settings, connection["settings"])
    assert isinstance(credentials_for(CONNECTOR.credentials, connection["secrets"]), kind)


def test_the_sample_creates_its_order(erp, capsys):
    (sample,) = blocks("python")
    exec(compile(sample, "README.md", "exec"), {"erp": erp})
    assert capsys.readouterr().out == "4500000014 62.50 []\n"


def test_every_setting_is_explained_with_its_default():
    shown = dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", README.partition("## Settings")[2], re.MULTILINE))
    assert {name for name in shown if name in Settings.model_fields} == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        expected = "required" if field.is_required() else f"`{json.dumps(field.default)}`" if field.default else ""
        assert shown[name].strip() == expected


def test_the_coverage_table_is_current(capsys):
    coverage = pytest.importorskip("anyerp.cli.coverage")
    coverage.coverage("sap-s4hana", format="markdown")
    written = README.partition("<!-- coverage -->\n")[2]
    assert written == capsys.readouterr().out, "write it anew: anyerp coverage sap-s4hana --format markdown"
