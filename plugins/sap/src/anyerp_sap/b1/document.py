"""What all documents share: how bodies are made of native values, and where the caller's key stands (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import ConfigError, InvalidRecord, Problem
from anyerp.lens import Changes, ListChanges, Map

from anyerp_sap.b1.company import local_currency
from anyerp_sap.b1.metadata import CUSTOM
from anyerp_sap.b1.record import BASES, Shape, base, clean
from anyerp_sap.b1.service import EntitySet
from anyerp_sap.b1.unit import chosen, units

LINES = "DocumentLines"
DOCUMENT = Shape("Document", {LINES: "DocumentLine"}, units=(("UoMEntry", "MeasureUnit"),))
ACTION_ONLY = {"delete": "never: a document is cancelled or closed, and does not vanish"}

_NAME, _CODE = "UoMEntry@anyerp.name", "UoMEntry@anyerp.code"
_WORDS = {"order": "purchase_order", "receipt": "goods_receipt"}
_SERVICE = "dDocument_Service"


def key_field(ctx: Context, entity_set: EntitySet) -> Flow[str]:
    """The native field of the caller's own key, which an overlay may have moved.

    Raises `ConfigError` where the company lacks it: it is a user field, and somebody must add it.
    """
    assert ctx.lens is not None
    rules = (rule for rule in ctx.lens.rules if isinstance(rule, Map) and rule.field == "external_reference")
    field = next(rules).path
    if field.startswith(CUSTOM):
        known = yield from entity_set.metadata(ctx)
        if not known.has(entity_set.shape.type, field):
            raise ConfigError(
                f"external_reference <-> {field}: this company has no such user field, and no other place for a key",
                hint=f"add the user-defined field {field.removeprefix(CUSTOM)} (alphanumeric, 100) in Business One, "
                "or map external_reference to another field by an overlay",
            )
    return field


def composed(ctx: Context, entity_set: EntitySet, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """The body of a new document: its type, and its lines with their units."""
    if any(name.startswith(CUSTOM) for name in native):
        yield from key_field(ctx, entity_set)
    body = {name: value for name, value in clean(native).items() if name != LINES}
    lines = native.get(LINES) or []
    if lines and all(_is_service(line) for line in lines):
        body["DocType"] = _SERVICE
    _one_type(lines, service=body.get("DocType") == _SERVICE, first=0)
    yield from _rate(ctx, body, body.get("DocCurrency"))
    body[LINES] = yield from _lines(ctx, lines)
    return body


def patched(ctx: Context, native: Mapping[str, Any], changes: Changes) -> Flow[dict[str, Any]]:
    """The body of a change: own fields, parts, and the lines by their numbers.

    If a line goes, all that stay are named; the caller then asks for the collection to be replaced.
    """
    body = dict(changes.own)
    for path, value in changes.fields.items():
        part, slash, name = path.partition("/")
        if slash:
            body[part] = {**body.get(part, {}), name: value}
    yield from _rate(ctx, body, native.get("DocCurrency"))
    lists = changes.lists.get(LINES, ListChanges())
    if not lists:
        return body
    _one_type(lists.added, service=native.get("DocType") == _SERVICE, first=len(native.get(LINES) or []))
    numbers = [before["LineNum"] for before, _ in lists.changed]
    made = yield from _lines(ctx, [what.own for _, what in lists.changed])
    by_number = dict(zip(numbers, made, strict=True))
    if lists.removed:
        gone = {line["LineNum"] for line in lists.removed}
        kept = (line["LineNum"] for line in native.get(LINES) or [] if line["LineNum"] not in gone)
        by_number = {number: by_number.get(number, {}) for number in kept}
    added = yield from _lines(ctx, lists.added, len(native.get(LINES) or []))
    body[LINES] = [*({"LineNum": number, **values} for number, values in by_number.items()), *added]
    return body


def _lines(ctx: Context, lines: list[dict[str, Any]], first: int = 0) -> Flow[list[dict[str, Any]]]:
    made = []
    for place, line in enumerate(lines, first):
        name, code = line.get(_NAME), line.get(_CODE)
        unit: dict[str, Any] = {}
        if name is not None or code is not None:
            unit = chosen((yield from units(ctx)), name, code, f"/lines/{place}")
        elif _NAME in line or _CODE in line:
            unit = {"UoMEntry": None}
        made.append({**clean(line), **unit, **_based(line, f"/lines/{place}")})
    return made


def _based(line: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    """The document and line that a line is copied from. Raises `InvalidRecord` for half of it, or for two."""
    found: dict[str, Any] = {}
    for kind, word in BASES.items():
        entry, number = line.get(base(word)), line.get(base(word, "BaseLine"))
        if entry is None and number is None:
            continue
        names = f"{_WORDS[word]} and {_WORDS[word]}_line <-> BaseEntry and BaseLine"
        if entry is None or number is None:
            raise _wrong(f"{pointer}/{_WORDS[word]}", f"{names}: one of the two is missing")
        if found:
            raise _wrong(f"{pointer}/{_WORDS[word]}", f"{names}: a line is copied from an order or from a receipt")
        found = {"BaseType": kind, "BaseEntry": entry, "BaseLine": number}
    return found


def _wrong(pointer: str, message: str) -> InvalidRecord:
    return InvalidRecord(message, problems=[_problem(pointer, message)])


def _is_service(line: Mapping[str, Any]) -> bool:
    return not line.get("ItemCode") and bool(line.get("AccountCode"))


def _one_type(lines: list[dict[str, Any]], *, service: bool, first: int) -> None:
    """A document is all of items or all of services. Raises `InvalidRecord` for a line of the other kind."""
    wrong = list(_strange(lines, service=service, first=first))
    if wrong:
        raise InvalidRecord(wrong[0].message if len(wrong) == 1 else "lines that cannot be here", problems=wrong)


def _strange(lines: list[dict[str, Any]], *, service: bool, first: int) -> Iterator[Problem]:
    for place, line in enumerate(lines, first):
        pointer = f"/lines/{place}"
        if service and line.get("ItemCode"):
            yield _problem(f"{pointer}/item", "item <-> ItemCode: this order is of services, whose lines have accounts")
        elif not service and _is_service(line):
            yield _problem(f"{pointer}/item", "item <-> ItemCode: this order is of items; order services by themselves")
        if service and line.get("Quantity") not in (None, 1):
            yield _problem(
                f"{pointer}/quantity",
                f"quantity <-> Quantity: {line['Quantity']} of a service; a line of services has no quantity here, "
                "give the whole price as that of 1",
            )


def _rate(ctx: Context, body: Mapping[str, Any], currency: Any) -> Flow[None]:
    """A rate of the company's own currency would be dropped in silence. Raises `InvalidRecord`."""
    rate = body.get("DocRate")
    if rate is None or rate == 1:
        return
    local = yield from local_currency(ctx)
    if currency is None or currency == local:
        which = "the order's currency is not given" if currency is None else f"{currency} is the company's own currency"
        message = f"exchange_rate <-> DocRate: {rate} cannot be kept, since {which}"
        raise _wrong("/exchange_rate", message)


def _problem(pointer: str, message: str) -> Problem:
    return Problem(message, pointer, "not_representable")
