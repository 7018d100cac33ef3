"""Spans: one for each call, job and delivery, which tell what and how it went, and hold no secret."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from anyerp.errors import CredentialsRejected
from anyerp_hub import Hub
from anyerp_hub.trace import span
from anyerp_hub.webhook.guard import Guard
from opentelemetry import trace
from receiver import receiving
from sample import order

SAP, PO = "sap-s4hana", "purchase_orders"


class Seen(trace.NonRecordingSpan):
    """A span that remembers."""

    def __init__(self, name: str) -> None:
        super().__init__(trace.INVALID_SPAN_CONTEXT)
        self.name, self.facts, self.bad = name, {}, None

    def set_attribute(self, key, value) -> None:
        self.facts[key] = value

    def set_status(self, status, description=None) -> None:
        self.bad = status.description

    def record_exception(self, *_, **__) -> None:
        raise AssertionError("an exception's message may hold what is private")


@pytest.fixture
def spans(monkeypatch) -> list[Seen]:
    found: list[Seen] = []

    class Tracer(trace.NoOpTracer):
        @contextmanager
        def start_as_current_span(self, name, **options) -> Iterator[Seen]:
            assert options["record_exception"] is options["set_status_on_exception"] is False
            found.append(Seen(name))
            yield found[-1]

    monkeypatch.setattr(trace, "get_tracer", lambda _: Tracer())
    return found


def test_calls_jobs_and_deliveries_have_spans_without_a_secret(sqlite_url, keys, sap, spans):
    with Hub(sqlite_url, keys=keys, guard=Guard(allow=("127.0.0.0/8",), plain=True)) as hub, receiving() as receiver:
        made = hub.connect(SAP, **sap[1])
        endpoint = hub.webhooks.add(receiver.url + "?hush=1", events=["job.succeeded"])
        job = hub.jobs.submit(made.id, PO, [order()])
        hub.worker().work()
        hub.sender.send_due()
        sap[0].rotate_credentials()
        with pytest.raises(CredentialsRejected):
            list(hub.connection(made.id).vendors.list())
    by = {one.name: one for one in spans}
    sent = by["anyerp POST"]
    assert (sent.facts["anyerp.connection.id"], sent.facts["anyerp.connector"]) == (made.id, SAP)
    assert (sent.facts["anyerp.resource"], sent.facts["http.response.status_code"]) == (PO, 201)
    assert by["anyerp job create"].facts["anyerp.job.id"] == job.id
    assert by["anyerp webhook"].facts["anyerp.endpoint.id"] == endpoint.endpoint.id
    assert (by["anyerp GET"].bad, by["anyerp GET"].facts["error.type"]) == ("401", "401")
    text = repr([(one.name, one.facts, one.bad) for one in spans])
    password = dict(sap[1]["credentials"])["password"]
    for secret in (password, made.token, endpoint.secret, "hush", "127.0.0.1"):
        assert secret not in text


def test_a_block_that_raises_marks_its_span_by_the_code_alone(spans):
    with pytest.raises(CredentialsRejected), span("x", "client"):
        raise CredentialsRejected("password hunter2 was refused")
    assert (spans[0].bad, spans[0].facts) == (CredentialsRejected.code, {"error.type": CredentialsRejected.code})


def test_without_opentelemetry_nothing_is_traced_and_nothing_breaks(monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **options):
        if name.startswith("opentelemetry"):
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    with span("x", "client", anyerp__job__id="j") as quiet:
        quiet.say(a=1)
        quiet.failed("y")
    with pytest.raises(ValueError, match="stays"), span("x", "client"):
        raise ValueError("stays")
