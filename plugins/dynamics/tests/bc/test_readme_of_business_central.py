"""The README's part on Business Central: its samples work, its tables are those of the code."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from anyerp.connection.config import credentials_for, settings_for
from anyerp.lens.overlay import overlaid
from anyerp_dynamics.bc.connector import CONNECTOR
from anyerp_dynamics.bc.settings import Settings
from anyerp_dynamics.entra import Certificate, Secret

PART = (Path(__file__).parents[2] / "README.md").read_text().partition("\n# Business Central\n")[2]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PART, re.DOTALL)


@pytest.mark.parametrize(("block", "kind"), [*zip(blocks("toml"), (Secret, Certificate), strict=True)])
def test_each_way_to_authenticate_is_shown_as_it_is(block, kind):
    connection = tomllib.loads(block)["connections"]["erp"]
    assert connection["connector"] == CONNECTOR.name
    assert settings_for(CONNECTOR.settings, connection["settings"])
    assert isinstance(credentials_for(CONNECTOR.credentials, connection["secrets"]), kind)


def test_the_sample_creates_its_order(erp, capsys):
    (sample,) = blocks("python")
    exec(compile(sample, "README.md", "exec"), {"erp": erp})
    assert capsys.readouterr().out == "106014 102.50 draft\n"


def test_every_setting_is_explained_with_its_default():
    shown = dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", PART.partition("## Settings")[2], re.MULTILINE))
    assert {name for name in shown if name in Settings.model_fields} == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        expected = "required" if field.is_required() else f'`"{field.default}"`' if field.default else ""
        assert shown[name].strip() == expected


def test_every_resource_stands_in_the_table_of_sets():
    table = PART.partition("## What Business Central connects")[2].partition("```")[0]
    named = {name for row in re.findall(r"^\| (`\w+`[^|]*)\|", table, re.MULTILINE) for name in re.findall(r"\w+", row)}
    assert named == set(CONNECTOR.resources)


def test_the_coverage_table_is_current(capsys):
    coverage = pytest.importorskip("anyerp.cli.coverage")
    coverage.coverage("dynamics-bc", format="markdown")
    written = PART.partition("<!-- coverage of dynamics-bc -->\n")[2].partition("<!-- /coverage of dynamics-bc -->")[0]
    assert written == capsys.readouterr().out, "write it anew: anyerp coverage dynamics-bc --format markdown"


def test_the_reasons_of_purchase_orders_are_few_and_none_is_ours_to_do():
    coverage = [one for one in CONNECTOR.resources["purchase_orders"].lens.coverage if "extra" not in one.field]
    for lines, least in ((False, 0.85), (True, 0.9)):
        heads = {}
        for one in coverage:
            parts = one.field.removeprefix("lines.").split(".") if one.field.startswith("lines.") == lines else ()
            if parts:
                there = one.mode != "absent" or str(one.because).startswith("never:")
                heads[parts[0]] = heads.get(parts[0], False) or there
        assert sum(heads.values()) / len(heads) >= least
    assert not [one.field for one in coverage if str(one.because).startswith("todo:")]


def test_the_overlay_that_it_shows_is_one():
    shown = re.search(r"`(\{\"rule\": \"map\", \"field\": \"external_reference\".*?\})`", PART)
    assert shown is not None
    lens = overlaid(CONNECTOR.resources["purchase_orders"].lens, [json.loads(shown[1])])
    assert [one.paths for one in lens.coverage if one.field == "external_reference"] == [("yourReference",)]
