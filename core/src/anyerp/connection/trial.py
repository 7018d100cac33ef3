"""Trying a connection: does the address answer, do the clocks agree, who is let in, and what is open to them."""

from __future__ import annotations

from typing import Literal

from anyerp.connection.circuit import Breaker
from anyerp.connection.result import Check
from anyerp.errors import AnyErpError, ConfigError, CredentialsRejected, ReauthorizationRequired
from anyerp.wire import http_date

#: Seconds by which clocks may differ: the date of an answer counts whole ones, and it travels.
TOLERANCE = 60


class Trial:
    """One trial: `begin` before each resource, then `passed` or `failed`; `done` gives what was found.

    Rejected credentials are tried once and told of every resource: several ERPs lock a user after a few failures. Where
    the address does not answer, nothing else is tried.
    """

    def __init__(self, breaker: Breaker) -> None:
        self._breaker, self._heard = breaker, breaker.answers
        self._found: list[Check] = []
        self._rejected: AnyErpError | None = None
        self._silent: AnyErpError | None = None
        breaker.lost = None

    def begin(self) -> bool:
        """Whether it makes sense to try another resource. Raises what was said of rejected credentials before."""
        if self._rejected is not None:
            raise self._rejected
        return self._silent is None

    def passed(self, name: str) -> None:
        """A resource can be read."""
        self._found.append(Check(name, ok=True, detail="can be read"))

    def failed(self, name: str, error: AnyErpError) -> None:
        """A resource cannot be read, or nobody answers."""
        if isinstance(error, CredentialsRejected | ReauthorizationRequired):
            self._rejected = error
        elif self._breaker.answers == self._heard and self._breaker.lost is not None:
            self._silent = error
            return
        self._found.append(_failed(name, error))

    def done(self) -> list[Check]:
        """Everything that was found: the address, the clock where the ERP tells its own, each resource."""
        if self._silent is not None:
            return [_failed("address", self._silent, "address")]
        heard = [Check("address", ok=True, detail="answers", kind="address")] if self._asked else []
        return [*heard, *self._clock(), *self._found]

    @property
    def _asked(self) -> bool:
        return self._breaker.answers > self._heard

    def _clock(self) -> list[Check]:
        if not self._asked or self._breaker.dated is None:
            return []
        text, at = self._breaker.dated
        said = http_date(text)
        if said is None:
            return []
        skew = at - said
        if abs(skew) <= TOLERANCE:
            return [Check("clock", ok=True, detail="agrees with the ERP's", kind="clock")]
        way = "ahead of" if skew > 0 else "behind"
        error = ConfigError(
            f"this machine's clock is {_span(abs(skew))} {way} the ERP's",
            hint="set it by NTP, if it is not the ERP's that is wrong: signed calls and new tokens are refused by it",
        )
        return [_failed("clock", error, "clock")]


def _failed(name: str, error: AnyErpError, kind: Literal["address", "clock", "resource"] = "resource") -> Check:
    return Check(name, ok=False, detail=error.message, hint=error.hint, facts=error.to_dict(), kind=kind)


def _span(seconds: float) -> str:
    """So many days, hours, minutes and seconds, the two largest that are not zero."""
    left, parts = int(seconds), []
    for name, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2])
