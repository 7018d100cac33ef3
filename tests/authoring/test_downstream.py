"""The downstream job: the frozen plugin's wheel on a candidate core's wheel; a planted break rings the alarm."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The script sets up the work tree, which only a checkout has.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".venv" / "bin" / "uv").exists(), reason="the work tree's own .venv is not here"),
]


def downstream(core: Path) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "script" / "downstream"), "--core", str(core)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(ROOT / "core", folder / "core", ignore=shutil.ignore_patterns("__pycache__", "dist")))


def test_the_core_as_it_is_carries_the_plugin_of_1_0() -> None:
    done = downstream(ROOT / "core")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^ok       frozen: frozen, quick: \d+ passed, 0 failed", done.stderr, re.MULTILINE)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("connector/__init__.py", "by_status", "by_answer"),
        ("connector/flow.py", "assert isinstance(response, Response)\n    return response", "return response.content"),
    ],
    ids=["a name is taken away", "a helper gives something else"],
)
def test_a_planted_break_is_noticed(tmp_path: Path, file: str, old: str, new: str) -> None:
    core = copied(tmp_path)
    broken = core / "src" / "anyerp" / file
    text = broken.read_text()
    assert old in text
    broken.write_text(text.replace(old, new))
    done = downstream(core)
    assert (done.returncode, "BROKEN" in done.stderr) == (1, True), done.stderr
