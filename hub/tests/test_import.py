"""Importing the hub is light: no engine, no driver, no web framework, no migration tool."""

from __future__ import annotations

import subprocess
import sys

FORBIDDEN = (
    "alembic", "fastapi", "starlette", "uvicorn", "jinja2",
    "psycopg", "psycopg_pool", "procrastinate", "dbos", "playwright",
)  # fmt: skip


def test_the_hub_loads_nothing_that_it_does_not_need_yet():
    code = f"import sys, anyerp_hub; print([name for name in {FORBIDDEN!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_core_loads_neither_the_hub_nor_an_engine():
    names = (*FORBIDDEN, "anyerp_hub", "sqlalchemy")
    code = f"import sys, anyerp, anyerp.connection; print([name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
