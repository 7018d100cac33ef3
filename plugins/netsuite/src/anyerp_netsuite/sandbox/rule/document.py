"""What every document settles when saved: party, subsidiary, currency, lines, amounts, numbers."""

from __future__ import annotations

from decimal import Decimal

from anyerp_netsuite.sandbox.field import Ref, Values
from anyerp_netsuite.sandbox.merge import CHANGED
from anyerp_netsuite.sandbox.problem import user_error
from anyerp_netsuite.sandbox.rule.common import bad_value, missing, places, rounded, units_of
from anyerp_netsuite.sandbox.store import Record, Store

#: Internal, never shown: a line's account-wide key, and the subsidiaries a vendor also deals with.
UNIQUE = "_unique"
SUBSIDIARIES = "_subsidiaries"


def settle_header(store: Store, draft: Record, *, created: bool) -> None:
    """Defaults from the party, and what must be there. Raises `Problem`."""
    values = draft.values
    if "entity" not in values:
        raise missing("Customer" if draft.type.sql_type in ("SalesOrd", "CustInvc") else "Vendor")
    party = store.at(values["entity"])
    if created and party.values.get("isInactive"):
        raise bad_value(party.id, "entity", "entity")
    if "subsidiary" not in values:
        if store.one_world:
            raise missing("Subsidiary")
        values["subsidiary"] = party.values["subsidiary"]
    if values["subsidiary"] not in {party.values.get("subsidiary"), *party.values.get(SUBSIDIARIES, ())}:
        raise bad_value(values["subsidiary"].id, "subsidiary", "subsidiary")
    values.setdefault("currency", party.values["currency"])
    currency: Ref = values["currency"]
    allowed = {party.values["currency"], *(one["currency"] for one in party.values.get("currencyList", ()))}
    if currency not in allowed:
        raise bad_value(currency.id, "currency", "currency")
    values.setdefault("exchangeRate", rate_of(store, currency, values["subsidiary"]))
    values.setdefault("tranDate", store.today())
    if (terms := party.values.get("terms")) and created and draft.type.shape.find("terms"):
        values.setdefault("terms", terms)
    if "location" in values:
        check_location(store, values["location"], values["subsidiary"], "location")
    number(store, draft)


def number(store: Store, draft: Record) -> None:
    """Give the document its numbers, once."""
    kind, values = draft.type, draft.values
    if kind.prefix and "tranId" not in values:
        values["tranId"] = f"{kind.prefix}{store.new_number(kind.prefix)}"
    if kind.shape.find("transactionNumber") and "transactionNumber" not in values:
        name = kind.sql_type.upper()
        values["transactionNumber"] = f"{name}{store.new_number(name)}"


def rate_of(store: Store, currency: Ref, subsidiary: Ref) -> Decimal:
    """Units of the subsidiary's base currency for one of `currency` (netsuite sheet §4)."""
    base = store.at(subsidiary).values["currency"]
    ours = Decimal(store.at(currency).values.get("exchangeRate", 1))
    theirs = Decimal(store.at(base).values.get("exchangeRate", 1))
    return round(ours / theirs, 8).normalize()


def check_location(store: Store, location: Ref, subsidiary: Ref, path: str) -> None:
    """A location works for some subsidiaries only."""
    owners = store.at(location).values.get("subsidiary", [])
    if owners and subsidiary not in owners:
        raise bad_value(location.id, "location", path)


def settle_lines(store: Store, draft: Record, *, description: str) -> None:
    """Settle item and expense lines; `description` names the item field that lines take their text from."""
    values = draft.values
    decimals = places(store, values["currency"])
    lines = values.setdefault("item", [])
    expenses = values.setdefault("expense", []) if draft.type.shape.find("expense") else []
    if not lines and not expenses:
        raise user_error("You must enter at least one line item for this transaction.")
    for index, line in enumerate(lines):
        _item_line(store, draft, line, f"item.items[{index}]", description, decimals)
    for index, line in enumerate(expenses):
        if "account" not in line:
            raise missing("Account")
        line["amount"] = rounded(Decimal(line.get("amount", 0)), decimals)
        _place(store, draft, line, f"expense.items[{index}]")


def _item_line(store: Store, draft: Record, line: Values, path: str, description: str, decimals: int) -> None:
    if "item" not in line:
        raise missing("Item")
    item = store.at(line["item"])
    fresh = UNIQUE not in line
    if fresh and item.values.get("isInactive"):
        raise bad_value(item.id, "item", f"{path}.item")
    line.setdefault("quantity", Decimal(1))
    _units(store, item, line, path)
    changed = line.pop(CHANGED, set())
    if "amount" in changed and "amount" in line:  # overridden: it need not be quantity x rate (sheet §3)
        line["amount"] = rounded(Decimal(line["amount"]), decimals)
        if "rate" not in line and line["quantity"]:
            line["rate"] = round(line["amount"] / Decimal(line["quantity"]), 10).normalize()
    elif "amount" not in line or changed & {"quantity", "rate", "item", "amount"}:
        line.setdefault("rate", _price(draft, item))
        line["amount"] = rounded(Decimal(line["quantity"]) * Decimal(line["rate"]), decimals)
    if fresh and (text := item.values.get(description)):
        line.setdefault("description", text)
    _place(store, draft, line, path)


def _units(store: Store, item: Record, line: Values, path: str) -> None:
    units = units_of(store, item)
    default = item.values.get("purchaseUnit") or item.values.get("stockUnit")
    if "units" not in line and default:
        line["units"] = default
    if "units" in line and units and line["units"] not in units:
        raise bad_value(line["units"], "units", f"{path}.units")


def _price(draft: Record, item: Record) -> Decimal:
    """What the vendor asks, else the item's cost; both are per purchase unit."""
    for offer in item.values.get("itemVendor", ()):
        if offer["vendor"] == draft.values["entity"] and "purchasePrice" in offer:
            return Decimal(offer["purchasePrice"])
    return Decimal(item.values.get("cost", 0))


def _place(store: Store, draft: Record, line: Values, path: str) -> None:
    shape = draft.type.shape.find(path.partition(".")[0])
    assert shape is not None
    for name in ("location", "department", "class"):
        if UNIQUE not in line and name in draft.values and shape.nested.find(name):
            line.setdefault(name, draft.values[name])
    if "location" in line:
        check_location(store, line["location"], draft.values["subsidiary"], f"{path}.location")
    line.pop(CHANGED, None)
    line.setdefault(UNIQUE, store.new_unique_key())
