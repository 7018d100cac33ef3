"""What every seed does: put records into the store through the same rules as a call would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from anyerp_netsuite.sandbox.field import Ref, Values
from anyerp_netsuite.sandbox.merge import merged
from anyerp_netsuite.sandbox.rule import save
from anyerp_netsuite.sandbox.schema import TYPES
from anyerp_netsuite.sandbox.store import Record, Store


def add(store: Store, kind: str, id: int, **values: Any) -> Record:
    """Save a record under a chosen id."""
    return save(store, merged(Record(TYPES[kind], str(id), {}), values))


def to(kind: str, id: int | str) -> Ref:
    """A reference."""
    return Ref(kind, str(id))


def address(addressee: str, addr1: str, city: str, zip: str, country: str, state: str = "", **more: str) -> Values:
    """An address subrecord; empty parts are left out."""
    parts = {
        "addressee": addressee,
        "addr1": addr1,
        "city": city,
        "state": state,
        "zip": zip,
        "country": country,
        **more,
    }
    return {name: value for name, value in parts.items() if value} | {"override": False}


@contextmanager
def at(store: Store, when: datetime) -> Iterator[None]:
    """Let the store's clock start at a moment and go on a minute with every look."""
    real, moment = store.now, when

    def now() -> datetime:
        nonlocal moment
        moment += timedelta(minutes=1)
        return moment

    store.now = now
    try:
        yield
    finally:
        store.now = real
