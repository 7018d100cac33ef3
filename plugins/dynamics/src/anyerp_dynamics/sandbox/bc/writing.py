"""Writing: bodies become drafts, rules run field by field, and a failed request leaves nothing behind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anyerp.wire import InvalidJson, Response, load_json

from ..odata import EntitySet, ODataError, Row, key_text, matches, read_body, require_json, unwrap
from .exchange import Exchange, empty
from .posting import ACTIONS
from .problem import Problem, changed, dialog, no_token, not_allowed, read_only, too_long
from .reading import options_of, writer
from .resource import Target
from .rule import RULES, Draft, Rules
from .schema import SCHEMA, ZERO, blank_row, decode, facts, page
from .store import Company, etag

#: Business Central's decimals have 18 digits.
_TOO_BIG = Decimal(10) ** 15


def json_body(exchange: Exchange) -> Mapping[str, Any]:
    """Give the body as a JSON object. Raises `Problem`."""
    try:
        body = load_json(exchange.call.content)
    except InvalidJson:
        body = None
    if not isinstance(body, Mapping):
        raise Problem(400, "BadRequest", "Invalid Request Body")
    return body


def _values(entity_set: EntitySet, body: Mapping[str, Any], *, as_text: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a body's values and nested lists, checked field by field, in the order they were written."""
    try:
        taken = read_body(body, entity_set.type, SCHEMA, numbers_as_text=as_text)
    except ODataError as error:
        raise _refused(entity_set, body, error) from None
    values: dict[str, Any] = {}
    blank = blank_row(entity_set.name)
    for name, value in taken.values.items():
        known = facts(entity_set, name)
        if (known.read_only or known.held) and not (name == "id" and page(entity_set).local):
            raise read_only(name)
        if isinstance(value, Decimal) and abs(value) >= _TOO_BIG:
            raise Problem(
                400, "BadRequest", f"Cannot convert the literal '{value}' to the expected type 'Edm.Decimal'."
            )
        fitted = blank[name] if value is None else value
        values[name] = fitted.strip().upper() if known.code else fitted
    return values, taken.nested


def _refused(entity_set: EntitySet, body: Mapping[str, Any], error: ODataError) -> Exception:
    """The product's own words for two refusals."""
    prop = entity_set.type.by_name.get(error.field or "")
    value = body.get(error.field or "")
    if error.kind == "too_long" and prop is not None and prop.max_length is not None and isinstance(value, str):
        return too_long(len(value), prop.max_length, value)
    if error.kind == "enum" and prop is not None:
        options = ",".join(decode(member) for member in SCHEMA.enums[prop.type].members)
        return Problem(400, "Unknown", f"'{value}' is not an option. The existing options are: {options}")
    return error


def _apply(draft: Draft, rules: Rules) -> Row:
    for name, value in draft.given.items():
        trigger = rules.triggers.get(name)
        if trigger is None:
            draft.row[name] = value
        else:
            trigger(draft, value)
    rules.check(draft)
    draft.row = draft.company.put(draft.set.name, draft.row)
    rules.stored(draft)
    return draft.row


def create(
    company: Company,
    entity_set: EntitySet,
    body: Mapping[str, Any],
    parent: Row | None = None,
    *,
    as_text: bool = False,
) -> Row:
    """Create a row, and the rows nested in its body with it (deep insert, dynamics sheet §2.4); gives the new row."""
    values, nested = _values(entity_set, body, as_text=as_text)
    rules = RULES.get(entity_set.name, Rules())
    row = company.new(entity_set.name)
    inside = page(entity_set).parent
    if parent is not None and inside is not None:
        row[inside] = parent["id"]
    if page(entity_set).local:
        row["id"] = ZERO
    draft = Draft(company, entity_set, row, values)
    rules.start(draft)
    stored = _apply(draft, rules)
    for name, items in nested.items():
        navigation = entity_set.type.to[name]
        if not navigation.many or not isinstance(items, list):
            raise ODataError("nested", f"The navigation '{name}' cannot be written.")
        for item in items:
            if not isinstance(item, Mapping):
                raise Problem(400, "BadRequest", "Invalid Request Body")
            create(company, SCHEMA.sets[navigation.target], item, stored, as_text=as_text)
    return _again(company, entity_set, stored)


