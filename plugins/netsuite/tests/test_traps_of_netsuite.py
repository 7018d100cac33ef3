"""The list of traps names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
FOLDERS = {"s": "sandbox", "c": "connector"}


def test_every_trap_of_the_list_has_its_test():
    named = re.findall(r"^\| (\w+) \|.*\| `(\w)/(\w+)\.py::(\w+)` \|$", (HERE / "TRAPS.md").read_text(), re.MULTILINE)
    assert {section for section, *_ in named} == {"1", "2a", "2b", "2c", "2d", "3", "4", "5", "6"}
    missing = [
        f"{file}: {test}"
        for _, folder, file, test in named
        if f"def test_{test}(" not in (HERE / FOLDERS[folder] / f"test_{file}.py").read_text(encoding="utf-8")
    ]
    assert missing == []
