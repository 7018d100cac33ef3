"""Mutants that hide what changed, or tell it again and again."""

from __future__ import annotations

import itertools
from typing import Any

from acme_erp.connector import Table
from anyerp.connector import Context, Flow, PageAnswer, Query
from anyerp.lens import Derived

from acme_mutants.mutant import Mutant, orders, ruled

_reads = itertools.count()


class ForgetsSince(Table):
    """A stamp that does not move."""

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """Nothing, whenever one asks since a moment."""
        if query.updated_since is not None:
            return PageAnswer(b'{"data": []}')
        return (yield from super().page(ctx, query, state))


MUTANTS = (
    Mutant(
        "changes.told",
        "a list that gives everything, whatever it is asked since",
        orders(updated_since="native"),
        "records were listed as changed since next year",
    ),
    Mutant(
        "changes.told",
        "a stamp that does not move",
        orders(table=ForgetsSince("orders"), updated_since="native"),
        "a record was created, and told was 0 created",
    ),
    Mutant(
        "changes.told",
        "a version that is another at every reading",
        ruled(Derived("version", lambda: str(next(_reads)))),
        "nothing was done, and told was 0 created, 11 updated",
    ),
)
