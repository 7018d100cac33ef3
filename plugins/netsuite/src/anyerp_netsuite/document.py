"""Transactions between the record service's form and the one that lenses read.

The record has its lines in two sublists, `item` and `expense`, numbered together. Lenses read one list, `lines`; each
line's kind says where it belongs. Units and currencies are ids in the record, and names here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import InvalidRecord, Problem, UnexpectedPayload
from anyerp.kits.currency import minor_units
from anyerp.kits.custom import gathered
from anyerp.lens import Changes
from anyerp.lens.path import place

from anyerp_netsuite import lookup
from anyerp_netsuite.lens.common import CUSTOM, OWN, PAGE
from anyerp_netsuite.suiteql import link

ITEM, EXPENSE = "item", "expense"
_EXPENSE = {"id": "Expense", "refName": "Expense"}
_UNIT = "unitName"
#: What a record type of items has in its name, and the item type that SuiteQL and orders call it.
_BY_RECORD = {
    "noninventory": "NonInvtPart",
    "inventory": "InvtPart",
    "assembly": "Assembly",
    "service": "Service",
    "othercharge": "OthCharge",
    "kit": "Kit",
}
#: Members of lines that are read only for what they say of others.
_READ = ("itemType", "line")


def with_custom(record: dict[str, Any]) -> dict[str, Any]:
    """A record with its own fields gathered as JSON text under `custom`, where a lens finds them all."""
    own = {name: bare(value) for name, value in record.items() if OWN.fullmatch(name)}
    own = {name: value for name, value in own.items() if value is not None and value != []}
    return gathered(record, CUSTOM, own)


def bare(value: Any) -> Any:
    """A custom field's value without the links."""
    if isinstance(value, dict):
        if isinstance(value.get("items"), list):
            return [bare(one) for one in value["items"]]
        return {name: bare(inner) for name, inner in value.items() if name != "links"}
    return value


def inward(ctx: Context, record: dict[str, Any], page: str) -> Flow[dict[str, Any]]:
    """A transaction as lenses read it."""
    items, expenses = _lines(record, ITEM), _lines(record, EXPENSE)
    used = {str(line["units"]) for line in items if "units" in line}
    names = (yield from lookup.units(ctx, *used)) if used else {}
    found = {name: value for name, value in record.items() if name not in (ITEM, EXPENSE)}
    titles = yield from lookup.numbers(ctx, "item", "displayname", (id for line in items if (id := item_of(line))))
    taxes = _taxes(record)
    lines = [_taxed(line, taxes) for line in (*_items(items, names, titles), *_expenses(expenses))]
    found["lines"] = sorted(lines, key=_number)
    return (yield from completed(ctx, found, page))


def completed(ctx: Context, record: dict[str, Any], page: str) -> Flow[dict[str, Any]]:
    """A record with what lenses read beside it: the currency's code, its page in the browser, its own fields."""
    found = {**record, PAGE: link(ctx, page) + str(record.get("id", ""))}
    currency = record.get("currency")
    if isinstance(currency, dict) and "id" in currency:
        symbol = (yield from lookup.currencies(ctx, str(currency["id"]))).get(str(currency["id"]))
        found["currency"] = {**currency, **({"symbol": symbol} if symbol else {})}
    return with_custom(found)


