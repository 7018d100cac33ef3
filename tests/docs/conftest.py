"""Fixtures: an ERP that is served, the `anyerp.toml` of the pages, and a reader who follows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyerp.cli.sandbox import profile
from anyerp.testing.sandbox import serve
from anyerp_sap.sandbox import S4Sandbox


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose `anyerp.toml` has the connection `demo` to a served S/4HANA."""
    box = S4Sandbox()
    with serve(box) as url:
        settings = {**box.settings(url), "purchasing_organization": "1010"}
        tmp_path.joinpath("anyerp.toml").write_text(profile("demo", "sap-s4hana", settings, box.credentials))
        monkeypatch.chdir(tmp_path)
        yield tmp_path
