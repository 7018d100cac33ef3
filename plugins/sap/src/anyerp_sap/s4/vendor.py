"""Vendors: a supplier cannot be created itself, so its business partner is, with its roles (sap sheet §12)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import ConfigError
from anyerp.kits.odata import v2
from anyerp.lens import Changes

from anyerp_sap.s4.lens.vendor import ADDRESS, ORGANIZATION, VENDOR
from anyerp_sap.s4.service import EntitySet, entity, etag_of
from anyerp_sap.s4.step import Step, add, in_turn

SERVICE = "API_BUSINESS_PARTNER"
_CONTACT_KEY = ("AddressID", "Person", "OrdinalNumber")
_ADDRESSES = "to_BusinessPartnerAddress"
PARTNERS = EntitySet(
    SERVICE,
    "A_BusinessPartner",
    ("BusinessPartner",),
    only="Supplier ne ''",
    also=(
        f"{_ADDRESSES}/results/*/AddressID",
        *(f"{_ADDRESSES}/results/*/to_{kind}/results/*/{key}" for kind in ("EmailAddress", "PhoneNumber")
          for key in _CONTACT_KEY),
    ),
)  # fmt: skip
ADDRESSES = EntitySet(SERVICE, "A_BusinessPartnerAddress", ("BusinessPartner", "AddressID"))
CONTACTS = {
    "to_EmailAddress": EntitySet(SERVICE, "A_AddressEmailAddress", _CONTACT_KEY),
    "to_PhoneNumber": EntitySet(SERVICE, "A_AddressPhoneNumber", _CONTACT_KEY),
}
ORGANIZATIONS = EntitySet(SERVICE, "A_SupplierPurchasingOrg", ("Supplier", "PurchasingOrganization"))

#: What makes a partner a supplier, for accounting and for purchasing (sap sheet §10).
ROLES = ("FLVN00", "FLVN01")
#: Made by the system from the other names.
_COMPUTED = "BusinessPartnerName"


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """The business partner that is this supplier; the two numbers may differ."""
    return (yield from PARTNERS.demand(ctx, f"Supplier eq {v2.literal(id)}", f"supplier {id}"))


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The supplier whose number in an external system is the caller's key; that field keeps capitals."""
    condition = f"BusinessPartnerIDByExtSystem eq {v2.literal(key.upper())} and {PARTNERS.only}"
    return (yield from PARTNERS.first(ctx, condition))


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """An organisation with both supplier roles, its address, contacts and purchasing data, all at once."""
    response = yield from PARTNERS.add(ctx, complete(ctx, native))
    return (yield from PARTNERS.one(ctx, BusinessPartner=str(entity(response)["BusinessPartner"])))


def complete(ctx: Context, native: dict[str, Any]) -> dict[str, Any]:
    """A new partner with its category, roles and what the settings say."""
    partner = {"BusinessPartnerCategory": "2", **copy.deepcopy(native)}
    partner.pop(_COMPUTED, None)
    if ctx.settings.partner_grouping is not None:
        partner["BusinessPartnerGrouping"] = ctx.settings.partner_grouping
    partner["to_BusinessPartnerRole"] = {"results": [{"BusinessPartnerRole": role} for role in ROLES]}
    organizations = ((partner.get("to_Supplier") or {}).get("to_SupplierPurchasingOrg") or {}).get("results") or []
    for organization in organizations:
        if "PurchasingOrganization" not in organization:
            organization["PurchasingOrganization"] = _organization(ctx)
    return partner


def _organization(ctx: Context) -> str:
    if ctx.settings.purchasing_organization is None:
        raise ConfigError(
            "currency, payment terms and incoterms of a vendor belong to a purchasing organization",
            hint="set settings.purchasing_organization, or extra.PurchasingOrganization of a new vendor",
        )
    return str(ctx.settings.purchasing_organization)


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """Partner, address, contacts and purchasing data, each by its own request."""
    yield from in_turn(ctx, "vendor", _steps(ctx, id, native, changes))


def _steps(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Iterator[Step]:
    partner = str(native["BusinessPartner"])
    own = {name: value for name, value in changes.own.items() if name != _COMPUTED}
    if not own and etag_of(native) is not None:
        # The parts have no etag of their own: repeating the key changes nothing, but is refused if somebody was faster.
        own = {"BusinessPartner": partner}
    if own:
        yield Step(PARTNERS, "PATCH", PARTNERS.at(BusinessPartner=partner), own, native)
    yield from _address_steps(ctx, partner, native, changes)
    purchasing = changes.under(ORGANIZATION)
    if purchasing:
        there = ((native.get("to_Supplier") or {}).get("to_SupplierPurchasingOrg") or {}).get("results") or []
        if there:
            path = ORGANIZATIONS.at(Supplier=id, PurchasingOrganization=str(there[0]["PurchasingOrganization"]))
            yield Step(ORGANIZATIONS, "PATCH", path, purchasing, there[0])
        else:
            yield add(ORGANIZATIONS, {"Supplier": id, "PurchasingOrganization": _organization(ctx), **purchasing})


def _address_steps(ctx: Context, partner: str, native: dict[str, Any], changes: Changes) -> Iterator[Step]:
    under = changes.under(ADDRESS)
    address = {name: value for name, value in under.items() if "/" not in name}
    contacts = {navigation: changes.under(f"{ADDRESS}/{navigation}/results/0") for navigation in CONTACTS}
    there = (native.get(_ADDRESSES) or {}).get("results") or []
    if not there:
        nested = {navigation: {"results": [values]} for navigation, values in contacts.items() if values}
        if address or nested:
            yield add(ADDRESSES, {"BusinessPartner": partner, **address, **nested})
        return
    number = str(there[0]["AddressID"])
    if address:
        path = ADDRESSES.at(BusinessPartner=partner, AddressID=number)
        yield Step(ADDRESSES, "PATCH", path, address, there[0])
    for navigation, values in contacts.items():
        if not values:
            continue
        known = (there[0].get(navigation) or {}).get("results") or []
        if known:
            path = CONTACTS[navigation].at(**{name: str(known[0][name]) for name in _CONTACT_KEY})
            yield Step(CONTACTS[navigation], "PATCH", path, values, known[0])
        else:
            yield add(CONTACTS[navigation], {"AddressID": number, **values})


VENDORS = Resource(
    lens=VENDOR,
    rows="d/results",
    page=PARTNERS.page,
    get=get,
    create=create,
    update=update,
    find=find,
    because=dict.fromkeys(("delete", "cancel", "close"), "never: master data is flagged, not deleted"),
)