def _lines(record: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    lines = (record.get(name) or {}).get("items") or []
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise UnexpectedPayload(f"{name}: a list of lines was expected")
    return lines


def _number(line: Mapping[str, Any]) -> Any:
    number = line.get("line")
    return number if isinstance(number, (int, Decimal)) else 0


def _taxes(record: Mapping[str, Any]) -> Mapping[str, list[Mapping[str, Any]]]:
    """The tax details of a record by the line that they are of; what is of none, such as shipping, under its own."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for detail in _lines(record, "taxDetails"):
        of = detail.get("taxDetailsReference")
        found.setdefault(str(of.get("id") if isinstance(of, dict) else of), []).append(detail)
    return found


def _taxed(line: dict[str, Any], taxes: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Any]:
    """A line with the sum of its taxes, and their code where they have one."""
    details = taxes.get(str(line.get("taxDetailsReference")))
    if not details:
        return line
    codes = {code.get("refName") for one in details if isinstance(code := one.get("taxCode"), dict)}
    amounts = [Decimal(one["taxAmount"]) for one in details if isinstance(one.get("taxAmount"), (int, Decimal))]
    code = {"code": codes.pop()} if len(codes) == 1 else {}
    return {**line, "tax": {**code, **({"amount": sum(amounts)} if amounts else {})}}


def _items(
    lines: Iterable[dict[str, Any]], names: Mapping[str, str], titles: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for line in lines:
        if title := titles.get(item_of(line) or ""):
            line = {**line, "item": {**line["item"], "displayName": title}}  # noqa: PLW2901 - the line, completed
        kept = with_custom({name: value for name, value in line.items() if name != "units"})
        unit = names.get(str(line.get("units")))
        kind = None if "itemType" in line else _kind(line.get("item"))
        yield {**kept, **({_UNIT: unit} if unit else {}), **({"itemType": {"id": kind}} if kind else {})}


def _kind(item: Any) -> str | None:
    """The type of a line's item by its link, the only place where bills and receipts say it (netsuite sheet §3)."""
    links = item.get("links") if isinstance(item, dict) else None
    href = str(links[0].get("href", "")) if isinstance(links, list) and links and isinstance(links[0], dict) else ""
    name = href.rpartition("/")[0].rpartition("/")[2].lower()
    return next((kind for start, kind in _BY_RECORD.items() if start in name), None)


def _expenses(lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for line in lines:
        kept = with_custom({name: value for name, value in line.items() if name != "memo"})
        yield {**kept, "itemType": _EXPENSE, **({"description": line["memo"]} if "memo" in line else {})}


class Outward:
    """A transaction on its way out. Raises `InvalidRecord` naming what NetSuite could not take."""

    def __init__(self, units: Mapping[str, Mapping[str, str]], currency: str | None) -> None:
        self.units, self.step = units, minor_units(currency)

    def line(self, line: Mapping[str, Any], at: int, item: str | None) -> dict[str, Any]:
        """The values of a line, new or changed, without its key; `item` is the id of its item."""
        here = f"/lines/{at}"
        made = {name: value for name, value in line.items() if name not in (*_READ, _UNIT)}
        amount = made.get("amount")
        if isinstance(amount, Decimal) and amount != amount.quantize(self.step):
            words = f"amount <-> amount: {amount} has more decimals than its currency"
            raise InvalidRecord(words, problems=(Problem(words, f"{here}/amount"),), hint="round it first")
        if _UNIT in line:
            name = line[_UNIT]
            known = self.units.get(item or "", {})
            made["units"] = None if name is None else lookup.unit_id(known, str(name), f"{here}/unit")
        if item is None and "description" in made:
            made["memo"] = made.pop("description")
        return made


def item_of(line: Mapping[str, Any]) -> str | None:
    """The id of a line's item; None for an expense."""
    item = line.get("item")
    id = item.get("id") if isinstance(item, Mapping) else None
    return None if id is None else str(id)


def list_of(line: Mapping[str, Any]) -> str:
    """The sublist that a line belongs to."""
    return ITEM if item_of(line) is not None else EXPENSE


def created(ctx: Context, native: Mapping[str, Any]) -> Flow[dict[str, Any]]:
    """The body that makes a transaction."""
    lines: list[dict[str, Any]] = list(native.get("lines") or ())
    code = (native.get("currency") or {}).get("symbol")
    out = Outward((yield from _units(ctx, lines)), code)
    body = {name: value for name, value in native.items() if name not in ("lines", CUSTOM, PAGE, "currency")}
    if code is not None:
        body["currency"] = {"id": (yield from lookup.currency_id(ctx, code))}
    for name in (ITEM, EXPENSE):
        made = [out.line(line, at, item_of(line)) for at, line in enumerate(lines) if list_of(line) == name]
        if made:
            body[name] = {"items": made}
    return body


def _units(ctx: Context, lines: Iterable[Mapping[str, Any]]) -> Flow[Mapping[str, Mapping[str, str]]]:
    wanted: dict[str, list[str]] = {}
    for line in lines:
        if line.get(_UNIT) is not None and (id := item_of(line)) is not None:
            wanted.setdefault(id, []).append(str(line[_UNIT]))
    return (yield from lookup.units_of_items(ctx, wanted)) if wanted else {}


def changed(ctx: Context, native: dict[str, Any], changes: Changes) -> Flow[tuple[dict[str, Any], str]]:
    """The body that changes a transaction, and the sublists of which other lines are to go."""
    body: dict[str, Any] = {}
    for path, value in changes.fields.items():
        body = place(body, path, value)
    lists = changes.lists.get("lines")
    if not lists:
        return body, ""
    patches = [(before, _nested(change)) for before, change in lists.changed]
    units = yield from _units(ctx, [*lists.added, *({**before, **patch} for before, patch in patches)])
    out = Outward(units, (native.get("currency") or {}).get("symbol"))
    gone = {id(line) for line in lists.removed}
    replaced = []
    for name in (ITEM, EXPENSE):
        made = [
            {"line": before["line"], **out.line(patch, at, item_of({**before, **patch}))}
            for at, (before, patch) in enumerate(patches)
            if list_of(before) == name
        ]
        made += [out.line(line, at, item_of(line)) for at, line in enumerate(lists.added) if list_of(line) == name]
        if any(list_of(line) == name for line in lists.removed):
            # Only a list that is replaced loses lines; what stays is then named by its key.
            there = {line["line"] for line in made if "line" in line}
            made += [
                {"line": line["line"]}
                for line in native["lines"]
                if id(line) not in gone and list_of(line) == name and line["line"] not in there
            ]
            replaced.append(name)
        if made or name in replaced:
            body[name] = {"items": made or None}
    return body, ",".join(replaced)


def _nested(change: Changes) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for path, value in change.fields.items():
        made = place(made, path, value)
    return made


def closed(native: Mapping[str, Any]) -> dict[str, Any]:
    """The body that closes every line, which closes the order."""
    body: dict[str, Any] = {}
    for name in (ITEM, EXPENSE):
        lines = [{"line": line["line"], "isClosed": True} for line in native["lines"] if list_of(line) == name]
        if lines:
            body[name] = {"items": lines}
    return body
