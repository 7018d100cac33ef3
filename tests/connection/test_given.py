"""What a connection knows of every record and no answer says: a resource gives it, and the lens reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from anyerp.lens import Derived, text
from tiny import BASE, CONNECTOR, VENDOR, Tiny, connect


def page(id, at):
    return f"{at}/#vendor={id}"


LENS = VENDOR.extended(Derived("url", page, native=(("id", text(9)), ("_at", text(99)))))
VENDORS = replace(CONNECTOR.resources["vendors"], lens=LENS, given=lambda ctx: {"_at": ctx.settings.base_url})


@pytest.fixture
def tiny():
    return Tiny()


@pytest.fixture
def erp(tiny):
    with connect(tiny, replace(CONNECTOR, resources={"vendors": VENDORS})) as connection:
        yield connection


@pytest.mark.parametrize("asked", [{}, {"fields": ("url",)}, {"raw": True}])
def test_every_listed_record_has_it_and_no_native_payload(erp, asked):
    records = list(erp.vendors.list(**asked))
    assert [record.url for record in records] == [f"{BASE}/#vendor={id:03}" for id in range(1, 8)]
    assert all("_at" not in (record.raw or {}) for record in records)


def test_the_good_records_of_a_page_have_it_where_a_bad_one_is_set_aside(tiny, erp):
    tiny.rows["002"]["name"] = 5
    assert [record.url for record in erp.vendors.list()][:2] == [f"{BASE}/#vendor=001", f"{BASE}/#vendor=003"]


def test_a_single_record_has_it_and_writing_it_back_sends_none_of_it(tiny, erp):
    record = erp.vendors.get("001")
    assert record.url == f"{BASE}/#vendor=001"
    erp.vendors.update(record.model_copy(update={"name": "New"}))
    assert [body for method, _, body in tiny.calls if method == "PATCH"] == [{"name": "New"}]
    assert erp.vendors.update(erp.vendors.get("001"), dry_run=True).requests == ()


def test_two_connections_of_one_connector_do_not_mix_theirs(tiny):
    connector = replace(CONNECTOR, resources={"vendors": VENDORS})
    other = "https://other.example"
    with connect(tiny, connector) as one, connect(Tiny(), connector, settings={"base_url": other}) as two:
        assert next(iter(one.vendors.list())).url == f"{BASE}/#vendor=001"
        assert next(iter(two.vendors.list())).url == f"{other}/#vendor=001"
