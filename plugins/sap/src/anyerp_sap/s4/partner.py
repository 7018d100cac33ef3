"""Business partners as vendors and as customers: made with their roles, each part changed by itself (sap sheet §12)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.kits.odata import v2
from anyerp.lens import Changes

from anyerp_sap.s4.lens.partner import ADDRESS
from anyerp_sap.s4.service import EntitySet, etag_of, new_key
from anyerp_sap.s4.step import Step, add, in_turn

SERVICE = "API_BUSINESS_PARTNER"
_CONTACT_KEY = ("AddressID", "Person", "OrdinalNumber")
_ADDRESSES = "to_BusinessPartnerAddress"
ADDRESSES = EntitySet(SERVICE, "A_BusinessPartnerAddress", ("BusinessPartner", "AddressID"))
CONTACTS = {
    "to_EmailAddress": EntitySet(SERVICE, "A_AddressEmailAddress", _CONTACT_KEY),
    "to_PhoneNumber": EntitySet(SERVICE, "A_AddressPhoneNumber", _CONTACT_KEY),
}
#: Keys of the parts, which a change needs.
PARTS = (
    f"{_ADDRESSES}/results/*/AddressID",
    *(f"{_ADDRESSES}/results/*/{contact}/results/*/{key}" for contact in CONTACTS for key in _CONTACT_KEY),
)
#: Made by the system from the other names.
_COMPUTED = "BusinessPartnerName"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """What a business partner is to us: a supplier or a customer, which it becomes by its roles (sap sheet §10).

    `number` is the field with its number as such, `area` leads to its data for one of our organisations, which stand
    in the set `areas`; `organization(ctx, given)` completes the key of such data from what is given.
    """

    number: str
    roles: tuple[str, ...]
    area: str
    areas: EntitySet
    organization: Callable[[Context, Row], Row]

    @property
    def partners(self) -> EntitySet:
        """The business partners of this side."""
        return EntitySet(SERVICE, "A_BusinessPartner", ("BusinessPartner",), only=f"{self.number} ne ''", also=PARTS)

    def get(self, ctx: Context, id: str) -> Flow[Row]:
        """The business partner of this number; the two numbers may differ."""
        said = f"{self.number.lower()} {id}"
        return (yield from self.partners.demand(ctx, f"{self.number} eq {v2.literal(id)}", said))

    def find(self, ctx: Context, key: str) -> Flow[Row | None]:
        """The partner whose number in an external system is the caller's key; that field keeps capitals."""
        condition = f"BusinessPartnerIDByExtSystem eq {v2.literal(key.upper())} and {self.partners.only}"
        return (yield from self.partners.first(ctx, condition))

    def create(self, ctx: Context, native: Row) -> Flow[Row]:
        """An organisation with both roles, its address, contacts and the data of one organisation, all at once."""
        response = yield from self.partners.add(ctx, self.complete(ctx, native))
        (number,) = new_key(response, "BusinessPartner")
        return (yield from self.partners.one(ctx, BusinessPartner=number))

    def complete(self, ctx: Context, native: Row) -> Row:
        """A new partner with its category, roles and what the settings say."""
        partner = {"BusinessPartnerCategory": "2", **copy.deepcopy(native)}
        partner.pop(_COMPUTED, None)
        if ctx.settings.partner_grouping is not None:
            partner["BusinessPartnerGrouping"] = ctx.settings.partner_grouping
        partner["to_BusinessPartnerRole"] = {"results": [{"BusinessPartnerRole": role} for role in self.roles]}
        for area in self._areas(partner):
            area.update(self.organization(ctx, area))
        return partner

    def _areas(self, partner: Row) -> list[Row]:
        found: Any = partner
        for step in self.area.split("/"):
            found = (found or {}).get(step)
        return (found or {}).get("results") or []

    def update(self, ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
        """Partner, address, contacts and the data of one organisation, each by its own request."""
        yield from in_turn(ctx, self.number.lower(), self._steps(ctx, id, native, changes))

    def _steps(self, ctx: Context, id: str, native: Row, changes: Changes) -> Iterator[Step]:
        partner = str(native["BusinessPartner"])
        own = {name: value for name, value in changes.own.items() if name != _COMPUTED}
        if not own and etag_of(native) is not None:
            # The parts have no etag of their own: repeating the key changes nothing, but is refused if somebody was
            # faster.
            own = {"BusinessPartner": partner}
        if own:
            yield Step(self.partners, "PATCH", self.partners.at(BusinessPartner=partner), own, native)
        yield from _address_steps(partner, native, changes)
        data = changes.under(f"{self.area}/results/0")
        if data:
            there = self._areas(native)
            if there:
                key = {name: id if name == self.number else str(there[0][name]) for name in self.areas.key}
                yield Step(self.areas, "PATCH", self.areas.at(**key), data, there[0])
            else:
                yield add(self.areas, {self.number: id, **self.organization(ctx, {}), **data})


def _address_steps(partner: str, native: Row, changes: Changes) -> Iterator[Step]:
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
