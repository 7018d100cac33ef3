"""Codecs and rules of what refers to an order's line, and of the two references that share one field."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from anyerp.lens import Codec, Map, Refused, Rule
from anyerp.lens.domain import TextDomain
from anyerp.model import Ref

from anyerp_tryton.codec import char, key, number
from anyerp_tryton.lens.common import ref

_LINE = "purchase.line,"
#: What encloses a host's key behind the vendor's reference: `DN-17 ⟦req-42⟧`.
OPEN, SHUT = "⟦", "⟧"


def _origin() -> Codec:
    """The id of the order's line where a record comes from one: `purchase.line,96` is 96."""
    plain = key()

    def encode(value: str) -> str:
        assert plain.encode is not None
        return f"{_LINE}{plain.encode(value)}"

    return Codec(
        "tryton_order_line",
        decode=lambda value: value.removeprefix(_LINE) if value.startswith(_LINE) else None,
        encode=encode,
        domain=TextDomain(18, digits=True),
        data={"codec": "tryton_order_line"},
    )


def order_line(*, create_only: bool = False) -> tuple[Rule, ...]:
    """The order and its line that a line comes from. Tryton keeps one `origin`; the flow makes three fields of it."""
    return (
        ref("purchase_order", "_purchase", number="number", name="rec_name", create_only=create_only),
        Map("purchase_order_line", "_sequence", number(), create_only=create_only),
        Map("purchase_order_line_id", "origin", _origin(), create_only=create_only),
    )


def same_order(lines: Iterable[dict[str, Any]] | None) -> Any:
    """The order that all lines belong to, None where they differ or have none."""
    orders = [_named(line.get("purchase_order")) for line in lines or ()]
    return orders[0] if orders and all(order == orders[0] for order in orders) else None


def _named(order: Any) -> Ref | None:
    """Id and number of a reference, which is plain values or a `Ref`."""
    found: dict[str, Any] = (
        order if isinstance(order, dict) else {"id": order.id, "number": order.number} if order else {}
    )
    return Ref(id=found["id"], number=found.get("number")) if found.get("id") else None


def unmarked() -> Codec:
    """One line of text that holds neither of the signs around a key."""
    found = char(2000)

    def encode(value: str) -> str:
        if OPEN in value or SHUT in value:
            raise Refused(f"{OPEN} and {SHUT} enclose a host's key in Tryton's reference")
        assert found.encode is not None
        return str(found.encode(value))

    return dataclasses.replace(found, encode=encode, name="tryton_unmarked", data={"codec": "tryton_unmarked"})


def joined(reference: str | None, key: str | None) -> str | None:
    """Vendor's reference and host's key as Tryton's one `reference`."""
    return " ".join(part for part in (reference, f"{OPEN}{key}{SHUT}" if key else None) if part) or None


def parted(value: str | None) -> tuple[str | None, str | None]:
    """The vendor's reference and the host's key, each None where there is none."""
    head, found, tail = (value or "").rpartition(OPEN)
    if found and tail.endswith(SHUT):
        return head.strip() or None, tail.removesuffix(SHUT) or None
    return value or None, None
