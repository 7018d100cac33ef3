"""What a record shows beyond what is stored: totals, statuses, address texts, stock. Nothing here is kept."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from anyerp_netsuite.sandbox.field import Ref, Values
from anyerp_netsuite.sandbox.rule.common import STOCKED, ZERO, in_stock_units, item_kind, open_quantity
from anyerp_netsuite.sandbox.rule.order import purchase_status, sales_status
from anyerp_netsuite.sandbox.schema.common import COUNTRIES
from anyerp_netsuite.sandbox.store import Record, Stock, Store


def present(store: Store, record: Record) -> Values:
    """The record's values with everything that follows from them."""
    shown = dict(record.values)
    derive = _BY_TYPE.get(record.type.key) or _BY_FAMILY.get(record.type.family)
    if derive is not None:
        derive(store, record, shown)
    return shown


def count_ordered(store: Store) -> None:
    """Bring `Stock.on_order` up to date with the open purchase orders."""
    if "purchaseorder" in store.uncounted:
        store.uncounted.discard("purchaseorder")
        totals = _still_open(store, "purchaseorder", "quantityReceived", purchase_status)
        for key in totals.keys() | store.stock.keys():
            store.stock_of(*key).on_order = totals.get(key, ZERO)


def count_committed(store: Store) -> None:
    """Bring `Stock.committed` up to date with the open sales orders."""
    if "salesorder" in store.uncounted:
        store.uncounted.discard("salesorder")
        totals = _still_open(store, "salesorder", "quantityFulfilled", sales_status)
        for key in totals.keys() | store.stock.keys():
            store.stock_of(*key).committed = totals.get(key, ZERO)


def _still_open(
    store: Store, kind: str, counter: str, status: Callable[[Store, Values], str]
) -> dict[tuple[str, str], Decimal]:
    totals: dict[tuple[str, str], Decimal] = {}
    for order in store.all(kind):
        if status(store, order.values) not in "BDE":
            continue
        for line in order.values["item"]:
            still = open_quantity(line, counter)
            if still and "location" in line and item_kind(store, line) in STOCKED:
                key = (line["item"].id, line["location"].id)
                totals[key] = totals.get(key, ZERO) + in_stock_units(store, line, still)
    return totals


def address_text(address: Values, newline: str = "\n") -> str:
    """An address as people write it; the country by name."""
    place = " ".join(address[name] for name in ("city", "state", "zip") if name in address)
    lines = [address.get(name) for name in ("addressee", "attention", "addr1", "addr2", "addr3")]
    return newline.join(one for one in (*lines, place, COUNTRIES.get(address.get("country", ""))) if one)


def _purchase_order(store: Store, record: Record, shown: Values) -> None:
    shown["orderStatus"] = shown["status"] = purchase_status(store, record.values)
    count_committed(store)
    _totals(shown)
    shown["balance"] = ZERO
    shown["prevDate"] = shown.get("tranDate")
    # The two kinds of line ends are the account's own inconsistency (netsuite sheet §3).
    for name, text, newline in (("billingAddress", "billAddress", "\n"), ("shippingAddress", "shipAddress", "\r\n")):
        if name in shown:
            shown[name] = {**shown[name], "addrText": address_text(shown[name], newline)}
            shown[f"{name}_text"] = shown[name]["addrText"]
            shown.setdefault(text, shown[name]["addrText"])
    for name in ("custbody_link_so", "custbody_requestor"):
        shown.setdefault(name, [])
    shown["item"] = [_purchase_line(store, record, line) for line in record.values["item"]]
    if "_tax" in shown:
        _tax_details(shown)


def _tax_details(shown: Values) -> None:
    """SuiteTax's own list: what is taxed is told by a reference that the line has too (netsuite/record_fields.json)."""
    first = shown["item"][0]
    first["taxDetailsReference"] = f"{first['line']}_tax"
    shown["taxDetails"] = [
        {
            "taxDetailsReference": first["taxDetailsReference"],
            "netAmount": first["amount"],
            "taxCode": Ref("salestaxitem", "901"),
            "taxAmount": shown["_tax"],
        }
    ]


