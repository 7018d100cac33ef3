"""A host application's code, for the type checker alone: what `mypy --strict` must accept and know."""

from __future__ import annotations

from typing import assert_type

from anyerp.errors import AnyErpError, Problem


def explain(error: AnyErpError) -> str:
    assert_type(error.hint, str | None)
    assert_type(error.problems, tuple[Problem, ...])
    return f"{error.connector}: {error.hint}"
