"""Fixtures: an ERP that is served, the `anyerp.toml` of the pages, and a reader who follows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyerp.cli.sandbox import profile
from anyerp.connector.registry import registry
from anyerp.testing.sandbox import serve


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose `anyerp.toml` has the connection `demo` to a served S/4HANA."""
    box = registry().connector("sap-s4hana").sandbox()  # type: ignore[misc]
    with serve(box) as url:
        told = profile("demo", "sap-s4hana", box.settings(url), box.credentials)
        tmp_path.joinpath("anyerp.toml").write_text(told)
        monkeypatch.chdir(tmp_path)
        yield tmp_path
