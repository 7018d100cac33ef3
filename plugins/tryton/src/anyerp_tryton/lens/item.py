"""Items: `product.product`, the variants, with what stands on their template (wire §12, §20)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from anyerp.lens import Codec, Join, Lens, Map, absent, choice
from anyerp.lens.domain import ChoiceDomain
from anyerp.model import Item

from anyerp_tryton.codec import Moment, char, exact, key, moment, truth
from anyerp_tryton.lens.common import NO_ADDRESS, unit
from anyerp_tryton.lens.gtin import IDENTIFIERS, gtin
from anyerp_tryton.lens.line import paragraph

#: What writing needs to know beside what is read: where a number and a price stand, and the ids of what is there.
ALSO = {
    "code": ("prefix_code", "suffix_code"),
    "template./_timestamp": ("template.products",),
    "list_price_used": ("list_price",),
    IDENTIFIERS: ("identifiers.type", "identifiers.code", "identifiers._timestamp"),
}


_ACTIVE = choice({True: "active", False: "inactive"}, native=object)


def _version(stamps: tuple[str | None, str | None]) -> str | None:
    return "~".join(filter(None, stamps)) or None


def _latest(moments: tuple[Moment | None, Moment | None]) -> dt.datetime | None:
    return max((moment().decode(one) for one in moments if one is not None), default=None)


def _status(flags: tuple[Any, Any]) -> str:
    """Archiving a template leaves its variants' own flag alone."""
    return "inactive" if any(flag is not None and not flag for flag in flags) else "active"


def _flags(status: str) -> tuple[bool, bool]:
    active = _ACTIVE.encode(status)
    return active, active


def _unit() -> Codec:
    """A unit; one of each dimension is what the kit tries, since the lines of orders carry the whole table."""
    return replace(unit(), domain=ChoiceDomain(("C62", "KGM", "LTR", "MTR", "HUR")))


ITEM = Lens(Item, (
    Map("id", "id", key(), read_only=True),
    # A variant and its template change apart from each other.
    Join("version", ("_timestamp", "template./_timestamp"),
         Codec("tryton_item_version", decode=_version, native=(str, str)), read_only=True),
    Map("created_at", "create_date", moment(), read_only=True),
    Join("updated_at", ("last_modified_at", "template./last_modified_at"),
         Codec("tryton_item_updated", decode=_latest, native=(Moment, Moment)), read_only=True),
    Map("number", "code", char()),
    Map("name", "name", char()),
    Map("description", "description", paragraph()),
    Map("kind", "type", choice({"goods": "goods", "service": "service"}, also={"assets": "goods"}, otherwise="other"),
        native="native_kind"),
    Join("status", ("active", "template./active"), Codec(
        "tryton_item_status", decode=_status, encode=_flags, native=(object, object), memo=True,
        domain=_ACTIVE.domain)),
    Map("unit", "default_uom./symbol", _unit(), native="native_unit"),
    Map("purchase_unit", "purchase_uom./symbol", _unit(), native="native_purchase_unit"),
    Map("gtin", IDENTIFIERS, gtin()),
    Map("group", "account_category./name", char()),
    Map("cost", "cost_price", exact()),
    Map("price", "list_price_used", exact()),
    Map("purchasable", "purchasable", truth()),
    *NO_ADDRESS,
    *absent("upstream: amounts are in the currency of the user's company", "currency"),
    *absent("upstream: a module of its own adds weights", "gross_weight", "net_weight", "weight_unit"),
    *absent("never: a product is active or not, in no words of Tryton's", "native_status"),
))  # fmt: skip
