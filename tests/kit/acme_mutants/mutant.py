"""A mutant: a name for what is wrong, the law that must notice, words of its message, and how to make it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from acme_erp.connector import CONNECTOR, ORDERS, Table
from acme_erp.lens import ORDER
from anyerp.connector import Connector
from anyerp.lens import Lens, Rule


@dataclass(frozen=True)
class Mutant:
    """One broken connector. `around` is something that must be in force while it is checked."""

    law: str
    name: str
    connector: Connector
    saying: str
    resource: str = "purchase_orders"
    entry: str | None = "acme_erp"
    around: Callable[[], AbstractContextManager[Any]] = nullcontext

    def __str__(self) -> str:
        return f"{self.law}: {self.name}"


def orders(lens: Lens[Any] = ORDER, table: Table = ORDERS, **more: Any) -> Connector:
    """Acme with other purchase orders."""
    resource = table.resource(lens, **{"find": table.find, **more})
    return replace(CONNECTOR, resources={**CONNECTOR.resources, "purchase_orders": resource})


def ruled(*rules: Rule) -> Connector:
    """Acme with other rules for some fields."""
    return orders(ORDER.extended(*rules))


def acme(**other: Any) -> Connector:
    """Acme with something else in its declaration; with other credentials, nobody's consent."""
    return replace(CONNECTOR, **{**({"consent": None} if "credentials" in other else {}), **other})
