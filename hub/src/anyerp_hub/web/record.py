"""The unified routes: the same for every ERP; the token says which connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal

from anyerp.errors import InvalidRecord, Problem
from anyerp.model import RESOURCES
from anyerp.model.base import Record
from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from anyerp_hub.vault.token import READ, WRITE
from anyerp_hub.web.auth import Bearer, opened, the_hub
from anyerp_hub.web.idempotency import once
from anyerp_hub.web.moment import Moment
from anyerp_hub.web.problem import RESPONSES

LARGEST = 4 * 1024 * 1024
Limit = Annotated[int, Query(ge=1, le=500, description="Records a page.")]
Include = Annotated[list[Literal["raw"]], Query(description="`raw`: the native record as well.")]


_LISTS = ("created", "updated")


class _Since(BaseModel):
    """Where the caller stands; null is the beginning. `deletions` looks for what is gone, where that costs more."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    state: str | None = None
    deletions: bool = False


_STATE: dict[str, Any] = {
    "openapi_extra": {"requestBody": {"content": {"application/json": {"schema": _Since.model_json_schema()}}}}
}


def router() -> APIRouter:
    """Routes for every resource of the model."""
    found = APIRouter(prefix="/v1", responses=RESPONSES)
    for name, model in RESOURCES.items():
        _routes(found, name, model)
    return found


def _routes(router: APIRouter, name: str, model: type[Record]) -> None:
    title, every = name.replace("_", " "), TypeAdapter(tuple[model, ...])  # type: ignore[valid-type]
    body = _body(model)

    def list_(
        request: Request,
        token: Bearer,
        limit: Limit = 100,
        cursor: str | None = None,
        updated_since: Moment | None = None,
        include: Include = [],  # noqa: B006 - FastAPI's way
    ) -> Response:
        if updated_since is not None and updated_since.tzinfo is None:
            raise InvalidRecord("updated_since needs a zone", problems=[Problem("no zone", "/query/updated_since")])
        erp = opened(request, token, name, READ)
        page = erp.collection(name).page(cursor, updated_since=updated_since, page_size=limit, raw="raw" in include)
        data = _many(every, page.records)
        rejected = [{"reasons": [problem.to_dict() for problem in each.reasons]} for each in page.rejected]
        rest = json.dumps({"next_cursor": page.cursor, "rejected": rejected})
        return Response(f'{{"data":{data},{rest[1:]}', media_type="application/json")

    def get(request: Request, token: Bearer, id: str, include: Include = []) -> Response:  # noqa: B006
        return _one(opened(request, token, name, READ).collection(name).get(id, raw="raw" in include))

    async def create(request: Request, token: Bearer, *, dry_run: bool = False) -> Response:
        content = await _content(request)
        return await run_in_threadpool(_create, request, token, name, model, content, dry_run)

    async def update(request: Request, token: Bearer, id: str) -> Response:
        content = await _content(request)
        return await run_in_threadpool(_update, request, token, name, model, id, content)

    async def delete(request: Request, token: Bearer, id: str) -> Response:
        return await run_in_threadpool(_delete, request, token, name, id)

    async def changes(request: Request, token: Bearer) -> Response:
        content = await _content(request)
        return await run_in_threadpool(_changes, request, token, name, content)

    page = {"type": "object", "properties": _page(model)}
    ok = {200: {"description": "A page", "content": {"application/json": {"schema": page}}}}
    one = {"description": f"One of the {title}", "content": {"application/json": {"schema": _ref(model)}}}
    router.add_api_route(f"/{name}/changes", _no_id, methods=["GET", "PATCH", "DELETE"], include_in_schema=False)
    for path, call, method, more in (
        ("", list_, "GET", {"responses": ok, "summary": f"List {title}"}),
        ("/{id}", get, "GET", {"responses": {200: one}, "summary": f"Get one of the {title}"}),
        ("", create, "POST", {"responses": {201: one, 200: {"description": "A dry run's plan"}}, **body,
                              "status_code": 201, "summary": f"Create one of the {title}"}),
        ("/{id}", update, "PATCH", {"responses": {200: one}, **body, "summary": f"Update one of the {title}"}),
        ("/{id}", delete, "DELETE", {"status_code": 204, "summary": f"Delete one of the {title}"}),
        ("/changes", changes, "POST", {"summary": f"What changed of the {title} since a state", **_STATE,
                              "responses": {200: _changed(model)}}),
    ):  # fmt: skip
        _add(router, f"/{name}{path}", call, method, f"{call.__name__.strip('_')}_{name}", title, more)
    for ending in ("cancel", "close"):
        _add(
            router, f"/{name}/{{id}}/{ending}", _ending(name, ending), "POST", f"{ending}_{name}", title,
            {"responses": {200: one}, "summary": f"{ending.capitalize()} one of the {title}"},
        )  # fmt: skip


def _no_id() -> None:
    """`changes` is an address of its own, and no record's id."""
    raise HTTPException(405)


def _add(
    router: APIRouter, path: str, call: Callable[..., Any], method: str, id: str, tag: str, more: dict[str, Any]
) -> None:
    router.add_api_route(path, call, methods=[method], operation_id=id, tags=[tag], response_model=None, **more)


