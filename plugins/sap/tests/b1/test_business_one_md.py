"""BUSINESS_ONE.md: its samples work, its settings are those of the code, its table is current."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from anyerp.connection.config import credentials_for, settings_for
from anyerp_sap.b1.connector import CONNECTOR
from anyerp_sap.b1.settings import Login, Settings

PART = (Path(__file__).parents[2] / "BUSINESS_ONE.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PART, re.DOTALL)


def test_the_connection_is_shown_as_it_is():
    (block,) = blocks("toml")
    connection = tomllib.loads(block)["connections"]["erp"]
    assert connection["connector"] == CONNECTOR.name
    assert settings_for(CONNECTOR.settings, connection["settings"])
    assert isinstance(credentials_for(CONNECTOR.credentials, connection["secrets"]), Login)


def test_the_sample_creates_its_order(erp, capsys):
    (sample,) = blocks("python")
    exec(compile(sample, "BUSINESS_ONE.md", "exec"), {"erp": erp})
    assert capsys.readouterr().out == "18 1975.0 open\n"


def test_every_setting_is_explained_with_its_default():
    shown = dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", PART, re.MULTILINE))
    assert set(Settings.model_fields) <= set(shown)
    for name, field in Settings.model_fields.items():
        default = json.dumps(field.default) if not field.is_required() else ""
        assert shown[name].strip() == (f"`{default}`" if default else "required")


def test_the_coverage_table_is_current(capsys):
    coverage = pytest.importorskip("anyerp.cli.coverage")
    coverage.coverage(CONNECTOR.name, format="markdown")
    written = PART.partition("<!-- coverage of sap-business-one -->\n")[2]
    assert written == capsys.readouterr().out, "write it anew: anyerp coverage sap-business-one --format markdown"
