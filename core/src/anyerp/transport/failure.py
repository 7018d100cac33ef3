"""Failures of the network, sorted: had anything been sent, may it help to try again, what should a person look at.

The HTTP libraries' own errors are read by class name (httpx and httpx2 have the same names and no common base), their
texts are never repeated: they hold header values, URLs and bytes of the answer.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from anyerp.errors import AnyErpError, ConfigError, OutcomeUnknown, Unavailable, UnexpectedPayload
from anyerp.transport.origin import Origin


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt without an answer.

    `what` completes the sentence "host:port ...". `sent` says that the ERP may have seen the request. `again` says
    that another attempt may help. `fault` is the kind of error when it is not simply the network's.
    """

    kind: str
    what: str
    hint: str | None = None
    sent: bool = True
    again: bool = True
    fault: type[AnyErpError] = Unavailable

    def error(self, method: str, origin: Origin, *, writes: bool, tries: int) -> AnyErpError:
        """Make the error for the caller, by what the failure means for this request."""
        times = f" ({tries} attempts)" if tries > 1 else ""
        hint = self.hint
        if self.kind in _ON_THE_WAY and (variable := _proxy(origin)):
            hint = f"{hint} {variable} is set: the trouble may be with that proxy."
        if writes and self.sent:
            return OutcomeUnknown(
                f"{origin.place} {self.what}; the {method} was sent and may or may not have been done",
                hint="Look whether the record is there before sending it again.",
            )
        return self.fault(f"{origin.place} {self.what}{times}", hint=hint)


_UNKNOWN_ISSUER = "Add the issuing authority to the system's trust store, or check host name and clock."
#: By OpenSSL's code for what is wrong (X509_V_ERR_*).
_DISTRUST = {
    9: "It is not valid yet: is this machine's clock behind?",
    10: "It has ended: whoever runs the server must renew it. If it is new, this machine's clock is ahead.",
    18: "It is self-signed: add it to the system's trust store, or have one issued by an authority.",
    19: "Its chain ends in an authority unknown here: add that to the system's trust store.",
    62: "It is for another host: check the address, which must be one of the names in the certificate.",
    64: "It is for another host: give the name in the certificate instead of the IP address.",
}
_ON_THE_WAY = frozenset({"connect", "connect_timeout", "dns", "refused", "tls"})


def _proxy(origin: Origin) -> str | None:
    """Name the environment variable that sends calls to this origin through a proxy, if one does."""
    from urllib.request import getproxies_environment, proxy_bypass  # noqa: PLC0415

    proxies = getproxies_environment()
    scheme = next((one for one in (origin.scheme, "all") if one in proxies), None)
    if scheme is None or proxy_bypass(origin.place):
        return None
    return f"{scheme.upper()}_PROXY"


LATE = Failure("deadline", "did not give a whole answer before the deadline", again=False)
FULL = Failure(
    "in_flight",
    "was not called: all places in flight of this account stayed taken until the deadline",
    hint="Raise Limits.max_in_flight if the ERP permits it, or send less at a time.",
    sent=False,
    again=False,
)


UNCARRIED = Failure(
    "request",
    "was not called: the HTTP client cannot carry this request",
    hint="The URL holds characters that are not allowed there.",
    sent=False,
    again=False,
    fault=ConfigError,
)


def bad_body(what: str) -> Failure:
    """The answer came, but cannot be taken: too large, or damaged in its packing."""
    return Failure("body", f"gave an answer that cannot be taken: {what}", again=False, fault=UnexpectedPayload)


def after(error: BaseException, *, late: bool) -> Failure:
    """Sort what an HTTP library raised; `late` says that the deadline had passed by then."""
    found = _read(error)
    return LATE if late and found.sent else found


def _read(error: BaseException) -> Failure:
    names = {cls.__name__ for cls in type(error).__mro__}
    causes = tuple(_causes(error))
    if "ProxyError" in names:
        return Failure(
            "proxy",
            "cannot be reached: the proxy refuses",
            hint="Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and the proxy's own credentials.",
            sent=False,
        )
    if "ConnectTimeout" in names:
        return Failure(
            "connect_timeout",
            "did not accept a connection in time",
            hint="A firewall or a VPN that is not up usually looks like this; check host and port.",
            sent=False,
        )
    if "ConnectError" in names:
        return _connect(causes)
    if "PoolTimeout" in names:
        return Failure("pool", "was not called: the HTTP client had no free connection", sent=False)
    if names & {"InvalidURL", "UnsupportedProtocol"}:
        # Our own URL was read before: the libraries read `Location` even when they are told not to follow it.
        return Failure("redirect", "answers by a redirect that no URL can be made of", again=False, fault=ConfigError)
    if names & {"ReadTimeout", "WriteTimeout", "TimeoutException", "TimeoutError"}:
        return Failure("timeout", "did not answer in time")
    if "ProtocolError" in names:
        return Failure(
            "protocol",
            "broke off, or does not speak HTTP",
            hint="If it happens every time: is it an https port called by http, or another service?",
        )
    if names & {"TransportError", "OSError", "EndOfStream"}:
        return Failure("connection", "broke the connection")
    return Failure("client", f"was called by an HTTP client that failed ({type(error).__name__})", again=False)


def _connect(causes: tuple[BaseException, ...]) -> Failure:
    """Say why no connection came about, from the causes of a `ConnectError`."""
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return Failure(
                "dns",
                "has no address: its name cannot be resolved",
                hint="Check the host's spelling, DNS and VPN.",
                sent=False,
                again=cause.errno == socket.EAI_AGAIN,
            )
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure(
                "certificate",
                f"has a TLS certificate that is not trusted here ({_plain(cause.verify_message)})",
                hint=_DISTRUST.get(cause.verify_code, _UNKNOWN_ISSUER),
                sent=False,
                again=False,
            )
        if isinstance(cause, ssl.SSLError):
            return Failure(
                "tls",
                "does not speak TLS with us",
                hint="Is it an http port called by https? Does the server offer TLS 1.2 or later?",
                sent=False,
                again=False,
            )
        if isinstance(cause, ConnectionRefusedError):
            return Failure(
                "refused", "refused the connection", hint="Nothing listens there: check host and port.", sent=False
            )
    return Failure("connect", "cannot be reached", hint="Check host, port, network and VPN.", sent=False)


def _plain(text: str) -> str:
    """Keep OpenSSL's reason (a fixed phrase) and drop what it quotes after it."""
    return text.partition(":")[0].partition(",")[0].strip() or "verification failed"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk the error, its causes and the members of groups, at most a few dozen."""
    waiting: list[BaseException] = [error]
    for _ in range(32):
        if not waiting:
            return
        one = waiting.pop(0)
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        waiting.extend(e for e in (one.__cause__, one.__context__) if e is not None)
