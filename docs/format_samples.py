"""Format the Python samples of the pages as ruff would: `python docs/format_samples.py` (the tests check it)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent
SAMPLE = re.compile(r"(?P<fence>^```python[^\n]*\n)(?P<code>.*?)(?P<end>^```$)", re.DOTALL | re.MULTILINE)


def formatted(text: str) -> str:
    """A page with its samples formatted."""
    return SAMPLE.sub(lambda found: found["fence"] + _ruff(found["code"]) + found["end"], text)


def pages() -> list[Path]:
    """Every page with samples of ours; generated ones and decisions are left alone."""
    return [page for page in sorted(DOCS.rglob("*.md")) if "```python" in page.read_text("utf-8")]


def _ruff(code: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    for page in pages():
        page.write_text(formatted(page.read_text("utf-8")), "utf-8")
