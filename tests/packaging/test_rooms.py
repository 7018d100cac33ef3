"""Small rooms: no module over 400 lines, no connector's table over 200; each says in its first line what it is."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    path.relative_to(ROOT).as_posix(): path
    for folder in ("core/src", "hub/src", *(f"plugins/{one.name}/src" for one in (ROOT / "plugins").iterdir()))
    for path in (ROOT / folder).rglob("*.py")
}


def _all_modules() -> dict[str, Path]:
    """Every module of the repository, tests, documentation and benchmarks too, by its path."""
    found = {}
    for folder, inner, files in os.walk(ROOT):
        inner[:] = [name for name in inner if not name.startswith(".") and name not in ("dist", "build")]
        paths = (Path(folder, name) for name in files if name.endswith(".py"))
        found |= {path.relative_to(ROOT).as_posix(): path for path in paths}
    return found


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 300


def test_no_module_is_over_400_lines():
    every = _all_modules()
    assert set(MODULES) < set(every)
    assert {"docs/generate.py", "tests/packaging/test_rooms.py", "hub/tests/conftest.py"} < set(every)
    assert {name: _lines(path) for name, path in every.items() if _lines(path) > 400} == {}


def test_the_middle_module_is_under_100_lines():
    assert median(_lines(path) for path in MODULES.values()) < 100


def test_no_table_of_a_connector_is_over_200_lines():
    tables = {name: path for name, path in MODULES.items() if "/lens/" in name and name.startswith("plugins/")}
    assert len(tables) > 40
    assert {name: _lines(path) for name, path in tables.items() if _lines(path) > 200} == {}


@pytest.mark.parametrize("folder", ["core", "hub", "plugins"])
def test_a_module_says_in_its_first_line_what_it_is(folder):
    mute = [
        name
        for name, path in MODULES.items()
        if name.startswith(folder)
        and (text := path.read_text(encoding="utf-8"))
        and not text.startswith(('"""', 'r"""'))
    ]
    assert mute == []
