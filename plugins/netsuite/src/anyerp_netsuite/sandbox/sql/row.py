"""Records as rows of SuiteQL: header, lines, signs and doubles as the real tables have them (netsuite sheet §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from anyerp_netsuite.sandbox.derive import present
from anyerp_netsuite.sandbox.field import Ref, Values
from anyerp_netsuite.sandbox.rule.common import ZERO, units_of
from anyerp_netsuite.sandbox.rule.follow_up import SOURCE
from anyerp_netsuite.sandbox.schema.common import STATUSES
from anyerp_netsuite.sandbox.sql.table import LABEL
from anyerp_netsuite.sandbox.store import Record, Store

#: Begins every date inside the engine, so that text and dates are never confused.
MARK = "\x1f"
Row = tuple[str, dict[str, Any]]

#: Totals of these types are negative in SuiteQL, and of no others here (netsuite sheet §4, "Signs").
_NEGATIVE_TOTAL = {"PurchOrd", "VendBill"}
#: On the sales side, lines are negative.
_NEGATIVE_LINES = {"SalesOrd", "CustInvc", "ItemShip"}
_ABBREVIATIONS = {"PurchOrd": "PURCHORD", "ItemRcpt": "ITEMRCPT", "VendBill": "BILL", "SalesOrd": "SALESORD"}


def moment(value: date | datetime, zone: tzinfo) -> str:
    """A date or instant as the engine holds it: the account's own clock."""
    if isinstance(value, datetime):
        return MARK + value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return f"{MARK}{value.isoformat()} 00:00:00"


