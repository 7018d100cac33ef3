"""What a document type knows about writing itself: create, change, delete; one object serves all sets of it."""

from __future__ import annotations

from typing import Protocol

from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row
from anyerp_sap.sandbox.world import Work


class Rules(Protocol):
    """Business checks and defaults of some sets. Failed checks are noted in the work; the caller settles it."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Insert an entity with what is nested in it; gives its row."""
        ...

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Change values of a row."""
        ...

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Delete a row, or mark it."""
        ...


def text(value: object) -> str:
    """Give a stored text; empty for what is none."""
    return value if isinstance(value, str) else ""


def changed(entity: Entity, row: Row, changes: Row) -> Row:
    """Keep the changes that change something."""
    return {name: value for name, value in changes.items() if entity.get(row, name) != value}


def refuse_fixed(work: Work, changes: Row, *names: str) -> None:
    """Note a problem for each changed property that can't change after creation."""
    for name in names:
        if name in changes:
            work.problem("06/035", name, target=name)
