"""Business partners: number, names, stamps, addresses, roles; a supplier comes with a supplier role (sap sheet §12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row
from anyerp_sap.sandbox.rules import customer, supplier
from anyerp_sap.sandbox.rules.base import changed, text
from anyerp_sap.sandbox.world import Work

PARTNER, ADDRESS, ROLE = "A_BusinessPartner", "A_BusinessPartnerAddress", "A_BusinessPartnerRole"
LABEL = "Business partner"
#: Roles that make a partner a supplier: finance and purchasing (sheet §10).
SUPPLIER_ROLES = frozenset({"FLVN00", "FLVN01"})
CUSTOMER_ROLES = frozenset({"FLCU00", "FLCU01"})
_ROLES = SUPPLIER_ROLES | CUSTOMER_ROLES | {"000000"}
_FOREVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
#: The name that each category of partner (person, organisation, group) must have.
_NAMES = {"1": "LastName", "2": "OrganizationBPName1", "3": "OrganizationBPName1"}


class BusinessPartnerRules:
    """Partners with what hangs on them by their own number; addresses bring mail and phone."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Create a partner with everything nested in it, or a part of an existing partner."""
        if draft.entity.name == PARTNER:
            return _create(work, draft)
        owner = _owner(work, draft.entity, draft.values)
        if owner is None:
            return {}
        row = _create_part(work, owner, draft)
        _touch(work, owner)
        return row

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Change a partner or a part; the partner's stamp moves."""
        changes = changed(entity, row, changes)
        owner = row if entity.name == PARTNER else _owner(work, entity, row)
        if owner is None or not changes:
            return
        work.enter(PARTNER, text(owner["BusinessPartner"]), LABEL)
        row = work.change(entity.name, row, changes)
        if entity.name == PARTNER:
            row = work.change(PARTNER, row, names(row))
            _check(work, row)
            supplier.rename(work, row)
            customer.rename(work, row)
        _touch(work, work.store.find(PARTNER, owner["BusinessPartner"]) or owner)

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Remove a part."""
        owner = _owner(work, entity, row)
        work.store.remove(entity.name, entity.key_of(row))
        if owner is not None:
            _touch(work, owner)


def _owner(work: Work, entity: Entity, values: Row) -> Row | None:
    number = text(values.get("BusinessPartner"))
    if "BusinessPartner" not in entity.properties:  # mail and phone know their address only
        address = values.get("AddressID")
        found = next((a for a in work.store.rows(ADDRESS) if a.get("AddressID") == address), None)
        number = text((found or {}).get("BusinessPartner"))
    partner = work.store.find(PARTNER, number)
    if partner is None:
        work.problem("R1/112", LABEL, number)
    else:
        work.enter(PARTNER, number, LABEL)
    return partner


def names(row: Row) -> Row:
    """Give the computed names of a partner."""
    if row.get("BusinessPartnerCategory") == "1":
        full = f"{text(row.get('FirstName'))} {text(row.get('LastName'))}".strip()
    else:
        full = " ".join(text(row.get(f"OrganizationBPName{i}")) for i in (1, 2, 3, 4)).strip()
    return {"BusinessPartnerFullName": full[:81], "BusinessPartnerName": full[:81]}


def _check(work: Work, row: Row) -> None:
    category = text(row.get("BusinessPartnerCategory"))
    if category not in _NAMES:
        code = "R1/112" if category else "R1/111"
        work.problem(code, "BusinessPartnerCategory", category, target="BusinessPartnerCategory")
    elif not row.get(_NAMES[category]):
        work.problem("R1/111", _NAMES[category], target=_NAMES[category])


def _create(work: Work, draft: Draft) -> Row:
    now = work.world.now()
    number = text(draft.values.get("BusinessPartner")) or work.world.next_number(PARTNER)
    work.enter(PARTNER, number, LABEL)
    row: Row = {
        "BusinessPartnerGrouping": "BP02",
        "Language": work.language,
        "CorrespondenceLanguage": work.language,
        **draft.values,
        "BusinessPartner": number,
        "BusinessPartnerUUID": str(uuid5(NAMESPACE_URL, f"partner/{number}")),
        "CreatedByUser": work.user[:12].upper(),
        "CreationDate": now.date(),
        "CreationTime": timedelta(hours=now.hour, minutes=now.minute, seconds=now.second),
        "ETag": _tag(work),
    }
    row.update(names(row))
    _check(work, row)
    work.insert(PARTNER, row, LABEL)
    for navigation in draft.entity.navigations:
        if navigation not in ("to_Supplier", "to_Customer"):
            for child in draft.children.get(navigation, []):
                _create_part(work, row, child)
    for child in draft.children.get("to_Supplier", []):
        supplier.create_nested(work, row, child)
    for child in draft.children.get("to_Customer", []):
        customer.create_nested(work, row, child)
    return work.store.find(PARTNER, number) or row


def _create_part(work: Work, owner: Row, draft: Draft) -> Row:
    name = draft.entity.name
    row: Row = {**draft.values}
    if "BusinessPartner" in draft.entity.properties:
        row["BusinessPartner"] = owner["BusinessPartner"]
    if name == ADDRESS:
        row = _address(work, owner, row)
    if name == ROLE:
        if row.get("BusinessPartnerRole") not in _ROLES:
            work.problem("R1/112", "Role", row.get("BusinessPartnerRole"), target="BusinessPartnerRole")
        row = {"ValidFrom": work.world.now().replace(microsecond=0), "ValidTo": _FOREVER, **row}
    if "OrdinalNumber" in draft.entity.properties and row.get("OrdinalNumber", "0") == "0":
        row["OrdinalNumber"] = str(_same_address(work, name, row) + 1)
    for prop in draft.entity.keys:
        if prop.name != "Person" and draft.entity.get(row, prop.name) in ("", "0"):
            work.problem("R1/111", prop.name, target=prop.name)
    work.insert(name, row, name.removeprefix("A_"))
    for child in (c for children in draft.children.values() for c in children):
        _create_part(work, owner, Draft(child.entity, {**child.values, "AddressID": row["AddressID"]}))
    if name == ROLE and row.get("BusinessPartnerRole") in SUPPLIER_ROLES:
        supplier.make(work, work.store.find(PARTNER, owner["BusinessPartner"]) or owner)
    if name == ROLE and row.get("BusinessPartnerRole") in CUSTOMER_ROLES:
        customer.make(work, work.store.find(PARTNER, owner["BusinessPartner"]) or owner)
    return row


def _same_address(work: Work, name: str, row: Row) -> int:
    return sum(other.get("AddressID") == row.get("AddressID") for other in work.store.rows(name))


def _address(work: Work, owner: Row, row: Row) -> Row:
    if not row.get("Country"):
        work.problem("R1/111", "Country", target="Country")
    number = text(row.get("AddressID")) or work.world.next_number(ADDRESS)
    return {
        "Language": owner.get("Language", ""),
        "ValidityStartDate": work.world.now().replace(microsecond=0),
        "ValidityEndDate": _FOREVER,
        "AddressUUID": str(uuid5(NAMESPACE_URL, f"address/{number}")),
        "FullName": text(owner.get("BusinessPartnerFullName"))[:80],
        **row,
        "AddressID": number,
    }


def _touch(work: Work, partner: Row) -> None:
    """Move the partner's stamp: two fields, day and time of day, empty until the first change (sheet §11)."""
    now = work.world.now()
    partner = work.store.find(PARTNER, partner["BusinessPartner"]) or partner
    changes: Row = {
        "LastChangeDate": now.date(),
        "LastChangeTime": timedelta(hours=now.hour, minutes=now.minute, seconds=now.second),
        "LastChangedByUser": work.user[:12].upper(),
        "ETag": _tag(work),
    }
    work.change(PARTNER, partner, changes)


def _tag(work: Work) -> str:
    return f"{work.world.now():%Y%m%d%H%M%S}{int(work.world.next_number('ETag')):06}"
