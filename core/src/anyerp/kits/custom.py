"""An ERP's own fields of each customer, gathered into `extra` where no rule maps them.

They are not known when a table is written, so no rule can name them. The flow that reads a record puts them together
under one native path, and one rule takes them from there:

    record = gathered(record, "custom", {name: value for name, value in record.items() if name.startswith("U_")})

    Map("extra", "custom", custom(), follows=True)

`follows` since they are read only: one that is to be written is mapped by a rule of its own, or by a tenant's overlay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.lens import Codec
from anyerp.wire import dump_json, load_json


def gathered(record: Mapping[str, Any], at: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """The record with some fields put together at a path; itself, where there are none.

    They are JSON text there, so that a page's typed decode takes them as one value, numbers with all their digits.
    """
    return {**record, at: dump_json(dict(own)).decode()} if own else dict(record)


def custom() -> Codec:
    """Such fields as plain values by name, numbers exact. Read only. Raises `ValueError` for text that is no object."""

    def decode(value: str) -> Mapping[str, Any] | None:
        found = load_json(value.encode())
        if not isinstance(found, dict):
            raise ValueError("not an object")  # noqa: TRY004 - a codec says ValueError for what it cannot read
        return found or None

    return Codec("custom", decode=decode)
