"""Choosing rows: filter, count, order, skip and top over any iterable of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .dialect import STANDARD, Dialect
from .evaluate import Compiler, Follow, cannot_follow
from .option import Options
from .schema import EntityType, Row, Schema


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows in order with nothing skipped yet, and how many there are (what `$count=true` answers)."""

    rows: list[Row]

    @property
    def count(self) -> int:
        """How many rows the filter lets through, whatever `$top` and `$skip` say."""
        return len(self.rows)

    def window(self, skip: int, top: int | None, size: int) -> tuple[list[Row], bool]:
        """One page: at most `size` of the rows that `skip` and `top` leave, and whether the server cut it short."""
        wanted = self.rows[skip:] if top is None else self.rows[skip : skip + top]
        return wanted[:size], len(wanted) > size


def choose(
    rows: Iterable[Row],
    options: Options,
    entity_type: EntityType,
    schema: Schema,
    dialect: Dialect = STANDARD,
    follow: Follow = cannot_follow,
) -> Chosen:
    """Filter and order rows. Without `$orderby` they stay as they come. Raises `ODataError` for a bad expression."""
    compiler = Compiler(schema, entity_type, dialect, follow)
    found = list(rows if options.filter is None else filter(compiler.predicate(options.filter), rows))
    for expression, descending in reversed(options.orderby):
        found.sort(key=compiler.sort_key(expression), reverse=descending)
    return Chosen(found)
