"""A connector that does everything right passes every law, in process and over sockets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from acme_erp.connector import CONNECTOR, Table
from acme_erp.lens import ORDER
from acme_erp.sandbox import AcmeSandbox
from acme_mutants.bulk import Batches, batching
from acme_mutants.mutant import orders
from anyerp.connector import Context, Exemption, Flow
from anyerp.errors import ConfigError, UnknownConnector
from anyerp.lens import Changes, Codec, Map
from anyerp.testing import sandbox
from anyerp.testing.check import Report, check, judged, subject_of
from anyerp.testing.contract import LAWS


class Live:
    """An Acme that runs somewhere else: no handle, no faults, only an address."""

    def __init__(self) -> None:
        self._inner = AcmeSandbox()
        self.credentials = self._inner.credentials
        self.served = 0

    def settings(self, base_url: str) -> Mapping[str, Any]:
        return {"base_url": base_url}

    @contextmanager
    def serve(self) -> Iterator[str]:
        self.served += 1
        with sandbox.serve(self._inner) as url:
            yield url


@pytest.fixture(scope="module")
def report() -> Report:
    return check(CONNECTOR, entry="acme_erp")


def test_a_lawful_connector_passes_every_law(report: Report) -> None:
    assert report.failed == ()
    assert {result.law for result in report.results} == set(LAWS)


def test_a_connector_with_batches_of_its_own_passes_every_law() -> None:
    connector = batching(Batches("orders"))
    assert check(connector, entry="acme_erp").failed == ()


def test_laws_are_skipped_only_where_the_declaration_says_why(report: Report) -> None:
    skipped = {(r.law, r.resource): r.detail for r in report.results if r.outcome == "skipped"}
    assert set(skipped) == {
        (f"writes.{name}", "vendors") for name in ("same_key", "lost_after", "lost_before", "faults", "host")
    }
    assert all(detail == "no find: never: Acme's vendors carry no key of ours" for detail in skipped.values())


def test_the_report_lists_every_law_and_the_card(report: Report) -> None:
    text = report.text()
    for law in LAWS:
        assert f" {law}\n" in text
    assert "  absent ship_to.region                   never: Acme has no regions" in text
    assert "  rw     notes                            Notes" in text


def test_a_quick_check_is_the_same_each_time(report: Report) -> None:
    again = check(CONNECTOR, entry="acme_erp")
    assert [replace(r, seconds=0) for r in again.results] == [replace(r, seconds=0) for r in report.results]


@pytest.mark.slow
def test_a_live_server_is_started_once_and_checked_without_faults() -> None:
    lives: list[Live] = []

    def live() -> Live:
        lives.append(Live())
        return lives[-1]

    found = check(replace(CONNECTOR, sandbox=live), entry="acme_erp")
    assert found.failed == ()
    assert [server.served for server in lives] == [1]
    reasons = {result.law: result.detail for result in found.results if result.outcome == "skipped"}
    assert "this is a live server" in reasons["errors.reading"]
    assert any(result.law == "writes.create_get" and result.outcome == "passed" for result in found.results)


def test_settings_and_credentials_name_a_live_server() -> None:
    inner = AcmeSandbox()
    with sandbox.serve(inner) as url:
        subject = subject_of(CONNECTOR, settings={"base_url": url}, credentials=inner.credentials)
        result = judged(subject, LAWS["writes.same_key"], "purchase_orders")
    assert result.outcome == "passed"
    assert any(call.method == "POST" for call in inner.calls)


def test_an_exempted_law_counts_while_its_witness_still_fails() -> None:
    def fails() -> None:
        raise AssertionError("still so")

    exemption = Exemption("paging.inserts", "purchase_orders", "never: pages by offset only", fails)
    connector = replace(CONNECTOR, exemptions=(exemption,))
    result = judged(subject_of(connector), LAWS["paging.inserts"], "purchase_orders")
    assert (result.outcome, result.detail) == ("exempt", "never: pages by offset only")


def test_an_exemption_whose_witness_passes_is_out_of_date() -> None:
    exemption = Exemption("paging.inserts", "purchase_orders", "never: pages by offset only", lambda: None)
    connector = replace(CONNECTOR, exemptions=(exemption,))
    result = judged(subject_of(connector), LAWS["paging.inserts"], "purchase_orders")
    assert result.outcome == "failed"
    assert "exemption out of date" in result.detail


def test_a_witness_that_breaks_is_no_witness() -> None:
    exemption = Exemption("paging.inserts", "purchase_orders", "never: pages by offset only", lambda: 1 / 0)
    connector = replace(CONNECTOR, exemptions=(exemption,))
    result = judged(subject_of(connector), LAWS["paging.inserts"], "purchase_orders")
    assert result.outcome == "failed"
    assert "breaks (ZeroDivisionError)" in result.detail


def test_a_connector_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownConnector, match="no-such-erp"):
        check("no-such-erp")
    with pytest.raises(ConfigError, match="is no Connector"):
        check("acme_erp.connector:Table")


def test_every_law_says_why_and_what_to_do() -> None:
    for law in LAWS.values():
        for heading in ("Why: ", "Checked: ", "If it fails: ", "Exempt: "):
            assert heading in (law.check.__doc__ or ""), f"{law.id} lacks {heading}"


class StampsInParts(Table):
    """Orders whose stamp has a part that is zero once they were updated, as the second of a minute may be."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._updated: set[str] = set()

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """The order, its stamp in parts."""
        native = yield from super().get(ctx, id)
        return {**native, "Changed": {"second": 0 if id in self._updated else 59}}

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """Update, and know it."""
        yield from super().update(ctx, id, native, changes)
        self._updated.add(id)


def test_a_stamp_that_moves_to_zero_is_no_value_that_an_update_lost() -> None:
    second = Codec("second", decode=lambda value: datetime(2026, 1, 1, second=value, tzinfo=UTC), native=int)
    lens = ORDER.extended(Map("updated_at", "Changed/second", second, read_only=True))
    connector = orders(lens, StampsInParts("orders"))
    result = judged(subject_of(connector), LAWS["writes.unknown_fields"], "purchase_orders")
    assert (result.outcome, result.detail) == ("passed", "")
