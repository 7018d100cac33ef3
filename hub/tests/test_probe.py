"""Probes find out what nobody asked for, rarely where it does not help, and not at all where traffic tells."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from anyerp.connector.registry import registry
from anyerp.errors import CredentialsRejected
from anyerp.testing.sandbox import answer_with, lose_before, serve
from anyerp.transport import Limits
from anyerp.wire import Response
from anyerp_hub import Hub
from anyerp_hub.connection.probe import wait_before_next
from anyerp_hub.connection.state import Health
from anyerp_sap.sandbox import S4Sandbox
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SAP = "sap-s4hana"


@pytest.fixture
def hub(url, keys, clock):
    with Hub(url, keys=keys, clock=clock, limits=Limits(total=1.0, retries=0)) as hub:
        yield hub


@pytest.fixture
def con(hub: Hub, sap) -> str:
    return hub.connect(SAP, **sap[1]).id


def probes(hub: Hub, sap, clock, minutes: float) -> int:
    """How many calls the ERP sees when the keeper looks every ten seconds for so many minutes."""
    before = len(sap[0].calls)
    for _ in range(int(minutes * 6)):
        clock.advance(seconds=10)
        hub.probe()
    return len(sap[0].calls) - before


def test_a_quiet_connection_is_probed_now_and_then(hub: Hub, sap, con, clock):
    assert 3 <= probes(hub, sap, clock, 60) <= 5
    assert hub.info(con).health == "ok"


def test_a_probe_finds_a_changed_password_before_anybody_calls(hub: Hub, sap, con, clock):
    sap[0].rotate_credentials()
    probes(hub, sap, clock, 20)
    assert hub.info(con).health == "needs_reauth"
    assert [event.type for event in hub.events(connection_id=con)].count("connection.reauthorization_required") == 1


def test_a_rejected_password_is_tried_rarely(hub: Hub, sap, con, clock):
    sap[0].rotate_credentials()
    probes(hub, sap, clock, 20)
    calls = len(sap[0].calls)
    for _ in range(3 * 24):
        clock.advance(hours=1)
        hub.probe()
    assert 3 <= len(sap[0].calls) - calls <= 8


def test_an_unreachable_system_is_probed_with_growing_waits_and_recovers_by_itself(hub: Hub, sap, con, clock):
    sap[0].faults.append(lose_before)
    first = probes(hub, sap, clock, 20)
    assert hub.info(con).health == "unreachable"
    later = probes(hub, sap, clock, 20)
    assert later < first
    sap[0].faults.clear()
    probes(hub, sap, clock, 20)
    assert hub.info(con).health == "ok"


def test_traffic_spares_the_probe(hub: Hub, sap, con, clock):
    for _ in range(12):
        clock.advance(minutes=5)
        hub.connection(con).vendors.page(page_size=1)
        before = len(sap[0].calls)
        hub.probe()
        assert len(sap[0].calls) == before


def test_a_paused_or_disconnected_connection_is_left_alone(hub: Hub, sap, con, clock):
    hub.pause(con)
    assert probes(hub, sap, clock, 30) == 0
    hub.disconnect(con)
    assert probes(hub, sap, clock, 30) == 0


def test_an_end_that_comes_near_is_told_ahead(hub: Hub, sap, con, clock):
    hub.reconnect(con, credentials_expire_at=clock.at + timedelta(days=20))
    assert hub.info(con).health == "ok"
    clock.advance(days=7)
    hub.probe()
    assert hub.info(con).health == "expiring"
    assert hub.events(connection_id=con)[-1].data["reason"] == "credentials_end_soon"


def test_a_certificate_says_itself_when_it_ends(hub: Hub, clock):
    sandbox = registry().connector("dynamics-bc").sandbox()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "client")])
    begin, end = clock.at - timedelta(days=100), clock.at + timedelta(days=20)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(begin).not_valid_after(end).sign(key, hashes.SHA256())
    with serve(sandbox) as base_url:
        given = {"settings": sandbox.settings(base_url), "credentials": sandbox.credentials}
        con = hub.connect("dynamics-bc", **given).id
        assert hub.info(con).credentials_expire_at is None
        pem = made.public_bytes(serialization.Encoding.PEM).decode()
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        certificate = {"client_id": given["credentials"]["client_id"], "certificate": pem, "private_key": private}
        hub.reconnect(con, credentials=certificate, check=False)
        assert hub.info(con).credentials_expire_at == end
        assert hub.info(con).health == "ok"
        clock.advance(days=7)
        hub.reconnect(con, credentials=certificate, check=False)
        assert hub.info(con).health == "expiring"
        other = end + timedelta(days=300)
        hub.reconnect(con, credentials=certificate, credentials_expire_at=other, check=False)
        assert (hub.info(con).credentials_expire_at, hub.info(con).health) == (other, "ok")


def test_a_hiccup_is_looked_into_soon_and_wakes_nobody(hub: Hub, sap, con, clock):
    sap[0].faults.append(answer_with(Response(401)))
    with pytest.raises(CredentialsRejected):
        hub.connection(con).vendors.page()
    sap[0].faults.clear()
    assert probes(hub, sap, clock, 1) >= 1
    assert hub.info(con).health == "ok"
    assert [event.type for event in hub.events(connection_id=con)] == ["connection.active"]


def test_the_waits_double_and_have_an_end():
    waits = [wait_before_next(Health.UNREACHABLE, n).total_seconds() for n in (1, 2, 3, 50)]
    assert waits == [30, 60, 120, 900]
    assert wait_before_next(Health.NEEDS_REAUTH, 50) == timedelta(hours=24)


def test_two_processes_share_the_probes(url, keys, clock, sap, con, hub):
    with Hub(url, keys=keys, clock=clock) as other:
        clock.advance(minutes=20)
        assert (hub.probe(), other.probe()) == (1, 0)


def test_a_probe_keeps_no_socket_for_what_nobody_uses(small: Hub, sap, clock):
    quiet, used = (small.connect(SAP, **sap[1]).id for _ in range(2))
    small.connection(used).vendors.page()
    clock.advance(minutes=20)
    assert small.probe() == 2
    assert list(small._pool._open) == [used]
    assert small.info(quiet).last_ok_at == clock.at


def test_an_erp_that_hangs_does_not_keep_the_others_waiting(small: Hub, sap, clock):
    hanging, quick, go_on = S4Sandbox(), sap[0], threading.Event()
    with serve(hanging) as base_url:
        small.connect(SAP, settings=hanging.settings(base_url), credentials=hanging.credentials)
        clock.advance(seconds=1)  # it is due first
        other = small.connect(SAP, **sap[1]).id
        hanging.faults.append(lambda call, proceed: go_on.wait(20) and proceed())
        clock.advance(minutes=20)
        before, looked = len(quick.calls), threading.Event()
        quick.faults.append(lambda call, proceed: looked.set() or proceed())
        small.start(workers=0, senders=0, probers=2)
        try:
            assert looked.wait(15)
            assert not go_on.is_set()
        finally:
            go_on.set()
            small.stop()
        assert len(quick.calls) > before
        assert small.info(other).last_ok_at == clock.at
