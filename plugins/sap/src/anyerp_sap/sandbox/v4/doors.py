"""How the sandbox comes to its V4 service: whether it is active, batches, transactions, refusals."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from anyerp.wire import Headers, Response

from anyerp_sap.sandbox import batch
from anyerp_sap.sandbox.errors import SapError, say
from anyerp_sap.sandbox.exchange import Exchange
from anyerp_sap.sandbox.reading import Paging
from anyerp_sap.sandbox.v4 import schema, service
from anyerp_sap.sandbox.world import Work

if TYPE_CHECKING:
    from anyerp_sap.sandbox.app import S4Sandbox

#: Where all V4 services lie.
ROOT = "/sap/opu/odata4/"
NAME = "API_PURCHASEORDER_2"


def answer(box: S4Sandbox, path: str, plain: Exchange, user: str) -> Response:
    """Answer a call below `ROOT`."""
    try:
        exchange = _opened(box, path, plain)
        if exchange.path == "$batch" and exchange.method == "POST":
            return _batch(box, exchange, user)
        return _single(box, exchange, user)
    except SapError as error:
        return service.refusal(error, plain.language)


def _opened(box: S4Sandbox, path: str, plain: Exchange) -> Exchange:
    inside = path.removeprefix(schema.ROOT)
    if not box.v4 or inside == path or (inside and not inside.startswith("/")):
        raise SapError(404, [say("/IWFND/MED/170", "/SAP/", NAME, "0001")])
    if NAME in box.access.missing:
        raise SapError(403, [say("/IWFND/CM_CONSUMER/101", NAME)])
    known = {field.name: getattr(plain, field.name) for field in fields(Exchange)}
    return service.V4Exchange(**{**known, "service": NAME, "path": inside.removeprefix("/")})


def _single(box: S4Sandbox, exchange: Exchange, user: str) -> Response:
    store = box.world.store
    if exchange.method in ("GET", "HEAD"):
        return service.read(store, exchange, Paging(box.server_page, box.most_top))
    with store.transaction():
        return service.write(Work(box.world, exchange.language, user), exchange)


def _batch(box: S4Sandbox, exchange: Exchange, user: str) -> Response:
    """A multipart batch; V4 answers it with 200 (sap sheet §9)."""

    def write_parts(parts: list[batch.Part]) -> list[tuple[Response, str]]:
        work = Work(box.world, exchange.language, user)
        done: list[tuple[Response, str]] = []
        with box.world.store.transaction():
            for part in parts:
                done.append((service.write(work, part.exchange), part.content_id))
                work.warnings.clear()
        return done

    answered = batch.run(
        exchange,
        lambda part: _single(box, part, user),
        write_parts,
        lambda error, part: service.refusal(error, part.language),
    )
    kept = [(n, v) for n, v in answered.headers.items_with_repeats() if n.lower() != "dataserviceversion"]
    return Response(200, Headers([*kept, ("odata-version", "4.0")]), answered.content)
