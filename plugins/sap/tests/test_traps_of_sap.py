"""The list of traps names tests that there are."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
SECTIONS = {*map(str, range(14)), *(f"14.{item}" for item in range(1, 22))}


def test_every_trap_of_the_list_has_its_test_and_each_name_means_one():
    lines = [line for line in (HERE / "TRAPS.md").read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]
    rows = [re.fullmatch(r"\| ([\d.]+) \| \S.* \| `([\w/]+)` \|", line) for line in lines]
    assert all(rows)
    assert {row[1] for row in rows} == SECTIONS
    tests = Counter()
    for file in HERE.glob("*/**/test_*.py"):
        for name in re.findall(r"^(?:async )?def test_(\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE):
            tests.update((name, f"{file.relative_to(HERE).parts[0]}/{name}"))
    assert {row[2]: tests[row[2]] for row in rows if tests[row[2]] != 1} == {}
