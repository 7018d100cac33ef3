"""A tenant's overlay held against the ERP's own metadata: a path that leads nowhere is told, and never just empty."""

from __future__ import annotations

from collections.abc import Callable

from anyerp.connector import Context
from anyerp.errors import ConfigError, Problem
from anyerp.lens.coverage import FieldCoverage


def hold(ctx: Context, has: Callable[[str], bool], where: str) -> None:
    """Raise `ConfigError` for what the overlay reads and this ERP does not have; for a flow that knows the metadata.

    `has(path)` says whether a native path is there, `where` names the ERP's own kind of record. The table itself is
    not asked about: of that, older releases may lack some.
    """
    if ctx.lens is None or not ctx.lens.beyond:
        return
    wrong = [path for path in ctx.fields() if path in ctx.lens.beyond and not has(path)]
    if not wrong:
        return
    said = [f"{_field(ctx.lens.coverage, path)} <-> {path}: this ERP's {where} has no such field" for path in wrong]
    raise ConfigError(
        said[0] if len(said) == 1 else f"{len(said)} fields of the overlay are nowhere in this ERP's {where}",
        problems=[Problem(one, code="unknown_field") for one in said],
        hint="mend the overlay, or add the field in the ERP and open it for its API",
    )


def _field(coverage: tuple[FieldCoverage, ...], path: str) -> str:
    """The unified field that is read from a path; lines name theirs from where they stand."""
    for one in coverage:
        if any(path == found or path.endswith(f"/{found}") for found in one.paths):
            return one.field
    return path