def _ending(name: str, ending: str) -> Callable[..., Any]:
    def end(request: Request, token: Bearer, id: str) -> Response:
        collection = opened(request, token, name, WRITE).collection(name)
        call = collection.cancel if ending == "cancel" else collection.close
        return _one(call(id, version=_if_match(request)))

    return end


def _create(request: Request, token: Any, name: str, model: type[Record], content: bytes, dry_run: bool) -> Response:
    record = parsed(model, content)
    collection = opened(request, token, name, WRITE).collection(name)
    if dry_run:
        plan = collection.create(record, dry_run=True)
        requests = [{"method": one.method, "url": one.url, "body": one.body} for one in plan.requests]
        lost = [problem.to_dict() for problem in plan.problems]
        text = json.dumps({"requests": requests, "native": plan.native, "problems": lost}, default=str)
        return Response(text, media_type="application/json")

    key = getattr(record, collection._operations.resource.key_field, None)  # noqa: SLF001
    keyed = key if isinstance(key, str) and collection._operations.resource.find is not None else None  # noqa: SLF001

    def write() -> Response:
        done = collection.create(record, key=keyed)
        response = _one(done.record, 201)
        response.headers["Location"] = f"/v1/{name}/{done.record.id}"
        response.headers["Anyerp-Settled"] = done.settled
        return response

    return once(the_hub(request).database, request, token, content, write, again=bool(keyed))


def _update(request: Request, token: Any, name: str, model: type[Record], id: str, content: bytes) -> Response:
    record = parsed(model, content)
    facts: dict[str, Any] = {"id": id}
    version = _if_match(request)
    if version is not None:
        facts["version"] = version
    collection = opened(request, token, name, WRITE).collection(name)
    record = record.model_copy(update=facts)

    def write() -> Response:
        return _one(collection.update(record).record)

    return once(the_hub(request).database, request, token, content, write, again=True)


def _delete(request: Request, token: Any, name: str, id: str) -> Response:
    opened(request, token, name, WRITE).collection(name).delete(id, version=_if_match(request))
    return Response(status_code=204)


def _changes(request: Request, token: Any, name: str, content: bytes) -> Response:
    try:
        given = _Since.model_validate_json(content or b"{}")
    except ValidationError as error:
        raise InvalidRecord("the body is {state, deletions}", problems=_problems(error)) from None
    found = opened(request, token, name, READ).collection(name).changes(given.state, deletions=given.deletions)
    lists = [f'"{each}":[{",".join(_json(record) for record in getattr(found, each))}]' for each in _LISTS]
    rest = json.dumps({"deleted": found.deleted, "state": found.state})
    return Response(f"{{{','.join(lists)},{rest[1:]}", media_type="application/json")


def parsed(model: type[Record], content: bytes) -> Record:
    """A record from a body. Raises `InvalidRecord` pointing to each field."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise InvalidRecord("the record does not fit the model", problems=_problems(error)) from None


def _problems(error: ValidationError) -> list[Problem]:
    return [
        Problem(each["msg"], "".join(f"/{part}" for part in each["loc"]), "invalid")
        for each in error.errors(include_input=False, include_url=False, include_context=False)
    ]


async def _content(request: Request) -> bytes:
    size = request.headers.get("content-length", "0")
    if size.isdigit() and int(size) > LARGEST:
        raise InvalidRecord(f"a body of more than {LARGEST} bytes is not taken", hint="send a job")
    return await request.body()


def _json(record: Record) -> str:
    return record.model_dump_json(exclude_none=True)


def _many(every: TypeAdapter[Any], records: tuple[Record, ...]) -> str:
    """Records as JSON, in one call: half of the time of one call for each."""
    return every.dump_json(records, exclude_none=True).decode()


def _one(record: Record, status: int = 200) -> Response:
    headers = {"ETag": json.dumps(record.version)} if record.version and record.version.isascii() else None
    return Response(_json(record), status, headers, "application/json")


def _if_match(request: Request) -> str | None:
    given = request.headers.get("if-match")
    if given is None or given == "*":
        return None
    try:
        found = json.loads(given.removeprefix("W/"))
    except ValueError:
        found = given
    return str(found)


def _ref(model: type[Record]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _page(model: type[Record]) -> dict[str, Any]:
    return {
        "data": {"type": "array", "items": _ref(model)},
        "next_cursor": {"type": ["string", "null"]},
        "rejected": {"type": "array", "items": {"type": "object"}},
    }


def _changed(model: type[Record]) -> dict[str, Any]:
    records = {"type": "array", "items": _ref(model)}
    ids = {"type": "array", "items": {"type": "string"}}
    lists = {"created": records, "updated": records, "deleted": ids, "state": {"type": "string"}}
    schema = {"type": "object", "properties": lists, "required": list(lists)}
    return {"description": "What changed", "content": {"application/json": {"schema": schema}}}


def _body(model: type[Record]) -> dict[str, Any]:
    content = {"application/json": {"schema": _ref(model)}}
    return {"openapi_extra": {"requestBody": {"required": True, "content": content}}}
