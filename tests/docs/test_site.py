"""The site builds without a warning and without a network; every page can be reached."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Whoever opens a socket to anything fails.
DEAF = """
import socket, sys
def refuse(*_): raise OSError("the documentation builds without a network")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from mkdocs.__main__ import cli
cli()
"""


def build(config: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", DEAF, "build", "--strict", "--config-file", str(config), "--site-dir", str(folder)]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "true", "PYTHONWARNINGS": "default"}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=110, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="the dependency group `docs` is not installed")
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT / "mkdocs.yml", folder)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


@pytest.mark.slow
def test_every_page_is_built_and_no_other_file_is_published(site: Path) -> None:
    pages = [page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md") if "samples" not in page.parts]
    for page in pages:
        built = site / (page.parent if page.stem == "index" else page.with_suffix("")) / "index.html"
        assert built.exists(), page
    assert list(site.rglob("*.py")) == []


@pytest.mark.slow
def test_nothing_is_fetched_from_elsewhere_by_a_reader(site: Path) -> None:
    wanted = re.compile(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(https?://[^"' >]+)""")
    foreign = {url for page in site.rglob("*.html") for url in wanted.findall(page.read_text("utf-8"))}
    assert foreign == set()


@pytest.mark.slow
def test_a_broken_link_stops_the_build(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the dependency group `docs` is not installed")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    config = (ROOT / "mkdocs.yml").read_text("utf-8").replace("core/src", str(ROOT / "core" / "src"))
    tmp_path.joinpath("mkdocs.yml").write_text(config)
    with tmp_path.joinpath("docs", "index.md").open("a") as page:
        page.write("\n[nowhere](how-to/nowhere.md)\n")
    done = build(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert done.returncode != 0
    assert "nowhere.md" in done.stderr
