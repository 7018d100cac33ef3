"""The sandbox of Business Central: API v2.0 with its quirks (dynamics sheet §2), from the sheet alone.

`Limits` sets what one user may ask; the strikes (`throttled`, `gateway_timeout_but_done`, ...) go with `Once` into
`BusinessCentralSandbox.faults`.
"""

from __future__ import annotations

from ..entra import DOMAIN, TENANT
from .gate import AUDIENCE
from .server import BusinessCentralSandbox
from .throttle import (
    Limits,
    gateway_timeout,
    gateway_timeout_but_done,
    tenant_unavailable,
    throttled,
    timed_out,
    timed_out_but_done,
    unavailable,
)

__all__ = [
    "AUDIENCE", "DOMAIN", "TENANT", "BusinessCentralSandbox", "Limits", "gateway_timeout", "gateway_timeout_but_done",
    "tenant_unavailable", "throttled", "timed_out", "timed_out_but_done", "unavailable",
]  # fmt: skip
