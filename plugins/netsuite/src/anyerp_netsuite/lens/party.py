"""Vendors and customers: two records of one make (netsuite sheet §3, §4)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, Rule, absent, choice, decimal, iso_instant, text
from anyerp.model import Customer, Vendor

from anyerp_netsuite.codec import key
from anyerp_netsuite.lens.common import STAMPS, address, ref
from anyerp_netsuite.suiteql import Table, address_columns

#: Where the default billing address is put by `anyerp_netsuite.flow.party`; the record has it in its address book.
ADDRESS = "address"

_STATUS = choice({False: "active", True: "inactive"}, also={"F": "active", "T": "inactive"}, native=object)

_PARTY: tuple[Rule, ...] = (
    *STAMPS,
    Map("created_at", "dateCreated", iso_instant(1_000_000), read_only=True),
    Map("number", "entityId", text(83), create_only=True),
    Map("name", "companyName", text(83)),
    Map("status", "isInactive", _STATUS),
    Map("email", "email", text(254)),
    Map("phone", "phone", text(22)),
    Map("website", "url", text(100)),
    address("address", ADDRESS),
    Map("currency", "currency/symbol", text(3), create_only=True),
    ref("payment_terms", "terms"),
    Map("external_reference", "externalId", text(255)),
    # Which company it belongs to first; needed to create one where there are several.
    Map("extra.subsidiary", "subsidiary/id", key(), create_only=True),
    *absent("never: it is in use or not, without a word for it", "native_status"),
    *absent("upstream: with SuiteTax tax registrations are a list of their own, by country", "tax_number"),
)

VENDOR = Lens(Vendor, (
    *_PARTY,
    Map("legal_name", "legalName", text(83)),
    Map("incoterms", "incoterm/refName", text(30)),
    Map("group", "category/refName", text(100)),
))  # fmt: skip

CUSTOMER = Lens(Customer, (
    *_PARTY,
    Map("credit_limit", "creditLimit", decimal(15, 2)),
    *absent("never: a customer has one name", "legal_name"),
    *absent("never: a customer has no Incoterm, its orders have", "incoterms"),
    *absent("upstream: categories of customers are not in this service's answer", "group"),
))  # fmt: skip


def _table(kind: str, link: str, *, subsidiary: str | None) -> Table:
    return Table(
        source=f"{kind} v",
        joins={
            "c": "LEFT JOIN currency c ON c.id = v.currency",
            "a": "LEFT JOIN entityaddress a ON a.nkey = v.defaultbillingaddress",
            "r": "LEFT JOIN vendorsubsidiaryrelationship r ON r.entity = v.id AND r.isprimarysub = 'T'",
        },
        id="v.id",
        alias="v",
        changed="v.lastmodifieddate",
        link=link,
        records=(kind,),
        columns={
            "currency/symbol": "c.symbol",
            "subsidiary/id": subsidiary,
            **address_columns(ADDRESS, "a"),
        },
    )


VENDORS = _table("vendor", "common/entity/vendor.nl", subsidiary="r.subsidiary")
CUSTOMERS = _table("customer", "common/entity/custjob.nl", subsidiary=None)
