"""Companies, locations, units and payment terms (dynamics sheet §2.1)."""

from __future__ import annotations

import re

from anyerp.lens import Codec, Derived, Lens, Map, Nest, Refused, absent, iso_instant, text
from anyerp.lens.domain import IntegerDomain
from anyerp.model import Company, Location, PaymentTerm, Unit

from anyerp_dynamics.bc.codec import guid, percent
from anyerp_dynamics.bc.lens.common import CLIENT, address, company, own, text_or_empty, unit

#: What the connector puts beside a company: the row of its set `companyInformation`.
INFORMATION = "companyInformation"

COMPANY = Lens(Company, (
    Map("id", "id", guid(), read_only=True),
    Map("number", "name", text(), read_only=True),
    Map("name", "displayName", text(), read_only=True),
    Map("created_at", "systemCreatedAt", iso_instant(), read_only=True),
    Map("updated_at", "systemModifiedAt", iso_instant(), read_only=True),
    Map("url", CLIENT, text(), read_only=True),
    Map("currency", f"{INFORMATION}/currencyCode", text(10), read_only=True),
    Map("country", f"{INFORMATION}/country", text(10), read_only=True),
    Map("city", f"{INFORMATION}/city", text(30), read_only=True),
    Map("tax_number", f"{INFORMATION}/taxRegistrationNumber", text(50), read_only=True),
    *absent("never: companies come without an etag", "version"),
))  # fmt: skip

LOCATION = Lens(Location, (
    *own(page=5703, caption="Code", path="code"),
    Map("name", "displayName", text_or_empty(100)),
    company(),
    Derived("kind", lambda _: "warehouse", native=(("code", text(10)),)),
    Nest("address", address("", postal="postalCode", name=None)),
    *absent("never: every location is a warehouse", "native_kind"),
    *absent("never: locations do not contain each other; bins are not in the API", "parent"),
    *absent("never: a location is there or deleted", "active"),
))  # fmt: skip

UNIT = Lens(Unit, (
    *own(page=209, caption="Code", path="code"),
    Map("name", "displayName", text_or_empty(50)),
    Map("symbol", "symbol", text_or_empty(10)),
    Map("code", "internationalStandardCode", unit()),
    *absent("never: units have no dimension", "dimension"),
    *absent("never: each item says how many of its base unit another one holds", "factor"),
    *absent("never: a unit is there or deleted", "active"),
))  # fmt: skip

_FORMULA = re.compile(r"<?([0-9]{1,5})([DW])>?")
_DAYS = {"D": 1, "W": 7}
_MOST = 36_500


def _days(formula: str) -> int | None:
    """A date formula as days, where it is nothing but days or weeks: `1M` has no fixed number of them."""
    found = _FORMULA.fullmatch(formula.strip())
    days = int(found[1]) * _DAYS[found[2]] if found else None
    return days if days is not None and days <= _MOST else None


def _formula(days: int) -> str:
    if not 0 <= days <= _MOST:
        raise Refused(f"0 to {_MOST} days")
    return f"{days}D"


DAYS = Codec(
    "bc_days", decode=_days, encode=_formula, memo=True, empty="", domain=IntegerDomain(0, _MOST),
    data={"codec": "bc_days"},
)  # fmt: skip

PAYMENT_TERM = Lens(PaymentTerm, (
    *own(page=4, caption="Code", path="code"),
    Map("name", "displayName", text_or_empty(100)),
    Map("net_days", "dueDateCalculation", DAYS),
    Map("discount_days", "discountDateCalculation", DAYS),
    Map("discount_percent", "discountPercent", percent()),
    Map("extra.due_date_formula", "dueDateCalculation", text(32), read_only=True),
    *absent("never: terms have a name and no longer text", "description"),
    *absent("never: terms are there or deleted", "active"),
))  # fmt: skip
