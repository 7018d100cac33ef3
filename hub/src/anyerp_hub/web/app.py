"""The app: routes, errors, headers. Serve it, or mount it in an app of your own."""

from __future__ import annotations

from typing import Any

from anyerp.errors import AnyErpError
from anyerp.model import RESOURCES
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from anyerp_hub.error import NoSuchThing
from anyerp_hub.hub import Hub
from anyerp_hub.web import connection, connector, flow, issue, job, metric, problem, record, watch, webhook
from anyerp_hub.web.auth import TheHub
from anyerp_hub.web.named import Named
from anyerp_hub.web.page import action, connect, consent, dashboard
from anyerp_hub.web.page.render import show_failed, wants_page


def create_app(hub: Hub, *, pages: bool = True) -> FastAPI:
    """Make the app that serves a hub, by itself (`uvicorn.run(app)`) or mounted in yours (`yours.mount("/erp", app)`).

    Without `pages` there is neither a connect page nor a dashboard.
    """
    app = FastAPI(title="anyerp hub", version="1", docs_url=None, redoc_url=None)
    app.add_middleware(Named)
    app.state.hub = hub
    app.include_router(record.router())  # first: routes are tried in turn, and these are called most
    for part in (connection, issue, job, watch, webhook, connector, flow, metric):
        app.include_router(part.router)
    if pages:
        app.include_router(consent.router)
        app.include_router(connect.router)
        app.include_router(dashboard.router)
        app.include_router(action.router)

    @app.exception_handler(AnyErpError)
    async def failed(request: Request, error: AnyErpError) -> Response:
        answer = problem.answer(request, error)
        return show_failed(request, error, answer.status_code) if pages and wants_page(request) else answer

    app.add_exception_handler(dashboard.SignIn, dashboard.ask_to_sign_in)

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: RequestValidationError) -> Response:
        return problem.of_validation(request, error)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        answer = problem.of_http(request, error)
        if not (pages and wants_page(request)):
            return answer
        return show_failed(request, NoSuchThing(str(error.detail)), answer.status_code)

    @app.get("/healthz", include_in_schema=False)
    def healthz(hub: TheHub) -> dict[str, str]:
        with hub.database.read() as tx:
            hub.database.now(tx)
        return {"status": "ok"}

    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, routes=app.routes)
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        for model in RESOURCES.values():
            made = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= made.pop("$defs", {})
            schemas[model.__name__] = made
        app.openapi_schema = found
    return app.openapi_schema
