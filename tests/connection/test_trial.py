"""The check of a connection names what is wrong: the name, the certificate, the clock, the role."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace

import anyerp
import httpx2
import pytest
from anyerp import Check
from anyerp.errors import PermissionDenied
from anyerp.transport import Limits
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tiny import ACCESS, CONNECTOR, Tiny, Wire
from tls import shaking_hands

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
QUICK = Limits(connect=2.0, total=5.0, retries=0)
#: Names, beginning and end of a certificate, who vouches for it, and what is said of it.
CERTIFICATES = {
    "expired": (["localhost"], -3, -1, "authority", "has ended", "certificate has expired"),
    "not valid yet": (["localhost"], 1, 3, "authority", "clock behind", "not yet valid"),
    "of another host": (["erp.example"], -1, 1, "authority", "for another host", "Hostname mismatch"),
    "self-signed": (["localhost"], -1, 1, "itself", "self-signed", "self-signed certificate"),
    "of nobody known": (["localhost"], -1, 1, "a stranger", "trust store", "unable to get local issuer"),
}


class Authority:
    """Issues certificates; or, with no name, is the certificate itself."""

    def __init__(self, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.own = self._made(self.name, self.key, [], NOW - DAY * 9, NOW + DAY * 9, ca=True)

    def issue(self, names: list[str], begin: int, end: int, *, own: bool = False) -> bytes:
        """Certificate and key as PEM; `own` lets it vouch for itself."""
        key = self.key if own else ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
        signer = Authority.__new__(Authority)
        signer.key, signer.name = self.key, subject if own else self.name
        made = signer._made(subject, key, names, NOW + DAY * begin, NOW + DAY * end, ca=False)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return private + made.public_bytes(serialization.Encoding.PEM)

    def _made(self, subject, key, names, begin, end, *, ca):
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if ca:
            usage = x509.KeyUsage(*[index in (5, 6) for index in range(9)])
            built = built.add_extension(usage, critical=True)
        if names:
            built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
        return built.sign(self.key, hashes.SHA256())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """An authority that is trusted here, one that is not, and the file that says so."""
    known = Authority("Authority")
    trust = tmp_path_factory.mktemp("trust") / "known.pem"
    trust.write_bytes(known.own.public_bytes(serialization.Encoding.PEM))
    return SimpleNamespace(known=known, stranger=Authority("Stranger"), trust=trust)


@pytest.fixture
def tls(tmp_path: Path) -> Iterator:
    """Serve TLS with a certificate; gives the port."""
    with ExitStack() as serving:

        def begin(pem: bytes) -> int:
            path = tmp_path / "server.pem"
            path.write_bytes(pem)
            return serving.enter_context(shaking_hands(path))

        yield begin


def tried(base_url: str, trust: Path | None = None):
    """What the check of a connection to an address says."""
    verify = ssl.create_default_context(cafile=str(trust)) if trust else True
    with httpx2.Client(verify=verify) as client:
        given = {**ACCESS, "settings": {"base_url": base_url}, "limits": QUICK}
        with anyerp.connect(CONNECTOR, client=client, **given) as erp:
            return erp.check()


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_certificate_is_told_by_what_is_wrong_with_it(authority, tls, kind):
    names, begin, end, signer, hint, said = CERTIFICATES[kind]
    by = authority.stranger if signer == "a stranger" else authority.known
    port = tls(by.issue(names, begin, end, own=signer == "itself"))
    trust = None if signer == "itself" else authority.trust
    (check,) = tried(f"https://localhost:{port}", trust)
    assert (check.name, check.kind, check.ok) == ("address", "address", False)
    assert said.lower() in check.detail.lower()
    assert hint in check.hint
    assert f"localhost:{port}" in check.detail


def test_a_name_that_cannot_be_resolved_is_told_alone():
    (check,) = tried("https://erp.invalid")
    assert (check.kind, check.ok) == ("address", False)
    assert "name cannot be resolved" in check.detail
    assert "DNS" in check.hint


def test_an_address_where_nobody_listens_is_told():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        (check,) = tried(f"http://127.0.0.1:{held.getsockname()[1]}")
    assert "refused the connection" in check.detail


class Meddled(Wire):
    """The way to Tiny, on which `meddle` may change an answer, or lose it; `calls` counts what was sent."""

    def __init__(self, meddle: Callable[[int, httpx2.Response], None]) -> None:
        super().__init__(Tiny())
        self.meddle, self.calls = meddle, 0

    def _answered(self, request, content):
        self.calls += 1
        response = super()._answered(request, content)
        self.meddle(self.calls, response)
        return response


def through(meddle: Callable[[int, httpx2.Response], None], connector=CONNECTOR) -> tuple[list[Check], Meddled]:
    """What the check says to a synchronous and to an asynchronous host: the same."""
    ways = Meddled(meddle), Meddled(meddle)

    async def go() -> list[Check]:
        async with anyerp.aconnect(
            connector, client=httpx2.AsyncClient(transport=ways[1]), **ACCESS, limits=QUICK
        ) as erp:
            return await erp.check()

    with anyerp.connect(connector, client=httpx2.Client(transport=ways[0]), **ACCESS, limits=QUICK) as erp:
        found = erp.check()
    also = asyncio.run(go())
    assert [(check.name, check.ok) for check in also] == [(check.name, check.ok) for check in found]
    return found, ways[0]


@pytest.mark.parametrize(
    ("off", "said"),
    [(-430, r"7 min \d+ s ahead of"), (430, r"7 min \d+ s behind"), (93_784, "1 d 2 h behind"), (30, "")],
)
def test_a_clock_that_is_off_is_told_by_how_much(off, said):
    moment = formatdate(time.time() + off, usegmt=True)
    (_, clock, *others), _ = through(lambda _, response: response.headers.update({"Date": moment}))
    assert clock.kind == "clock"
    assert clock.ok is (said == "")
    assert re.search(said or "agrees", clock.detail)
    assert clock.ok or "NTP" in clock.hint
    assert all(each.ok for each in others)


def test_of_an_answer_from_a_cache_the_clock_is_not_judged():
    old = {"Date": formatdate(time.time() - 9_000, usegmt=True), "Age": "9000"}
    found, _ = through(lambda _, response: response.headers.update(old))
    assert [check.name for check in found] == ["address", "vendors"]


SEVERAL = replace(CONNECTOR, resources=dict.fromkeys(("items", "vendors"), CONNECTOR.resources["vendors"]))


def test_where_the_address_does_not_answer_nothing_else_is_tried():
    def lose(_: int, response: httpx2.Response) -> None:
        raise httpx2.ReadError("lost")

    found, way = through(lose, SEVERAL)
    assert [(check.name, check.ok) for check in found] == [("address", False)]
    assert way.calls == 1


def test_a_hiccup_after_an_answer_is_of_its_resource():
    def lose(number: int, response: httpx2.Response) -> None:
        if number == 3:  # behind the token and the first resource
            raise httpx2.ReadError("lost")

    found, _ = through(lose, SEVERAL)
    assert [check.ok for check in found] == [True, True, False]


def test_a_closed_resource_is_told_with_what_opens_it():
    def close(_: int, response: httpx2.Response) -> None:
        response.status_code = 403

    (address, closed), _ = through(close)
    assert address.ok
    assert closed.facts["code"] == PermissionDenied.code
    assert "role" in closed.hint
