"""Masters: vendors, customers, items and the small lists; numbers, renames, and what must not be deleted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ...odata import Row
from ..document import DOCUMENTS
from ..posting import adjust_inventory
from ..problem import dialog, exists, unrelated, validation
from ..schema import SCHEMA, ZERO, page
from ..store import Company
from .draft import CURRENCY, METHOD, SHIPMENT, TERMS, Draft, Rules, Trigger, reference
from .relation import country, person

#: Where a renamed number or code stands as text: (set, field). Renaming rewrites them all (dynamics sheet §2.4).
_COPIES: dict[str, tuple[tuple[str, str], ...]] = {
    "vendors": tuple(
        (name, field)
        for name in ("purchaseOrders", "purchaseInvoices", "purchaseReceipts")
        for field in ("vendorNumber", "payToVendorNumber")
    ),
    "customers": (("salesOrders", "customerNumber"), ("salesOrders", "billToCustomerNumber")),
    "items": (
        ("purchaseOrderLines", "lineObjectNumber"),
        ("purchaseInvoiceLines", "lineObjectNumber"),
        ("salesOrderLines", "lineObjectNumber"),
        ("purchaseReceiptLines", "lineObjectNumber"),
        ("itemLedgerEntries", "itemNumber"),
        ("itemVariants", "itemNumber"),
    ),
    "unitsOfMeasure": (
        ("items", "baseUnitOfMeasureCode"),
        ("purchaseOrderLines", "unitOfMeasureCode"),
        ("salesOrderLines", "unitOfMeasureCode"),
    ),
    "itemCategories": (("items", "itemCategoryCode"),),
}
#: Lines of these types carry a number of that set.
_LINE_TYPES = {"items": "Item"}


def _rename(draft: Draft, key: str) -> None:
    name, before = draft.set.name, draft.before
    if before is None or before[key] == draft.row[key]:
        return
    for other, field in _COPIES.get(name, ()):
        for row in draft.company.matching(other, **{field: before[key]}):
            if "lineType" in row and name in _LINE_TYPES and row["lineType"] != _LINE_TYPES[name]:
                continue
            draft.company.put(other, {**row, field: draft.row[key]})


def _unique(draft: Draft, key: str) -> None:
    value = draft.row[key]
    other = draft.company.find(draft.set.name, **{key: value})
    if other is not None and other["id"] != draft.row["id"]:
        raise exists(page(draft.set).table, "No." if key == "number" else "Code", value)


def _numbered(series: str, *, name_needed: bool = False) -> dict[str, Any]:
    def check(draft: Draft) -> None:
        if name_needed and not draft.row["displayName"]:
            given = "displayName" in draft.given
            raise dialog('The blank "displayName" is not allowed.' if given else 'A "displayName" must be provided.')
        if not draft.row["number"]:
            draft.fill(number=draft.company.number(series))
        _unique(draft, "number")

    return {"check": check, "stored": lambda draft: _rename(draft, "number")}


def coded(name: str, triggers: Mapping[str, Trigger] | None = None) -> Rules:
    """The rules of a list whose entries are told apart by a code."""

    def check(draft: Draft) -> None:
        if not draft.row["code"]:
            table = page(SCHEMA.sets[name]).table
            raise validation(f"Code must have a value in {table}: Code=. It cannot be zero or empty.")
        _unique(draft, "code")

    return Rules(triggers or {}, check=check, stored=lambda draft: _rename(draft, "code"))


def _no_documents(party: str) -> Any:
    def delete(company: Company, row: Row) -> None:
        for document in DOCUMENTS.values():
            held = document.party == party and company.find(document.set, **{f"{party}Id": row["id"]})
            if held:
                who, kind = party.capitalize(), page(SCHEMA.sets[document.set]).caption
                raise dialog(
                    f"You cannot delete {who} {row['number']} because there is at least one outstanding {kind} "
                    f"for this {party}."
                )

    return delete


def _no_lines(company: Company, row: Row) -> None:
    for document in DOCUMENTS.values():
        if company.find(document.lines, itemId=row["id"]):
            kind = page(SCHEMA.sets[document.set]).caption
            raise dialog(
                f"You cannot delete Item {row['number']} because there is at least one outstanding {kind} "
                "that includes this item."
            )


def _start_party(draft: Draft) -> None:
    draft.fill(currencyCode=draft.company.currency)


def _inventory(draft: Draft, value: Any) -> None:
    """Stock cannot be given with a new item; given later, the difference is posted (dynamics sheet §2.4)."""
    if draft.new:
        raise dialog("Inventory cannot be changed during on insert.")
    if value != draft.row["inventory"]:
        draft.fill(inventory=adjust_inventory(draft.company, draft.row, value - draft.row["inventory"]))


def _base_unit(draft: Draft) -> None:
    units = dict(draft.row.get("$units", {}))
    code = draft.row["baseUnitOfMeasureCode"]
    units.setdefault(code, Decimal(1))
    draft.row["$units"] = units


_BASE = reference(
    "unitsOfMeasure",
    "baseUnitOfMeasureId",
    "baseUnitOfMeasureCode",
    "Unit of Measure",
    "The unit of measure values do not match to a specific Unit of Measure.",
)
_CATEGORY = reference(
    "itemCategories",
    "itemCategoryId",
    "itemCategoryCode",
    "Item Category",
    "The item categories values do not match to a specific item category.",
)
_TAX = reference(
    "taxGroups",
    "taxGroupId",
    "taxGroupCode",
    "Tax Group",
    "The tax group values do not match to a specific Tax Group.",
)


def _item_check(draft: Draft) -> None:
    _numbered("ITEM")["check"](draft)
    _base_unit(draft)


def _no_such(table: str) -> Trigger:
    """Posting groups are not served, so that nothing but their absence can be set."""

    def trigger(draft: Draft, value: Any) -> None:
        if value not in ("", ZERO):
            raise unrelated(table, page(draft.set).table, value, table)

    return trigger


_GROUPS: dict[str, Trigger] = {
    f"{prefix}PostingGroup{suffix}": _no_such(table)
    for prefix, table in (("generalProduct", "Gen. Product Posting Group"), ("inventory", "Inventory Posting Group"))
    for suffix in ("Id", "Code")
}


def _variant_item(draft: Draft, value: str) -> None:
    item = draft.company.get("items", value)
    if item is None:
        raise dialog('The "itemId" does not match to an Item.')
    draft.fill(itemId=item["id"], itemNumber=item["number"])


def _variant_number(draft: Draft, value: str) -> None:
    item = draft.company.find("items", number=value)
    if item is None:
        raise dialog('The "itemNumber" does not match to an Item.')
    if draft.given.get("itemId", item["id"]) != item["id"]:
        raise dialog("The item values do not match to a specific Item.")
    draft.fill(itemId=item["id"], itemNumber=value)


MASTERS: dict[str, Rules] = {
    "vendors": Rules(
        {**CURRENCY, **TERMS, **METHOD, **country("country")},
        _start_party,
        delete=_no_documents("vendor"),
        **_numbered("VEND"),
    ),
    "customers": Rules(
        {
            **CURRENCY,
            **TERMS,
            **METHOD,
            **SHIPMENT,
            **country("country"),
            **person("salespersonCode", "Salesperson Code"),
        },
        _start_party,
        delete=_no_documents("customer"),
        **_numbered("CUST", name_needed=True),
    ),
    "items": Rules(
        {"inventory": _inventory, **_BASE, **_CATEGORY, **_TAX, **_GROUPS},
        check=_item_check,
        stored=lambda draft: _rename(draft, "number"),
        delete=_no_lines,
    ),
    "itemVariants": Rules({"itemId": _variant_item, "itemNumber": _variant_number}),
    "locations": coded("locations", country("country")),
    **{
        name: coded(name)
        for name in (
            "unitsOfMeasure",
            "paymentTerms",
            "paymentMethods",
            "shipmentMethods",
            "currencies",
            "taxGroups",
            "itemCategories",
        )
    },
}