def _again(company: Company, entity_set: EntitySet, row: Row) -> Row:
    """The row as it is by now: what came after it may have changed it."""
    return company.get(entity_set.name, row["id"], row.get("parentId")) or row


def post(exchange: Exchange, target: Target) -> Response:
    """Answer a POST to a collection: 201 with the row, or 204 when the client wants no content."""
    known = page(target.set)
    if not target.many or not known.insert or target.rest:
        raise not_allowed("POST", target.set.name)
    if known.closed and not known.by_filter and target.parent is None:
        raise dialog(known.closed.replace("to get to the dimension set line", "to create a dimension set line"))
    as_text = require_json(exchange.call.headers.get("content-type"))
    options = options_of(exchange, target.set)
    row = create(target.company, target.set, json_body(exchange), target.parent, as_text=as_text)
    location = f"{exchange.root}/{target.at}{key_text(target.set.type, row)}"
    if "return-no-content" in exchange.prefer:
        return empty({"Location": location, "OData-EntityId": location, "Preference-Applied": "return-no-content"})
    body = writer(exchange, target.company, options).single(target.set, row, options, at=target.at)
    return exchange.answer(body, 201, {"Location": location})


def check_token(exchange: Exchange, row: Row, *, mandatory: bool) -> None:
    """Hold `If-Match` against the row as it is. Raises `Problem`: 400 missing or garbled, 409 stale (sheet §2.4)."""
    header = exchange.call.headers.get("if-match")
    if header is None:
        if mandatory:
            raise no_token()
        return
    if header.strip() != "*" and not (unwrap(header.strip()) or "").startswith("20;"):
        raise no_token()
    if not matches(header, etag(row)):
        raise changed()


def patch(exchange: Exchange, target: Target) -> Response:
    """Answer a PATCH: 200 with the whole row. `If-Match` is mandatory, nested rows are refused (sheet §2.4)."""
    if target.many or not page(target.set).update or target.rest:
        raise not_allowed("PATCH", target.set.name)
    as_text = require_json(exchange.call.headers.get("content-type"))
    row, company = target.one(), target.company
    check_token(exchange, row, mandatory=True)
    options = options_of(exchange, target.set)
    values, nested = _values(target.set, json_body(exchange), as_text=as_text)
    if nested:
        name = next(iter(nested))
        raise ODataError(
            "nested", f"The navigation '{name}' cannot be updated with its parent. Send a request of its own."
        )
    draft = Draft(company, target.set, dict(row), values, row)
    stored = _again(company, target.set, _apply(draft, RULES.get(target.set.name, Rules())))
    body = writer(exchange, company, options).single(target.set, stored, options, at=target.at)
    return exchange.answer(body)


def delete(exchange: Exchange, target: Target) -> Response:
    """Answer a DELETE: 204. An etag is checked only if it is sent."""
    if target.many or not page(target.set).delete or target.rest:
        raise not_allowed("DELETE", target.set.name)
    row = target.one()
    check_token(exchange, row, mandatory=False)
    rules = RULES.get(target.set.name, Rules())
    rules.delete(target.company, row)
    target.company.remove(target.set.name, row)
    rules.deleted(target.company, row)
    return empty()


def act(exchange: Exchange, target: Target) -> Response:
    """Answer a bound action: 204, and what it posted is committed, whatever becomes of the batch around it."""
    check_token(exchange, target.one(), mandatory=False)
    ACTIONS[target.set.name, target.action](target.company, target.one())
    target.company.journal.commit()
    return empty()
