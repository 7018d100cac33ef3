"""The list of traps names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
SECTIONS = {*(f"1.{part}" for part in range(1, 12)), *(f"2.{part}" for part in range(1, 8))}


def test_every_trap_of_the_list_has_its_test():
    rows = r"^\| ([\d.]+) \|.*\| `([\w/]+)/(\w+)\.py::(\w+)` \|$"
    named = re.findall(rows, (HERE / "TRAPS.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {section for section, *_ in named} == SECTIONS
    missing = [
        f"{folder}/{file}: {test}"
        for _, folder, file, test in named
        if f"def test_{test}(" not in (HERE / folder / f"test_{file}.py").read_text(encoding="utf-8")
    ]
    assert missing == []
