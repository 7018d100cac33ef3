"""The gate: whom Business Central lets in (dynamics sheet §2.1).

A token of Entra for this service with the application permission `API.ReadWrite.All` is not enough: the application
must also be on the page "Microsoft Entra Applications" in Business Central itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..entra import BadToken, EntraSandbox
from .problem import Problem, unauthenticated

AUDIENCE = "https://api.businesscentral.dynamics.com"
ROLE = "API.ReadWrite.All"


class Gate:
    """Reads bearers. `entra` gives the tokens out; `registered` are the client ids that Business Central knows."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.entra = EntraSandbox(resource=lambda identifier: identifier == AUDIENCE, roles=(ROLE,), now=now)
        self.registered = {self.entra.application.client_id}

    def check(self, authorization: str | None) -> None:
        """Let a caller in. Raises `Problem` (401)."""
        try:
            bearer = self.entra.read(authorization)
        except BadToken:
            raise unauthenticated() from None
        if bearer.audience != AUDIENCE:
            raise unauthenticated()
        if ROLE not in bearer.roles or bearer.client_id not in self.registered:
            raise Problem(
                401,
                "Authentication_InvalidCredentials",
                "Web service call failed because user could not be authenticated or authorized.",
                {"WWW-Authenticate": "Bearer"},
            )
