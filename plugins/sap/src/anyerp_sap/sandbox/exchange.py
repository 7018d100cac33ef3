"""One request as the OData layer sees it: address taken apart, language, format; who asks and when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, unquote_plus, urlsplit

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers

from anyerp_sap.sandbox.codes import LANGUAGES
from anyerp_sap.sandbox.errors import bad_request

ROOT = "/sap/opu/odata/sap/"
_SEGMENT = re.compile(r"(?:'(?:[^']|'')*'|[^'/])+")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request under `ROOT`, or one part of a `$batch`. `base` is scheme and host, `path` what follows the service."""

    method: str
    base: str
    service: str
    path: str
    query: dict[str, str]
    headers: Headers
    content: bytes
    language: str
    #: The query string as sent, for next links.
    raw_query: str = ""

    @property
    def root(self) -> str:
        """The service root as an absolute address."""
        return f"{self.base}{ROOT}{self.service}"

    @property
    def segments(self) -> list[str]:
        """The path's segments, decoded; a slash inside quotes does not divide."""
        return [unquote(part) for part in _SEGMENT.findall(self.path)]

    @property
    def wants_json(self) -> bool:
        """Whether JSON was asked for by `$format` or `Accept`; without, the answer is Atom XML (sap sheet §4)."""
        wanted = self.query.get("$format")
        return wanted == "json" if wanted is not None else "application/json" in self.headers.get("accept", "").lower()

    def option(self, name: str) -> str | None:
        """Give a query option."""
        return self.query.get(name)

    def part(self, method: str, target: str, headers: Headers, content: bytes) -> Exchange:
        """Make the exchange of a batch part, whose address is relative to the service root."""
        path, _, query = target.partition("?")
        return replace(
            self,
            method=method,
            path=path,
            query=parse_query(query),
            raw_query=query,
            headers=headers,
            content=content,
        )


def parse_query(text: str) -> dict[str, str]:
    """Take a query string apart; `+` is a blank, so that an unencoded offset of a stamp breaks (sap sheet §4)."""
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return {unquote_plus(name): unquote_plus(value) for name, _, value in pairs}


def language_of(query: dict[str, str], headers: Headers, default: str) -> str:
    """Choose the logon language: `sap-language`, then `Accept-Language`, then the user's own."""
    wanted = [query.get("sap-language", ""), *re.split(r"[,;]", headers.get("accept-language", ""))]
    for tag in wanted:
        code = tag.strip()[:2].upper()
        if code in LANGUAGES:
            return code
    return default


@dataclass(frozen=True, slots=True)
class Address:
    """The target of a call: host and path, and whether it lies under the OData root."""

    base: str
    path: str
    query: str
    odata: bool = field(default=False)

    @classmethod
    def of(cls, call: Call, base_url: str) -> Address:
        """Take a call's target apart; the host is the one that the client named."""
        parts = urlsplit(call.target)
        known = urlsplit(base_url)
        host = parts.netloc or call.headers.get("host", known.netloc)
        scheme = parts.scheme or (known.scheme if host == known.netloc else "http")
        return cls(f"{scheme}://{host}", parts.path, parts.query, parts.path.startswith(ROOT))


def make_exchange(call: Call, address: Address, default_language: str) -> Exchange:
    """Make the exchange of a call under `ROOT`. `;v=1` behind a service's name is its version."""
    rest = address.path.removeprefix(ROOT)
    name, _, path = rest.partition("/")
    query = parse_query(address.query)
    return Exchange(
        method=_method(call),
        base=address.base,
        service=name.removesuffix(";v=1").removesuffix(";v=0001"),
        path=path,
        query=query,
        raw_query=address.query,
        headers=call.headers,
        content=call.content,
        language=language_of(query, call.headers, default_language),
    )


def _method(call: Call) -> str:
    tunnelled = call.headers.get("x-http-method", "") if call.method == "POST" else ""
    method = tunnelled.upper() or call.method
    return "PATCH" if method == "MERGE" else method


def need_format(exchange: Exchange) -> None:
    """Refuse formats that the service does not write: a 400 for `$format`."""
    wanted = exchange.option("$format")
    if wanted not in (None, "json", "atom", "xml"):
        raise bad_request("/IWFND/CM_MGW/029", wanted)
