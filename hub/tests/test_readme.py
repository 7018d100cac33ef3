"""The README's program does what it says."""

from __future__ import annotations

import re
from pathlib import Path

from anyerp_hub import hub as room
from sample import order

README = Path("hub/README.md").read_text("utf-8")


def test_the_program_of_the_readme_runs(tmp_path, sap, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    hubs = []
    monkeypatch.setattr(room.Hub, "close", lambda self, close=room.Hub.close: (hubs.append(self), close(self)))
    exec(compile(program, "README", "exec"), {**sap[1], "orders": [order()]})
    assert "4500000001" in capsys.readouterr().out
    assert len(hubs) == 1
