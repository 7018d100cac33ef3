"""No webhook goes where it must not: by no spelling of an address, by no name, by no redirect, by no second lookup."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading

import pytest
from anyerp_hub.error import UnsafeAddress
from anyerp_hub.webhook import post as posting
from anyerp_hub.webhook.guard import Guard, resolve
from anyerp_hub.webhook.post import post
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from receiver import receiving

CLOSED = """
127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.192
192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255
::1 :: ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 2002:7f00:1:: 2001::1 2001:db8::1 3fff::1 fc00::1 fd12::1
fe80::1 fe80::1%eth0 fec0::1 ff02::1
""".split()
OPEN = "8.8.8.8 1.1.1.1 172.15.0.1 172.32.0.1 100.128.0.1 2606:4700:4700::1111 2a00:1450:4001::1".split()


def known(*addresses: str):
    return lambda host, port: addresses


@pytest.mark.parametrize("address", CLOSED)
def test_a_name_that_leads_to_a_closed_address_is_refused(address: str):
    with pytest.raises(UnsafeAddress, match="not open to webhooks"):
        Guard(resolver=known(address)).checked("hooks.example", 443)


@pytest.mark.parametrize("address", OPEN)
def test_a_public_address_is_allowed(address: str):
    assert Guard(resolver=known(address)).checked("hooks.example", 443) == [address]


def test_one_closed_address_among_many_is_enough_to_refuse():
    with pytest.raises(UnsafeAddress, match=r"10\.0\.0\.1"):
        Guard(resolver=known("8.8.8.8", "10.0.0.1")).checked("hooks.example", 443)


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1", "localhost", "::1"])
def test_no_spelling_of_loopback_gets_through_the_real_resolver(spelling: str):
    with pytest.raises(UnsafeAddress):
        Guard(resolver=resolve_here).checked(spelling, 443)


def resolve_here(host: str, port: int) -> list[str]:
    try:  # inet_aton is what the resolver makes of numbers; the suite's own guard refuses to look these up as names
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return resolve(host, port)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "ftp://hooks.example/x",
        "//hooks.example/x",
        "https://user@hooks.example/x",
        "https://user:pw@hooks.example/x",
        "https://hooks.example/x#y",
        "https://hooks.example:22/x",
        "https://hooks.example:99999/x",
        "https:///x",
        "https://hooks.example\\@127.0.0.1/",
        "https://hooks.exämple/",
        "https://hooks.example/a b",
        "",
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str):
    with pytest.raises(UnsafeAddress):
        Guard().address(url)


def test_a_closed_address_sees_no_socket():
    with receiving() as receiver:
        guard = Guard(plain=True, ports=(receiver.port,), resolver=known("127.0.0.1"))
        answer = post(receiver.url, {}, b"{}", guard, None)
        assert (answer.status, answer.delivered) == (None, False)
        assert "not open to webhooks" in str(answer.error)
        assert receiver.got == []


def test_a_name_that_changes_between_two_lookups_is_looked_up_once():
    with receiving() as receiver:
        answers = iter([["127.0.0.1"], ["10.0.0.1"]])
        guard = Guard(allow=("127.0.0.0/8",), plain=True, resolver=lambda host, port: next(answers))
        answer = post(f"http://hooks.example:{receiver.port}/x", {}, b"{}", guard, None)
        assert answer.delivered
        assert receiver.got[0].headers["host"] == f"hooks.example:{receiver.port}"
        assert next(answers) == ["10.0.0.1"]  # nobody asked again


def test_a_redirect_is_a_failure_and_is_not_followed():
    with receiving() as first, receiving() as second:
        first.says((302, {"Location": second.url}))
        answer = post(first.url, {}, b"{}", Guard(allow=("127.0.0.0/8",), plain=True), None)
        assert (answer.status, answer.delivered) == (302, False)
        assert second.got == []


def test_a_receiver_that_never_answers_is_given_up_at_the_deadline(monkeypatch):
    monkeypatch.setattr(posting, "DEADLINE", 0.3)
    with receiving() as receiver:
        receiver.hold = threading.Event()
        answer = post(receiver.url, {}, b"{}", Guard(allow=("127.0.0.0/8",), plain=True), None)
        assert answer.status is None
        assert "no answer within" in str(answer.error)
        assert answer.milliseconds < 2000


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return str(path)


def test_tls_is_checked_against_the_name_and_not_against_the_address(certificate: str):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=certificate)
    with receiving(server) as receiver:
        guard = Guard(allow=("127.0.0.0/8",), resolver=known("127.0.0.1"))
        there = f"https://hooks.example:{receiver.port}/x"
        assert post(there, {}, b"{}", guard, trusting).delivered
        other = post(there.replace("hooks", "other"), {}, b"{}", guard, trusting)
        stranger = post(there, {}, b"{}", guard, None)
        assert "certificate" in str(other.error).lower()
        assert "certificate" in str(stranger.error).lower()
        assert len(receiver.got) == 1


def test_every_closed_example_is_an_address_at_all():
    for text in CLOSED:
        ipaddress.ip_address(text)
