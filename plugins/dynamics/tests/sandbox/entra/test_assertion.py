"""Certificates: assertions that PyJWT signed, and the ways in which one is not good enough (dynamics sheet §1.1)."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from anyerp_dynamics.sandbox.entra.directory import self_signed

jwt = pytest.importorskip("jwt", reason="PyJWT is not installed")
x509 = pytest.importorskip("cryptography.x509", reason="cryptography is not installed")
rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def another_key():
    return rsa.generate_private_key(65537, 2048)


def thumbprint(pem, algorithm=hashlib.sha1):
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
    return urlsafe_b64encode(algorithm(der).digest()).rstrip(b"=").decode()


class Signer:
    def __init__(self, tenant, pair):
        certificate, self.kept = pair
        self.tenant = tenant
        self.client_id = tenant.entra.credentials["client_id"]
        tenant.entra.application.certificates.append(certificate)

    def assertion(self, *, key=None, algorithm="RS256", header=None, **claims):
        now = self.tenant.moment
        said = {
            "aud": self.tenant.url,
            "iss": self.client_id,
            "sub": self.client_id,
            "jti": "1",
            "nbf": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=10)).timestamp()),
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        known = {"x5t": thumbprint(self.kept["certificate"])} if header is None else header
        return jwt.encode(said, key or self.kept["private_key"], algorithm=algorithm, headers=known)

    def ask(self, assertion, kind=TYPE):
        return self.tenant.ask(client_secret=None, client_assertion=assertion, client_assertion_type=kind)

    def refused(self, assertion, kind=TYPE):
        form = {"client_secret": None, "client_assertion": assertion, "client_assertion_type": kind}
        return self.tenant.refused(**form)


@pytest.fixture(scope="module")
def pair():
    return self_signed("anyerp", datetime(2026, 4, 1, 9, 0, tzinfo=UTC))


@pytest.fixture
def signer(tenant, pair):
    return Signer(tenant, pair)


def test_a_registered_certificate_comes_with_its_private_key(tenant):
    kept = tenant.entra.certificate_credentials()
    assert set(kept) == {"client_id", "certificate", "private_key"}
    loaded = x509.load_pem_x509_certificate(kept["certificate"].encode())
    key = serialization.load_pem_private_key(kept["private_key"].encode(), None)
    assert loaded.public_key() == key.public_key()
    assert [each.thumbprint for each in tenant.entra.application.certificates] == [thumbprint(kept["certificate"])]


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_a_signed_assertion_gives_a_token(signer, algorithm):
    answer = signer.ask(signer.assertion(algorithm=algorithm))
    assert answer.status == 200
    assert signer.tenant.entra.read("Bearer " + answer.json()["access_token"]).client_id == signer.client_id


def test_the_certificate_may_be_named_by_its_sha256(signer):
    header = {"x5t#S256": thumbprint(signer.kept["certificate"], hashlib.sha256)}
    assert signer.ask(signer.assertion(header=header)).status == 200


def test_the_issuer_of_the_tenant_will_do_as_audience(signer):
    audience = f"https://login.microsoftonline.com/{signer.tenant.entra.tenant}/v2.0"
    assert signer.ask(signer.assertion(aud=audience)).status == 200


@pytest.mark.parametrize("header", [{}, {"x5t": "AAAA"}, {"kid": "something"}])
def test_an_unknown_certificate_is_not_registered(signer, header):
    assert signer.refused(signer.assertion(header=header)) == (401, "invalid_client", 700027)


def test_a_thumbprint_in_hexadecimal_is_unknown(signer):
    plain = x509.load_pem_x509_certificate(signer.kept["certificate"].encode()).fingerprint(hashes.SHA1()).hex().upper()
    assert signer.refused(signer.assertion(header={"x5t": plain})) == (401, "invalid_client", 700027)


def test_another_key_under_the_same_name_fails_the_signature(signer, another_key):
    answer = signer.ask(signer.assertion(key=another_key))
    assert (answer.status, answer.json()["error_codes"]) == (401, [700027])
    assert "signature" in answer.json()["error_description"]


def test_changed_claims_fail_the_signature(signer):
    head, _, signature = signer.assertion().split(".")
    _, body, _ = signer.assertion(jti="2").split(".")
    assert signer.refused(f"{head}.{body}.{signature}") == (401, "invalid_client", 700027)


@pytest.mark.parametrize(
    ("claims", "number"),
    [
        ({"aud": "https://elsewhere.example"}, 700023),
        ({"iss": "x"}, 700021),
        ({"sub": "x"}, 700021),
        ({"sub": None}, 700021),
    ],
)
def test_the_parties_must_be_right(signer, claims, number):
    assert signer.refused(signer.assertion(**claims)) == (401, "invalid_client", number)


def test_the_time_must_be_right(signer):
    early, late = signer.assertion(), signer.assertion(nbf=int((signer.tenant.moment + timedelta(hours=1)).timestamp()))
    assert signer.refused(late) == (401, "invalid_client", 700024)
    signer.tenant.later(minutes=14)
    assert signer.ask(early).status == 200  # five minutes of difference between clocks are forgiven
    signer.tenant.later(minutes=2)
    assert signer.refused(early) == (401, "invalid_client", 700024)


@pytest.mark.parametrize("assertion", ["x", "a.b", "a.b.c", "e30.e30.e30", "bnVsbA.bnVsbA.AA"])
def test_what_is_no_token_is_malformed(signer, assertion):
    assert signer.refused(assertion) == (400, "invalid_request", 50027)


def test_a_shared_secret_is_no_signature(signer):
    weak = signer.assertion(key="x" * 32, algorithm="HS256")
    assert signer.refused(weak) == (400, "invalid_request", 50027)


def test_the_kind_of_assertion_must_be_named(signer):
    assert signer.refused(signer.assertion(), kind="jwt") == (400, "invalid_request", 900144)


def test_an_expiry_is_needed(signer):
    assert signer.refused(signer.assertion(exp=None)) == (400, "invalid_request", 50027)


def test_rotation_takes_the_certificate_away(signer):
    signer.tenant.entra.rotate_credentials()
    assert signer.refused(signer.assertion()) == (401, "invalid_client", 700027)


def test_a_certificate_runs_out(signer):
    signer.tenant.later(days=366)
    assert signer.refused(signer.assertion()) == (401, "invalid_client", 700027)
