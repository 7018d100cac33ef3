"""The guard: an endpoint must be a public HTTPS address, and what is called is the address that was checked.

A name is resolved once for each delivery, every address that it has is looked at, and the connection is made to one of
these addresses; the name is only used for TLS and the Host header. There is no second lookup to lie in.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from anyerp_hub.error import UnsafeAddress

Resolver = Callable[[str, int], Sequence[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Not `is_global`: it calls several of these global, differently in each Python (CVE-2024-4032). Registries of IANA.
_CLOSED = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
    ).split()
]
_OPEN6 = ipaddress.ip_network("2000::/3")  # whatever is not global unicast is closed, embedded IPv4 included


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the machine's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """What endpoints may be. `allow` opens private networks by name (a receiver of one's own), `plain` opens http."""

    allow: tuple[str, ...] = ()
    plain: bool = False
    ports: tuple[int, ...] = (443, 8443)
    resolver: Resolver = field(default=resolve)

    def address(self, url: str) -> tuple[str, int]:
        """The host and port of a URL. Raises `UnsafeAddress` for what is no plain address of an endpoint."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise UnsafeAddress("this is no URL") from None
        if parts.scheme != "https" and not (self.plain and parts.scheme == "http"):
            raise UnsafeAddress(f"a webhook endpoint is reached by https, not by {parts.scheme or 'nothing'}")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise UnsafeAddress("a webhook endpoint has neither user, password nor fragment in its URL")
        if not parts.hostname or not url.isascii() or any(c.isspace() or c == "\\" for c in url):
            raise UnsafeAddress("this is no URL")
        port = port or (443 if parts.scheme == "https" else 80)
        if not self.allow and port not in self.ports:
            raise UnsafeAddress(f"port {port} is not open to webhooks", hint=f"use one of {self.ports}")
        return parts.hostname, port

    def checked(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of which may be called. Raises `UnsafeAddress`, `OSError`."""
        found = list(self.resolver(host, port))
        if not found:
            raise UnsafeAddress(f"{host} has no address")
        closed = [text for text in found if not self._open(text)]
        if closed:
            raise UnsafeAddress(
                f"{host} leads to {closed[0]}, which is not open to webhooks",
                hint="an operator may open a network of their own: Guard(allow=...)",
            )
        return found

    def _open(self, text: str) -> bool:
        try:
            address: Address = ipaddress.ip_address(text)
        except ValueError:
            return False
        if any(address in ipaddress.ip_network(network) for network in self.allow):
            return True
        if address.version == 6 and address not in _OPEN6:
            return False
        return not any(address.version == net.version and address in net for net in _CLOSED)
