"""Companies, locations, units, payment terms (wire §12, §20)."""

from __future__ import annotations

from typing import Any

from anyerp.lens import Lens, Map, Refused, absent, choice
from anyerp.lens.domain import IntegerDomain
from anyerp.model import Company, Location, PaymentTerm, Unit

from anyerp_tryton.codec import char, floating, truth
from anyerp_tryton.lens.common import OWN, listed, place, ref, unit
from anyerp_tryton.lens.line import paragraph

COMPANY = Lens(Company, (
    *OWN,
    Map("number", "party./code", char(), read_only=True),
    Map("name", "party./name", char(), read_only=True),
    Map("currency", "currency./code", char(), read_only=True),
    Map("country", "party./addresses./0/country./code", char(), read_only=True),
    Map("city", "party./addresses./0/city", char(), read_only=True),
    Map("tax_number", "party./tax_identifier./code", char(), read_only=True),
))  # fmt: skip

LOCATION = Lens(Location, (
    *OWN,
    Map("number", "code", char()),
    Map("name", "name", char()),
    Map("kind", "type", choice({"warehouse": "warehouse", "storage": "storage"}, otherwise="other"),
        native="native_kind", create_only=True),
    ref("parent", "parent"),
    place("address", "address."),
    Map("active", "active", truth()),
    *absent("never: all companies share the locations", "company"),
))  # fmt: skip

_SYMBOL = 10

UNIT = Lens(Unit, (
    *OWN,
    Map("number", "symbol", char(_SYMBOL)),
    Map("name", "name", char()),
    Map("symbol", "symbol", char(), read_only=True),
    Map("code", "symbol", unit(), read_only=True),
    Map("dimension", "category./name", char(), create_only=True),
    Map("factor", "factor", floating(9), create_only=True),
    Map("active", "active", truth()),
))  # fmt: skip

_REMAINDER = "remainder"
_BEYOND_DAYS = ("months", "weeks", "day", "month", "weekday")
_DAYS = "relativedeltas."
TERM_ALSO = {
    "lines.": (
        "lines.type",
        "lines._timestamp",
        *(f"lines.relativedeltas.{part}" for part in ("days", *_BEYOND_DAYS)),
    )
}
_MOST_DAYS = 36_500


def _net_days(lines: list[Any]) -> int | None:
    """Days until all is due, where the term says just that: one line, and days only."""
    if len(lines) != 1 or lines[0].get("type") != _REMAINDER:
        return None
    deltas = lines[0].get(_DAYS) or []
    if any(delta.get(part) for delta in deltas for part in _BEYOND_DAYS):
        return None
    return sum(int(delta.get("days") or 0) for delta in deltas)


def _in_days(days: int) -> list[dict[str, Any]]:
    if not 0 <= days <= _MOST_DAYS:
        raise Refused(f"0 to {_MOST_DAYS} days")
    return [{"type": _REMAINDER, _DAYS: [{"days": days}]}]


PAYMENT_TERM = Lens(PaymentTerm, (
    *OWN,
    Map("number", "name", char(), read_only=True),
    Map("name", "name", char()),
    Map("description", "description", paragraph()),
    Map("net_days", "lines.", listed("tryton_net_days", _net_days, _in_days, domain=IntegerDomain(0, _MOST_DAYS))),
    Map("active", "active", truth()),
    *absent("never: a term has instalments, no discount for paying early", "discount_days", "discount_percent"),
))  # fmt: skip
