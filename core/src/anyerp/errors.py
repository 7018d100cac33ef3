"""Errors, sorted by what the caller should do.

    AnyErpError
     ├─ ConfigError                 mend the configuration, then try again
     │   └─ UnknownConnector        no installed plugin has this name
     ├─ AuthError                   somebody must act on the credentials
     │   ├─ CredentialsRejected     the ERP does not know this user, password or key (any more)
     │   ├─ ReauthorizationRequired a consent, certificate or refresh token has ended
     │   └─ PermissionDenied        known, but not allowed: name the missing role to the ERP's administrator
     ├─ NotSupported                this connector declares that it has no such operation
     ├─ NotFound                    no record with this id
     ├─ Conflict                    somebody else changed the record: read it again and decide
     ├─ InvalidRecord               the ERP refused the record's content
     ├─ MappingError                the unified and the native side do not meet
     │   ├─ NotRepresentable        this value would not survive in this ERP
     │   └─ UnexpectedPayload       the ERP answered in a form that nobody knows
     ├─ InvalidCursor               a continuation token that is not ours, or belongs to another list
     ├─ RateLimited                 wait, then try again
     ├─ Unavailable                 the ERP or the network is down for now
     └─ OutcomeUnknown              a write's answer was lost: look before you send again

Every error carries allow-listed facts only: never a header, never a body, never a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Retry = Literal["never", "later", "check_first"]


@dataclass(frozen=True, slots=True)
class Native:
    """What the ERP itself said of a problem: its code, its words, its field's name."""

    code: str | None = None
    message: str | None = None
    field: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"code": self.code, "message": self.message, "field": self.field}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (a JSON pointer into the unified record), what kind, in which words."""

    message: str
    pointer: str = ""
    code: str = "invalid"
    native: Native | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        native = self.native.to_dict() if self.native else None
        return {"pointer": self.pointer, "code": self.code, "message": self.message, "native": native}

    def __str__(self) -> str:
        return self.message


class AnyErpError(Exception):
    """The root of every error that anyerp raises.

    `retry` says whether and when trying again makes sense; `hint` what a person should do; `request_id` is the
    ERP's own name for the failed call; `status` the HTTP status; `retry_after` seconds that the ERP asked for.
    `certain` is set by a flow that wrote in several steps and knows what is left of them: everything was taken back,
    or the message names what is half there. Then nobody looks for the record, which could take half of it for done.
    """

    code: ClassVar[str] = "error"
    retry: Retry = "never"
    certain: bool = False

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        connector: str | None = None,
        request_id: str | None = None,
        status: int | None = None,
        problems: Iterable[Problem] = (),
        retry: Retry | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.connector = connector
        self.request_id = request_id
        self.status = status
        self.problems = tuple(problems)
        self.retry_after = retry_after
        if retry is not None:
            self.retry = retry

    def __str__(self) -> str:
        where = f"{self.connector}: " if self.connector else ""
        lines = [f"{where}{self.message}"]
        lines += [f"  - {p.message}" for p in self.problems if p.message != self.message]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The facts as plain values: what the command line prints and the HTTP service answers."""
        return {
            "code": self.code,
            "message": self.message,
            "retry": self.retry,
            "hint": self.hint,
            "connector": self.connector,
            "request_id": self.request_id,
            "status": self.status,
            "problems": [p.to_dict() for p in self.problems],
        }


class ConfigError(AnyErpError):
    """The settings, credentials or call cannot work as given."""

    code = "config"


class UnknownConnector(ConfigError):
    """No installed plugin offers a connector of this name."""

    code = "unknown_connector"


class AuthError(AnyErpError):
    """The ERP did not let us in."""

    code = "auth"


class CredentialsRejected(AuthError):
    """User, password, key or client secret are wrong or were changed in the ERP."""

    code = "credentials_rejected"


class ReauthorizationRequired(AuthError):
    """A consent, certificate or refresh token has ended: somebody must authorize again."""

    code = "reauthorization_required"


class PermissionDenied(AuthError):
    """The user is known but lacks a permission for this resource."""

    code = "permission_denied"


class NotSupported(AnyErpError):
    """The connector declares that this operation or field does not exist in this ERP."""

    code = "not_supported"


class NotFound(AnyErpError):
    """No record has this id."""

    code = "not_found"


class Conflict(AnyErpError):
    """The record was changed since it was read, or is locked. `current` is the record as it is now, where known."""

    code = "conflict"
    retry: Retry = "check_first"

    def __init__(self, message: str, *, current: Any = None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.current = current


class InvalidRecord(AnyErpError):
    """The ERP, or our own validation, refused the record's content."""

    code = "invalid_record"


class MappingError(AnyErpError):
    """The unified and the native form do not meet."""

    code = "mapping"


class NotRepresentable(MappingError):
    """A value of the record would not survive in this ERP; nothing was sent."""

    code = "not_representable"


class UnexpectedPayload(MappingError):
    """The ERP's answer has a form that the connector does not know."""

    code = "unexpected_payload"


class InvalidCursor(AnyErpError):
    """A continuation token that is damaged, or that belongs to another connection, resource or filter."""

    code = "invalid_cursor"


class RateLimited(AnyErpError):
    """Too many calls for now."""

    code = "rate_limited"
    retry: Retry = "later"


class Unavailable(AnyErpError):
    """The ERP or the way to it does not work for now; nothing was changed there."""

    code = "unavailable"
    retry: Retry = "later"


class OutcomeUnknown(AnyErpError):
    """A write was sent and its answer lost: it may or may not have been done."""

    code = "outcome_unknown"
    retry: Retry = "check_first"
