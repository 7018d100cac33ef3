"""POST, PATCH, MERGE, PUT, DELETE: from the request to the rules of the set, and the answer (sap sheet §4, §7, §8)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.sax.saxutils import escape

from anyerp.wire import Headers, Response

from anyerp_sap.sandbox import atom
from anyerp_sap.sandbox.address import Target, resolve
from anyerp_sap.sandbox.draft import Draft, read_body, read_changes, read_draft
from anyerp_sap.sandbox.edm import Action, Entity, Row, Service
from anyerp_sap.sandbox.errors import Message, SapError, bad_request, say
from anyerp_sap.sandbox.etag import etag_of, need_match
from anyerp_sap.sandbox.exchange import Exchange
from anyerp_sap.sandbox.literals import operand, parse_literal
from anyerp_sap.sandbox.query import need_options, shape_of
from anyerp_sap.sandbox.reading import answer
from anyerp_sap.sandbox.render import Renderer, dump
from anyerp_sap.sandbox.rules import ACTIONS, RULES
from anyerp_sap.sandbox.world import Work

_LETTER = {"POST": "C", "PATCH": "U", "PUT": "U", "DELETE": "D"}


def write(service: Service, work: Work, exchange: Exchange) -> Response:
    """Answer a write. The caller keeps the transaction. Raises what refuses it."""
    need_options(exchange, "single")
    if exchange.path in service.actions:
        return _act(service, work, service.actions[exchange.path], exchange)
    target = resolve(service, work.store, exchange)
    wanted = "set" if exchange.method == "POST" else "entity"
    closed = target.navigation is not None and exchange.method == "POST" and not target.navigation.insertable
    letter = _LETTER.get(exchange.method)
    if target.kind != wanted or letter is None or letter not in target.entity.can or closed:
        raise SapError(405, [say("/IWFND/CM_MGW/021", exchange.method, exchange.path)])
    if exchange.method == "POST":
        return _create(service, work, target, exchange)
    row = target.row
    if row is None:
        raise SapError(404, [say("/IWFND/CM_MGW/096", exchange.path)])
    need_match(target.entity, work.store.original(target.entity.name, row), exchange)
    if exchange.method == "DELETE":
        RULES[target.entity.name].delete(work, target.entity, row)
    else:
        changes = read_changes(target.entity, read_body(exchange), row, exchange.language)
        if exchange.method == "PUT":
            changes = {**_cleared(target.entity), **changes}
        RULES[target.entity.name].change(work, target.entity, row, changes)
    work.settle()
    return Response(204, Headers({"dataserviceversion": "2.0", **_messages(work, exchange)}))


def _act(service: Service, work: Work, action: Action, exchange: Exchange) -> Response:
    """Call a function import: POST, its parameters as literals in the query string (sap sheet §4)."""
    if exchange.method != "POST":
        raise SapError(405, [say("/IWFND/CM_MGW/021", exchange.method, exchange.path)])
    given: Row = {}
    for name, prop in action.parameters.items():
        text = exchange.option(name)
        if text is None:
            if name not in action.optional:
                raise bad_request("/IWFND/CM_MGW/030", name, target=name)
            continue
        try:
            given[name] = operand(prop, parse_literal(text), exchange.language, name)
        except ValueError:
            raise bad_request("/IWFND/CM_MGW/023", name, text, target=name) from None
    row = ACTIONS[service.name, action.name](work, given)
    work.settle()
    headers = _messages(work, exchange)
    entity = service.entities.get(action.gives)
    if entity is None:
        return answer(dump({"d": {action.name: row}}), exchange, 200, headers)
    renderer = Renderer(work.store, service.namespace, exchange.root, exchange.language)
    shape = shape_of(entity, service.entities, None, None)
    return answer(dump({"d": renderer.entity(shape, row)}), exchange, 200, headers)


def _cleared(entity: Entity) -> Row:
    """Give the initial values of everything that a PUT may set: what it leaves out is emptied."""
    return {p.name: p.initial for p in entity.properties.values() if not p.key and not p.computed}


def _create(service: Service, work: Work, target: Target, exchange: Exchange) -> Response:
    entity = target.entity
    draft = read_draft(entity, service.entities, read_body(exchange), exchange.language)
    if target.navigation is not None and target.parent is not None and target.parent_entity is not None:
        for source, name in target.navigation.on:
            value = target.parent_entity.get(target.parent, source)
            if draft.values.setdefault(name, value) != value:
                raise bad_request("/IWFND/CM_MGW/027", name, target=name)
    row = RULES[entity.name].create(work, draft)
    work.settle()
    row = work.store.get(entity.name, entity.key_of(row)) or row
    renderer = Renderer(work.store, service.namespace, exchange.root, exchange.language)
    headers = {"location": renderer.uri(entity, row), **_messages(work, exchange)}
    if tag := etag_of(entity, row):
        headers["etag"] = tag
    # What was sent nested comes back nested.
    shape = shape_of(entity, service.entities, None, ",".join(_sent(draft)) or None)
    content = dump({"d": renderer.entity(shape, row)}) if exchange.wants_json else atom.entry(renderer, shape, row)
    return answer(content, exchange, 201, headers)


def _sent(draft: Draft) -> list[str]:
    paths: dict[str, None] = {}
    for name, children in draft.children.items():
        paths[name] = None
        for child in children:
            paths.update(dict.fromkeys(f"{name}/{deeper}" for deeper in _sent(child)))
    return list(paths)


def _messages(work: Work, exchange: Exchange) -> dict[str, str]:
    """Write the warnings of a success into `sap-message`: JSON when JSON was asked for, XML otherwise (sheet §7)."""
    if not work.warnings:
        return {}
    unique: Sequence[Message] = list(dict.fromkeys(work.warnings))
    first, rest = unique[0], unique[1:]
    if not exchange.wants_json:
        text = escape(first.text(work.language)).encode("ascii", "xmlcharrefreplace").decode()
        return {
            "sap-message": f"<notification><code>{first.code}</code><message>{text}</message>"
            f"<severity>{first.severity}</severity><target>{escape(first.target)}</target></notification>"
        }
    body = {**_facts(first, work.language), "details": [_facts(m, work.language) for m in rest]}
    return {"sap-message": json.dumps(body)}  # the standard encoder escapes what is not ASCII


def _facts(message: Message, language: str) -> dict[str, str]:
    return {
        "code": message.code,
        "message": message.text(language),
        "severity": message.severity,
        "target": message.target,
    }
