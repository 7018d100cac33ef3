"""Vendors and customers: parties made and changed in one call, with their address, contact and tax number."""

from __future__ import annotations

from typing import Any, TypeVar

from anyerp.connector import Context, Flow, Resource
from anyerp.lens import Changes, Lens
from anyerp.model import Customer, Vendor

from anyerp_tryton.flow.lookup import Problems, References
from anyerp_tryton.flow.table import Table
from anyerp_tryton.flow.values import Flat, Part, by_code, flat, one_of, there
from anyerp_tryton.flow.write import guarded, made
from anyerp_tryton.lens.common import inner
from anyerp_tryton.lens.tax_number import kind_of
from anyerp_tryton.lens.vendor import ADDRESS, ALSO, CUSTOMER, MECHANISMS, VENDOR

P = TypeVar("P", Vendor, Customer)

_LIST = "addresses."
_TAX = "tax_identifier./code"
TABLE = Table(
    "party.party",
    ALSO,
    archives=True,
    stamps=(
        "last_modified_at",
        *(f"{part}.last_modified_at" for part in ("addresses", "contact_mechanisms", "identifiers")),
    ),
)


def resolve(ctx: Context, record: P) -> Flow[P]:
    """The party with the id of its payment terms, which may be given by name."""
    wanted = References()
    wanted.want("/payment_terms", "payment_terms", "account.invoice.payment_term", "name", record.payment_terms)
    found = yield from wanted.found(ctx)
    return record.model_copy(update={"payment_terms": found["/payment_terms"]}) if found else record


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The party whose code is the key; Tryton keeps codes unique."""
    return (yield from TABLE.find(ctx, ["code", "=", key.strip()]))


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Make a party with all that belongs to it in one call."""
    addresses = native.get(_LIST) or [{}]
    values = yield from _values(ctx, flat(native, (_LIST,)), flat(addresses[0]), {})
    return (yield from made(ctx, TABLE, values))


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """Write a party and what belongs to it in one call."""
    own = {path: value for path, value in changes.fields.items() if not path.startswith(_LIST)}
    values = yield from _values(ctx, own, changes.under(ADDRESS), native)
    if values:
        lists = {"addresses": "party.address", "contact_mechanisms": "party.contact_mechanism"}
        yield from guarded(ctx, TABLE, id, native, "write", values, lists=lists)


def _values(ctx: Context, own: Flat, address: Flat, native: dict[str, Any]) -> Flow[Flat]:
    party, place, problems = Part("", own), Part("/address", address), Problems()
    tax = _tax_number(own, address, native, problems)
    for side in ("supplier", "customer"):
        yield from by_code(ctx, [party], f"{side}_currency./code", "currency.currency", "currency", problems)
    for term in ("supplier_payment_term", "customer_payment_term"):
        yield from there(ctx, [party], term, "account.invoice.payment_term", "payment_terms", problems)
    yield from by_code(ctx, [place], "country./code", "country.country", "country", problems)
    yield from by_code(ctx, [place], "subdivision./code", "country.subdivision", "region", problems)
    problems.demand()
    if address:
        present = native.get(_LIST) or []
        own["addresses"] = [["write", [present[0]["id"]], address] if present else ["create", [address]]]
    if contact := [step for name in MECHANISMS if name in own for step in _mechanism(name, own.pop(name), native)]:
        own["contact_mechanisms"] = contact
    if tax is not None:
        own["identifiers"] = tax
    return own


def _tax_number(own: Flat, address: Flat, native: dict[str, Any], problems: Problems) -> list[list[Any]] | None:
    """The command for a tax number, whose kind goes by the party's country; None where none is given."""
    if _TAX not in own:
        return None
    number, present = own.pop(_TAX), native.get("tax_identifier")
    if number is None:
        return one_of(None, present, "code", {})
    before = (native.get(_LIST) or [{}])[0]
    country = address.get("country./code") if "country./code" in address else inner(before, "country.", "code")
    kind = kind_of(number, country)
    if kind is None:
        why = f"of which country is {number!r}? It begins with none that Tryton has a kind for; give address.country"
        problems.add("/tax_number", "tax_number", "identifiers.type", why)
    return one_of(number, present, "code", {"type": str(kind)})


def _mechanism(name: str, value: str | None, native: dict[str, Any]) -> list[list[Any]]:
    """`email`, `phone` and `website` are the first contact mechanism of their kind, and written there."""
    present = [row["id"] for row in native.get("contact_mechanisms.") or () if row.get("type") == name]
    return one_of(value, present[0] if present else None, "value", {"type": name})


def _party(lens: Lens[P]) -> Resource[P]:
    return Resource(
        lens=lens,
        rows="result",
        page=TABLE.page,
        get=TABLE.get,
        create=create,
        update=update,
        find=find,
        resolve=resolve,
        key_field="number",
        updated_since="native",
        because={
            "delete": "upstream: a party in use cannot be deleted; set its status to inactive",
            "cancel": "never: these are for documents",
            "close": "never: these are for documents",
        },
    )


VENDORS, CUSTOMERS = _party(VENDOR), _party(CUSTOMER)