class Projector:
    """Makes rows from records."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self, record: Record) -> Iterator[Row]:
        """All rows of one record."""
        shown = present(self._store, record)
        match record.type.family:
            case "transaction":
                yield from self._transaction(record, shown)
            case "entity":
                row = self._plain(record, shown)
                for line in shown.get("addressBook", ()):
                    if line.get("defaultBilling") and "addressBookAddress" in line:
                        row["defaultbillingaddress"] = int(record.id)
                        yield "entityaddress", self._address(int(record.id), line["addressBookAddress"])
                yield record.type.key, row
                yield "entity", self._entity(record, shown)
                if record.type.key == "vendor":
                    yield from self._relationships(record, shown)
            case "item":
                cost = {"averagecost": _number(shown.get("averageCost"))}
                yield "item", {**self._plain(record, shown), "fullname": shown["itemId"], **cost}
                for line in shown.get("itemVendor", ()):
                    yield "itemvendor", {**self._values(line), **self._ref("item", record.ref)}
            case _:
                yield from self._listed(record, shown)

    def _listed(self, record: Record, shown: Values) -> Iterator[Row]:
        row = self._plain(record, shown)
        row.setdefault("fullname", shown.get("name"))
        if record.type.key == "location":
            row["subsidiary"] = ", ".join(one.id for one in shown.get("subsidiary", ()))
        if record.type.key == "account":
            row["accountsearchdisplayname"] = shown.get("acctName")
        if "mainAddress" in shown:
            row["mainaddress"] = int(record.id)
            yield f"{record.type.key}mainaddress", self._address(int(record.id), shown["mainAddress"])
        yield record.type.key, row
        for unit in shown.get("uom", ()):
            yield "unitstypeuom", {**self._values(unit), **self._ref("unitstype", record.ref)}

    def _plain(self, record: Record, shown: Values) -> dict[str, Any]:
        row = {"id": int(record.id), **self._values(shown)}
        for name in ("purchaseUnit", "saleUnit", "stockUnit"):
            if name in shown and record.type.family == "item":
                unit = units_of(self._store, record).get(shown[name], {})
                row[name.lower() + LABEL] = unit.get("unitName")
        for known in record.type.shape.fields:
            if known.kind == "enum" and known.name in shown:
                row[known.name.lower() + LABEL] = known.values.get(shown[known.name])
        return row

    def _values(self, values: Values) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for name, value in values.items():
            if isinstance(value, Ref):
                row |= self._ref(name.lower(), value)
            elif name.startswith("cust") and isinstance(value, list) and value:
                row[name.lower()] = ", ".join(one.id for one in value)
                row[name.lower() + LABEL] = ", ".join(self._store.label(one) for one in value)
            elif not isinstance(value, list | dict):
                row[name.lower()] = self._scalar(value)
        return row

    def _scalar(self, value: Any) -> Any:
        if isinstance(value, bool):
            return "T" if value else "F"
        if isinstance(value, date):
            return moment(value, self._store.zone)
        return _number(value) if isinstance(value, Decimal) else value

    def _ref(self, name: str, ref: Ref | None) -> dict[str, Any]:
        if ref is None:
            return {}
        return {name: int(ref.id), name + LABEL: self._store.label(ref)}

    def _entity(self, record: Record, shown: Values) -> dict[str, Any]:
        row = self._plain(record, shown)
        row["type"] = record.type.sql_type
        row["altname"] = shown.get("companyName") or " ".join(
            shown[name] for name in ("firstName", "lastName") if name in shown
        )
        row["entitytitle"] = record.label()
        return {**row, **self._ref(record.type.key, record.ref)}

    def _relationships(self, record: Record, shown: Values) -> Iterator[Row]:
        primary = shown["subsidiary"]
        for number, one in enumerate(dict.fromkeys([primary, *shown.get("_subsidiaries", ())])):
            id = int(record.id) * 10 + number
            mark = "T" if one == primary else "F"
            row = {"id": id, "isprimarysub": mark, **self._ref("entity", record.ref), **self._ref("subsidiary", one)}
            yield "vendorsubsidiaryrelationship", row

    def _address(self, key: int, address: Values) -> dict[str, Any]:
        return {"nkey": key, **self._values(address)}

    def _transaction(self, record: Record, shown: Values) -> Iterator[Row]:
        kind = record.type.sql_type
        row = self._plain(record, shown)
        for name in ("billingAddress", "shippingAddress"):
            if name in shown:
                row[name.lower()] = int(record.id)
                yield f"transaction{name.lower()}", self._address(int(record.id), shown[name])
        row["type"], row["type" + LABEL] = kind, record.type.label
        row["recordtype"] = record.type.key
        row["abbrevtype"] = _ABBREVIATIONS.get(kind, kind.upper())
        row["posting"] = "F" if kind in ("PurchOrd", "SalesOrd", "VendAuth") else "T"
        row["voided"] = "F"
        letter = shown.get("status")
        if letter is not None:
            row["status"], row["status" + LABEL] = letter, f"{record.type.label} : {STATUSES[kind][letter]}"
        total = Decimal(shown.get("total", ZERO)) * (-1 if kind in _NEGATIVE_TOTAL else 1)
        rate = Decimal(shown.get("exchangeRate", 1))
        row["foreigntotal"], row["total"] = _number(total), _number(round(total * rate, 2))
        yield "transaction", row
        for line in self._lines(record, shown, total, rate):
            yield "transactionline", line
        signed = _number(round(total * rate, 2))
        for book in range(1, self._store.books + 1):
            name = "Primary Accounting Book" if book == 1 else f"Secondary Book {book}"
            amounts = {"amount": signed, "netamount": signed, "exchangerate": _number(rate), "posting": row["posting"]}
            books = {"accountingbook": book, "accountingbook" + LABEL: name}
            account = self._ref("account", shown.get("account", Ref("account", "111")))
            entry = {"transaction": int(record.id), "transactionline": 0, **books, **account, **amounts}
            yield "transactionaccountingline", entry

    def _lines(self, record: Record, shown: Values, total: Decimal, rate: Decimal) -> Iterator[dict[str, Any]]:
        kind, id = record.type.sql_type, int(record.id)
        common = {
            "transaction": id,
            "taxline": "F",
            "iscogs": "F",
            "isclosed": "F",
            "linelastmodifieddate": self._scalar(shown["lastModifiedDate"]),
            **self._ref("entity", shown.get("entity")),
            **self._ref("subsidiary", shown.get("subsidiary")),
        }
        head = self._values(
            {name: shown[name] for name in ("location", "department", "class", "memo") if name in shown}
        )
        # Keys of headers are far above those of lines, which start at 900,001.
        yield {
            **common,
            **head,
            "id": 0,
            "uniquekey": 10_000_000 + id,
            "linesequencenumber": 0,
            "mainline": "T",
            "isinventoryaffecting": "F",
            "foreignamount": _number(total),
            "netamount": _number(round(total * rate, 2)),
            **({"foreignamountunpaid": _number(shown["balance"])} if kind == "VendBill" else {}),
        }
        sequence = 0
        for line in (*shown.get("item", ()), *shown.get("expense", ())):
            sequence += 1
            row = {**common, **self._line(record, line, rate), "linesequencenumber": sequence, "mainline": "F"}
            yield {**row, "isinventoryaffecting": "T" if kind in ("ItemRcpt", "ItemShip") else "F"}
            twin = {"id": row["id"] + 1000, "uniquekey": row["uniquekey"] + 5_000_000, "isinventoryaffecting": "F"}
            if kind == "ItemRcpt":
                yield {**row, **twin, "quantity": -row["quantity"]}
            elif kind == "ItemShip":
                yield {**row, **twin, "iscogs": "T", "quantity": -row["quantity"]}
        if tax := shown.get("_tax"):
            amount = _number(tax)
            keys = {"id": 900, "uniquekey": 20_000_000 + id, "linesequencenumber": sequence + 1}
            yield {**common, **keys, "mainline": "F", "taxline": "T", "foreignamount": amount, "netamount": amount}

    def _line(self, record: Record, line: Values, rate: Decimal) -> dict[str, Any]:
        row = self._values(line)
        sign = -1 if record.type.sql_type in _NEGATIVE_LINES else 1
        row["id"] = line["line"]
        row["uniquekey"] = line["_unique"]
        if "item" in line:
            item = self._store.at(line["item"])
            row["itemtype"] = item.type.sql_type
            unit = units_of(self._store, item).get(line.get("units", ""), {})
            row["units" + LABEL] = unit.get("unitName")
            row["memo"] = line.get("description")
            row["quantity"] = _number(sign * Decimal(line["quantity"]))
            row["quantityshiprecv"] = _number(line.get("quantityReceived", line.get("quantityFulfilled", ZERO)))
            row["quantitybilled"] = _number(line.get("quantityBilled", ZERO))
            row["isfullyshipped"] = "T" if row["quantityshiprecv"] >= abs(row["quantity"]) else "F"
        else:
            row |= self._ref("expenseaccount", line.get("account"))
        if "amount" in line:
            amount = sign * Decimal(line["amount"])
            row["foreignamount"] = _number(amount)
            row["netamount"] = row["amount"] = _number(round(amount * rate, 2))
        if source := record.values.get(SOURCE):
            row |= self._ref("createdfrom", source)
        return row


def _number(value: Any) -> float | int | None:
    if value is None:
        return None
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else float(exact)
