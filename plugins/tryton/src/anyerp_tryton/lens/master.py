"""Companies, locations, units, payment terms (wire §12)."""

from __future__ import annotations

from typing import Any

from anyerp.lens import Lens, Map, absent, choice
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
    Map("number", "code", char(), read_only=True),
    Map("name", "name", char(), read_only=True),
    Map("kind", "type", choice({"warehouse": "warehouse", "storage": "storage"}, otherwise="other"),
        native="native_kind", read_only=True),
    ref("parent", "parent", read_only=True),
    place("address", "address."),
    Map("active", "active", truth(), read_only=True),
    *absent("never: all companies share the locations", "company"),
))  # fmt: skip

UNIT = Lens(Unit, (
    *OWN,
    Map("number", "symbol", char(), read_only=True),
    Map("name", "name", char(), read_only=True),
    Map("symbol", "symbol", char(), read_only=True),
    Map("code", "symbol", unit(), read_only=True),
    Map("dimension", "category./name", char(), read_only=True),
    Map("factor", "factor", floating(), read_only=True),
    Map("active", "active", truth(), read_only=True),
))  # fmt: skip

_BEYOND_DAYS = ("months", "weeks", "day", "month", "weekday")
TERM_ALSO = {"lines.": ("lines.type", *(f"lines.relativedeltas.{part}" for part in ("days", *_BEYOND_DAYS)))}


def _net_days(lines: list[Any]) -> int | None:
    """Days until all is due, where the term says just that: one line, and days only."""
    if len(lines) != 1 or lines[0].get("type") != "remainder":
        return None
    deltas = lines[0].get("relativedeltas.") or []
    if any(delta.get(part) for delta in deltas for part in _BEYOND_DAYS):
        return None
    return sum(int(delta.get("days") or 0) for delta in deltas)


PAYMENT_TERM = Lens(PaymentTerm, (
    *OWN,
    Map("number", "name", char(), read_only=True),
    Map("name", "name", char(), read_only=True),
    Map("description", "description", paragraph(), read_only=True),
    Map("net_days", "lines.", listed("tryton_net_days", _net_days), read_only=True),
    Map("active", "active", truth(), read_only=True),
    *absent("never: a term has instalments, no discount for paying early", "discount_days", "discount_percent"),
))  # fmt: skip