def _purchase_line(store: Store, record: Record, line: Values) -> Values:
    kind = item_kind(store, line)
    shown = {"quantityReceived": ZERO, "quantityBilled": ZERO, "linkedOrder": [], "marginal": False, **line}
    shown["itemType"] = kind
    shown["isOpen"] = bool(open_quantity(line, "quantityReceived") or open_quantity(line, "quantityBilled"))
    shown["linked"] = bool(shown["quantityReceived"] or shown["quantityBilled"])
    shown["leadTime"] = store.at(line["item"]).values.get("leadTime")
    if kind in STOCKED:
        detail = {"inventoryAssignment": [], **line.get("inventoryDetail", {})}
        shown["inventoryDetail"] = detail
        if "location" in line:
            stock = store.stock.get((line["item"].id, line["location"].id), Stock())
            shown["quantityOnHand"], shown["quantityAvailable"] = stock.on_hand, stock.available
    return shown


def _totals(shown: Values) -> None:
    amounts = [line["amount"] for line in (*shown.get("item", ()), *shown.get("expense", ()))]
    shown["subtotal"] = sum(amounts, ZERO)
    shown["taxTotal"] = shown.get("_tax", ZERO)
    shown["total"] = shown["subtotal"] + shown["taxTotal"]


def _sales_order(store: Store, record: Record, shown: Values) -> None:
    shown["orderStatus"] = shown["status"] = sales_status(store, record.values)
    _totals(shown)
    shown["item"] = [
        {
            "quantityFulfilled": ZERO,
            "quantityBilled": ZERO,
            **line,
            "itemType": item_kind(store, line),
            "isOpen": bool(open_quantity(line, "quantityFulfilled")),
        }
        for line in record.values["item"]
    ]
    if "_tax" in shown:
        _tax_details(shown)


def _bill(store: Store, record: Record, shown: Values) -> None:
    _totals(shown)
    letter = {"1": "D", "3": "E"}.get(shown.get("approvalStatus", "2"), str(shown.get("_status", "A")))
    shown["status"] = letter
    shown["userTotal"] = shown["total"]
    shown["balance"] = shown["total"] if letter in "AF" else ZERO
    shown["received"] = False
    if source := shown.get("_source"):
        shown["item"] = [{"orderDoc": source, **line} for line in shown["item"]]


def _receipt(store: Store, record: Record, shown: Values) -> None:
    if source := shown.get("_source"):
        shown["orderId"] = int(source.id)
        shown["orderType"] = store.at(source).type.sql_type
    shown["item"] = [
        {"itemName": store.label(line["item"]), "quantityRemaining": line["quantity"], **line} for line in shown["item"]
    ]


def _money(store: Store, record: Record, shown: Values) -> None:
    _totals(shown)


def _party(store: Store, record: Record, shown: Values) -> None:
    shown["balance"] = ZERO
    shown["currencyList"] = [{"balance": ZERO, **line} for line in shown.get("currencyList", ())]
    book = []
    for line in shown.get("addressBook", ()):
        text = address_text(line.get("addressBookAddress", {}))
        book.append({**line, "addressBookAddress_text": text})
        if line.get("defaultBilling"):
            shown["defaultAddress"] = text
    shown["addressBook"] = book


def _item(store: Store, record: Record, shown: Values) -> None:
    shown["itemType"] = record.type.sql_type
    shown["description"] = shown.get("purchaseDescription")
    if record.type.sql_type not in STOCKED:
        return
    count_ordered(store)
    count_committed(store)
    shown["isLotItem"] = bool(shown.get("isLotItem"))
    shown["isSerialItem"] = False
    settings = {line["location"].id: line for line in shown.get("locations", ()) if "location" in line}
    shown["locations"] = rows = []
    for place in store.all("location"):
        stock = store.stock.get((record.id, place.id))
        if stock is None:
            continue
        rows.append(
            {
                "location": place.ref,
                "locationId": int(place.id),
                "location_display": place.label(),
                "quantityOnHand": stock.on_hand,
                "quantityAvailable": stock.available,
                "quantityOnOrder": stock.on_order,
                "quantityInTransit": stock.in_transit,
                "quantityCommitted": stock.committed,
                **{name: value for name, value in settings.get(place.id, {}).items() if name != "location"},
            }
        )
    for name in ("quantityOnHand", "quantityAvailable", "quantityOnOrder"):
        shown[name] = sum((row[name] for row in rows), ZERO)


_Derive = Callable[[Store, Record, Values], None]
_BY_TYPE: dict[str, _Derive] = {
    "purchaseorder": _purchase_order,
    "salesorder": _sales_order,
    "vendorbill": _bill,
    "itemreceipt": _receipt,
    "vendor": _party,
    "customer": _party,
    "invoice": _money,
    "vendorreturnauthorization": _money,
}
_BY_FAMILY: dict[str, _Derive] = {"item": _item}
