"""The door: who may come in, and how the others are turned away (netsuite sheet §2d)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyerp_netsuite.sandbox.auth.account import Account
from anyerp_netsuite.sandbox.auth.oauth1 import OAuth1
from anyerp_netsuite.sandbox.auth.oauth2 import OAuth2
from anyerp_netsuite.sandbox.auth.role import OAUTH, REST, TBA, Role
from anyerp_netsuite.sandbox.problem import Detail, Problem
from anyerp_netsuite.sandbox.request import Ask

_DETAIL = Detail(
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > "
    "User Management > View Login Audit Trail.",
    "INVALID_LOGIN",
)
_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")


@dataclass
class Gate:
    """Lets calls in by bearer token or TBA signature."""

    account: Account
    role: Role
    oauth1: OAuth1
    oauth2: OAuth2

    def admit(self, ask: Ask) -> None:
        """Raise a 401, whatever the reason; a 400 for a malformed bearer header."""
        header = ask.header("authorization")
        scheme, _, value = header.partition(" ")
        match scheme.lower():
            case "bearer":
                if not _BEARER.fullmatch(value.strip()):
                    raise self._malformed()
                if not self.oauth2.valid(value.strip()) or not self._permitted(OAUTH):
                    raise self.refused("Bearer", "invalid_token")
            case "oauth":
                if not self.oauth1.accepts(header, ask.method, ask.call.target, ask.origin) or not self._permitted(TBA):
                    raise self.refused("OAuth", "token_rejected")
            case _:
                raise self.refused("OAuth", "token_rejected")

    def refused(self, scheme: str, error: str) -> Problem:
        """The one refusal for every reason."""
        realm = self.account.realm
        challenge = f'{scheme} realm="{realm}", error="{error}", error_description="Invalid login attempt."'
        return Problem(401, (_DETAIL,), headers={"WWW-Authenticate": challenge})

    def _malformed(self) -> Problem:
        text = "The request could not be understood by the server due to malformed syntax."
        challenge = f'Bearer realm="{self.account.realm}", error="invalid_request", error_description="{text}"'
        detail = Detail(text, "INVALID_REQUEST", header="Authorization")
        return Problem(400, (detail,), section="#sec10.4.1", headers={"WWW-Authenticate": challenge})

    def _permitted(self, logon: str) -> bool:
        return self.role.has(REST) and self.role.has(logon)
