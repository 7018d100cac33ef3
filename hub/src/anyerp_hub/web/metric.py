"""Metrics in the text format of Prometheus: how many connections, jobs and deliveries stand where."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from fastapi import APIRouter, Response

from anyerp_hub.hub import Hub
from anyerp_hub.store import table
from anyerp_hub.web.auth import MayRead, TheHub
from anyerp_hub.web.problem import RESPONSES

router = APIRouter(tags=["operation"], responses=RESPONSES)
_C, _J, _D = table.connection.c, table.job.c, table.delivery.c
#: How a connection fares: its health while it is active, else how far it has come.
STANDING = sa.case((_C.lifecycle == "active", _C.health), else_=_C.lifecycle)


@router.get("/metrics", operation_id="metrics", response_class=Response)
def metrics(hub: TheHub, _: MayRead) -> Response:
    """Counts by state, for a scraper with a token that may read the hub."""
    text = "\n".join(_lines(hub)) + "\n"
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def standings(hub: Hub) -> dict[str, int]:
    """How many connections there are of each health, or lifecycle where they are not active."""
    with hub.database.read() as tx:
        rows = tx.execute(sa.select(STANDING, sa.func.count()).group_by(STANDING).order_by(STANDING))
        return {str(standing): count for standing, count in rows}


def _lines(hub: Hub) -> Iterator[str]:
    gauges = (
        ("connections", "Connections by connector and health.", ("connector", _C.connector), ("health", STANDING)),
        ("jobs", "Jobs by resource and state.", ("resource", _J.resource), ("state", _J.state)),
        ("deliveries", "Webhook deliveries by endpoint and state.", ("endpoint", _D.endpoint_id), ("state", _D.state)),
    )
    with hub.database.read() as tx:
        now = hub.database.now(tx)
        for name, about, (one, first), (other, second) in gauges:
            yield f"# HELP anyerp_hub_{name} {about}"
            yield f"# TYPE anyerp_hub_{name} gauge"
            query = sa.select(first, second, sa.func.count()).group_by(first, second).order_by(first, second)
            for row in tx.execute(query):
                yield f'anyerp_hub_{name}{{{one}="{row[0]}",{other}="{row[1]}"}} {row[2]}'
        oldest = tx.execute(sa.select(sa.func.min(_D.due_at)).where(_D.state == "pending")).scalar()
    late = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    yield "# HELP anyerp_hub_delivery_delay_seconds How long the oldest delivery that is due has waited."
    yield "# TYPE anyerp_hub_delivery_delay_seconds gauge"
    yield f"anyerp_hub_delivery_delay_seconds {late}"
