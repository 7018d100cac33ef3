"""The plugin's README: its coverage table is the connector's own."""

from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_coverage_table_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    coverage = pytest.importorskip("anyerp.cli.coverage")
    coverage.coverage("tryton", format="markdown")
    written = README.partition("<!-- coverage -->\n")[2].partition("<!-- /coverage -->")[0]
    assert written == capsys.readouterr().out, "write it anew: anyerp coverage tryton --format markdown"
