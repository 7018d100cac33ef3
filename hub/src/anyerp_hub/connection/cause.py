"""The four causes of a refused call, told apart: what happened, who must act, where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anyerp.errors import AnyErpError, CredentialsRejected, PermissionDenied, ReauthorizationRequired

from anyerp_hub.error import ScopeMissing, TokenRejected

Who = Literal["developer", "end_user", "admin"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a call was refused. `who` must act: the host's developer, the person who connected, the ERP's admin."""

    code: str
    who: Who
    action: str
    reconnect: bool = False


def cause_of(error: AnyErpError, resource: str | None = None) -> Cause | None:
    """The cause behind an error; None where it is none of the four."""
    match error:
        case TokenRejected():
            return Cause(error.code, "developer", error.hint or "use a valid token")
        case ScopeMissing():
            return Cause(error.code, "developer", error.hint or "use a token with this scope")
        case CredentialsRejected():
            given = getattr(error, "anyerp_hub_given", False)  # while it was tried, and not later on
            words = "the ERP does not accept the user, password or key that were given: give the right ones"
            if not given:
                words = "the ERP no longer accepts the stored user, password or key: enter them again"
            return Cause("credentials_rejected", "end_user", words, reconnect=True)
        case ReauthorizationRequired():
            words = "the consent, certificate or refresh token has ended: authorize again"
            return Cause("reauthorization_required", "end_user", words, reconnect=True)
        case PermissionDenied():
            about = f" for {resource}" if resource else ""
            return Cause("permission_denied", "admin", error.hint or f"give the ERP's user the permission{about}")
        case _:
            return None
