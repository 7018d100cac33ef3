"""How Brickworks is asked, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Mapping

from anyerp.connector import Connector, Context, Flow, Limits, Request, Resource, Response, by_status
from anyerp.errors import AnyErpError, Native, Problem
from anyerp.kits.auth import client_credentials, forget_token

from anyerp_frozen.lens import VENDOR
from anyerp_frozen.order import PURCHASE_ORDER
from anyerp_frozen.sandbox import Brickworks
from anyerp_frozen.settings import Client, Settings
from anyerp_frozen.table import ORDERS, SUPPLIERS


def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
    """A bearer token, asked for once and kept until it ends."""
    secret = ctx.credentials.client_secret.get_secret_value()
    header = yield from client_credentials(ctx, f"{ctx.base_url}/oauth/token", ctx.credentials.client_id, secret)
    return {"Authorization": header}


def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """An error of ours for either shape of refusal; anything else by its status alone."""
    try:
        said = response.json()
        faults = said["errors"] if "errors" in said else [said["error"]]
        natives = [Native(str(it["code"]), str(it["message"]), it.get("field")) for it in faults]
    except (ValueError, KeyError, TypeError, AttributeError):
        return by_status(request, response)
    problems = [Problem(native.message or "refused", native=native) for native in natives]
    return by_status(request, response, problems[0].message if len(problems) == 1 else None, problems=problems)


CONNECTOR = Connector(
    name="frozen",
    title="Brickworks",
    settings=Settings,
    credentials=(Client,),
    base_url=lambda settings: str(settings.base_url),
    authorize=authorize,
    renew=forget_token,
    explain=explain,
    resources={
        "vendors": Resource(
            lens=VENDOR,
            rows="items",
            page=SUPPLIERS.page,
            get=SUPPLIERS.get,
            find=SUPPLIERS.find,
            create=SUPPLIERS.create,
            update=SUPPLIERS.update,
            updated_since="native",
            because={
                "delete": "never: Brickworks keeps its suppliers",
                "cancel": "never: a supplier is no document",
                "close": "never: a supplier is no document",
            },
        ),
        "purchase_orders": Resource(
            lens=PURCHASE_ORDER,
            rows="items",
            page=ORDERS.page,
            get=ORDERS.get,
            find=ORDERS.find,
            create=ORDERS.create,
            update=ORDERS.update,
            cancel=ORDERS.cancel,
            updated_since="native",
            because={
                "delete": "never: Brickworks keeps its orders",
                "close": "never: Brickworks closes orders by itself",
            },
        ),
    },
    sandbox=Brickworks,
    limits=Limits(page_size=50),
)
