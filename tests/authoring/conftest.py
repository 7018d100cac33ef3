"""Fixtures: wheels of the core and of a generated plugin, and an environment in which its author would work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from uv import find_uv_bin

ROOT = Path(__file__).parents[2]


def uv(*arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [find_uv_bin(), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0 or not check, done.stderr
    return done


def wheel(source: Path, folder: Path) -> Path:
    """The wheel of a source tree, as a release would make it."""
    uv("build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder, source)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def install(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Installs a plugin's source tree beside the core, both from wheels, in an environment bare of us; its scripts."""
    core: list[Path] = []

    def install(source: Path) -> Path:
        if not core:
            core.append(wheel(ROOT / "core", tmp_path_factory.mktemp("core")))
        folder = tmp_path_factory.mktemp("bare") / "venv"
        uv("venv", "--quiet", "--python", sys.executable, folder)
        command: list[str | Path] = ["pip", "install", "--python", folder / "bin" / "python"]
        command += ["--constraints", "requirements/lock.txt", f"anyerp[cli,testing] @ {core[0].as_uri()}"]
        command.append(wheel(source, tmp_path_factory.mktemp("plugin")))
        if uv(*command, "--offline", check=False).returncode != 0:
            uv(*command)
        return folder / "bin"

    return install
