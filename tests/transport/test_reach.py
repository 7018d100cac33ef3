"""When the ERP cannot be reached: the error says where it was looked for and what to look at."""

import datetime as dt
import socket

import httpx
import pytest
from anyerp.errors import ConfigError, OutcomeUnknown, Unavailable
from anyerp.transport import HttpTransport, Limits
from anyerp.transport.failure import after
from anyerp.wire import Request
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tls import shaking_hands

LIMITS = Limits(connect=2.0, total=20.0)


@pytest.fixture
def closed_port():
    with socket.socket() as held:  # bound but not listening: nobody else gets it meanwhile
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.parametrize("act", ["get", "post"])
def test_a_refused_connection_is_tried_again_and_then_named(any_caller, clock, closed_port, act):
    url = f"http://127.0.0.1:{closed_port}"
    transport = any_caller.transport(url, LIMITS, clock=clock)
    with pytest.raises(Unavailable, match=f"127.0.0.1:{closed_port} refused") as caught:
        getattr(any_caller, act)(transport, url + "/orders?token=canary", {"Authorization": "canary"})
    assert "check host and port" in str(caught.value)
    assert "canary" not in str(caught.value)
    assert caught.value.retry == "later"
    assert len(clock.slept) == 3  # a write, too: nothing had been sent


def test_a_name_without_an_address_is_told_apart_and_not_asked_for_again(any_caller, clock):
    transport = any_caller.transport("https://erp.invalid", LIMITS, clock=clock)
    with pytest.raises(Unavailable, match=r"erp\.invalid:443 has no address") as caught:
        any_caller.post(transport, "https://erp.invalid/orders")
    assert "DNS" in caught.value.hint
    assert clock.slept == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls_port(certificate):
    with shaking_hands(certificate) as port:
        yield port


def test_an_untrusted_certificate_is_told_apart_and_not_tried_again(any_caller, clock, tls_port):
    url = f"https://localhost:{tls_port}"
    client = any_caller.client(verify=True)
    transport = any_caller.transport(url, LIMITS, clock=clock, client=client)
    with pytest.raises(Unavailable, match=f"localhost:{tls_port} has a TLS certificate that is not trusted") as caught:
        any_caller.post(transport, url)
    assert "trust store" in caught.value.hint
    assert clock.slept == []


def test_an_http_port_called_by_https_is_told(caller, clock, wire):
    url = f"https://127.0.0.1:{wire.port}"
    with pytest.raises(Unavailable, match="does not speak TLS") as caught:
        caller.get(caller.transport(url, LIMITS, clock=clock), url)
    assert "http port" in caught.value.hint


def test_a_service_that_is_not_http_is_told(caller, clock, wire):
    wire.plays(wire.raw(b"SSH-2.0-canary\r\n"))
    with pytest.raises(Unavailable, match="does not speak HTTP") as caught:
        caller.get(caller.transport(wire.url, LIMITS, clock=clock), wire.url)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://a..invalid/", "http://xn--zzzzzz-.invalid/", f"http://{'a' * 300}.invalid/"])
def test_a_host_that_cannot_exist_is_an_error_of_ours(caller, clock, url):
    with pytest.raises((ConfigError, Unavailable)):
        caller.get(caller.transport(url, LIMITS, clock=clock), url)


def test_a_proxy_of_the_environment_is_used(own_caller, wire, no_proxies):
    no_proxies.setenv("HTTP_PROXY", wire.url)
    assert own_caller.get(own_caller.transport("http://erp.invalid"), "http://erp.invalid/x").status == 200
    assert wire.calls[0].target == "http://erp.invalid/x"


def test_a_proxy_that_does_not_answer_is_pointed_at(own_caller, clock, closed_port, no_proxies):
    no_proxies.setenv("HTTP_PROXY", f"http://user:canary@127.0.0.1:{closed_port}")
    transport = own_caller.transport("http://erp.invalid", LIMITS, clock=clock)
    with pytest.raises(Unavailable, match="HTTP_PROXY is set") as caught:
        own_caller.get(transport, "http://erp.invalid")
    assert "canary" not in str(caught.value)


def test_a_proxy_that_refuses_has_sent_nothing(own_caller, clock, wire, no_proxies):
    no_proxies.setenv("HTTPS_PROXY", wire.url)
    wire.plays(wire.reply(407, b"canary", "Proxy-Authenticate: Basic"))
    transport = own_caller.transport("https://erp.invalid", LIMITS, clock=clock)
    with pytest.raises(Unavailable, match="the proxy refuses") as caught:
        own_caller.post(transport, "https://erp.invalid/x", {"Authorization": "canary"})
    assert "canary" not in str(caught.value)
    assert {call.method for call in wire.calls} == {"CONNECT"}
    assert all(call.field("authorization") is None for call in wire.calls)


def test_an_environment_that_permits_no_client_is_a_config_error(own_caller, wire, no_proxies):
    no_proxies.setenv("HTTP_PROXY", "gopher://user:canary@127.0.0.1")
    with pytest.raises(ConfigError, match="HTTP client cannot be made") as caught:
        own_caller.post(own_caller.transport(wire.url), wire.url)
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


class Exploding(httpx.BaseTransport):
    """What a host may plug into its client: anything can come out of it."""

    def handle_request(self, request):
        raise KeyError(request.headers["authorization"])


def test_an_error_of_a_hosts_own_transport_comes_out_as_ours_without_its_text():
    with httpx.Client(transport=Exploding()) as client:
        transport = HttpTransport(client, LIMITS, trust_origin="http://erp")
        with pytest.raises(Unavailable, match="KeyError") as caught:
            transport.send(Request("GET", "/"), "http://erp", {"Authorization": "canary"})
        with pytest.raises(OutcomeUnknown) as caught:
            transport.send(Request("PUT", "/"), "http://erp", {"Authorization": "canary"})
    assert "canary" not in str(caught.value)


def chained(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind", "sent"),
    [
        (httpx.ProxyError("407 canary"), "proxy", False),
        (httpx.ConnectTimeout("canary"), "connect_timeout", False),
        (httpx.PoolTimeout("canary"), "pool", False),
        (chained(httpx.ConnectError("canary"), socket.gaierror(socket.EAI_AGAIN, "canary")), "dns", False),
        (chained(httpx.ConnectError("canary"), OSError("canary")), "connect", False),
        (
            chained(httpx.ConnectError("canary"), ExceptionGroup("all", [OSError(1, "x"), ConnectionRefusedError()])),
            "refused",
            False,
        ),
        (httpx.WriteTimeout("canary"), "timeout", True),
        (httpx.WriteError("canary"), "connection", True),
        (httpx.LocalProtocolError("canary"), "protocol", True),
        (OSError("canary"), "connection", True),
        (RuntimeError("canary"), "client", True),
    ],
)
def test_what_a_library_raises_is_sorted_by_whether_anything_was_sent(error, kind, sent):
    found = after(error, late=False)
    assert (found.kind, found.sent) == (kind, sent)
    assert "canary" not in f"{found.what}{found.hint}"
    assert after(error, late=True).kind == ("deadline" if sent else kind)
