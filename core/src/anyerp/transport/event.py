"""Events: what may be told of a request. Facts from a fixed list, no value of a header, a query or a body."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from anyerp.transport.failure import Failure
from anyerp.transport.origin import Origin, redacted
from anyerp.wire import Response

Observer = Callable[[dict[str, Any]], object]

_log = logging.getLogger("anyerp.transport")


def report(
    observe: Observer,
    method: str,
    origin: Origin,
    target: str,
    outcome: Response | Failure,
    attempt: int,
    sent: int,
    elapsed: float,
) -> None:
    """Tell an observer of one attempt.

    `elapsed` is in seconds and includes the wait for a place in flight, `sent` and `received` are bytes of the
    (decoded) bodies, `params` the names in the query, `error` a word for what went wrong on the way. An observer that
    fails is noted in the log `anyerp.transport` and does no harm.
    """
    path, params = redacted(target)
    event = {
        "event": "request",
        "method": method,
        "scheme": origin.scheme,
        "host": origin.host,
        "port": origin.port,
        "path": path,
        "params": params,
        "attempt": attempt,
        "status": outcome.status if isinstance(outcome, Response) else None,
        "error": outcome.kind if isinstance(outcome, Failure) else None,
        "elapsed": elapsed,
        "sent": sent,
        "received": len(outcome.content) if isinstance(outcome, Response) else 0,
    }
    try:
        observe(event)
    except Exception as error:  # noqa: BLE001
        _log.warning("an observer failed: %s", type(error).__name__)
