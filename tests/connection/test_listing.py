"""Lists of a tiny ERP: every record once, page by page, bad ones set aside, the next page under way."""

from __future__ import annotations

import asyncio
import base64
import logging
import threading
import weakref

import pytest
from anyerp import InvalidCursor
from anyerp.errors import UnexpectedPayload
from tiny import aconnect, connect


def ids(records):
    return [record.id for record in records]


ALL = [f"{n:03}" for n in range(1, 8)]


def test_a_list_has_every_record_once(erp):
    assert ids(erp.vendors.list()) == ALL
    assert ids(erp.vendors.list(page_size=1)) == ALL
    assert ids(erp.vendors.list(page_size=100)) == ALL


def test_pages_go_on_by_cursor_until_there_is_none(erp):
    found, cursor = [], None
    while True:
        page = erp.vendors.page(cursor)
        found += ids(page.records)
        cursor = page.cursor
        if cursor is None:
            break
    assert found == ALL


@pytest.mark.parametrize("damage", ["", "x", "a" * 20_000, "\u00e9", "====", "\x00"])
def test_a_token_that_is_none_is_an_invalid_cursor(erp, damage):
    with pytest.raises(InvalidCursor):
        erp.vendors.page(damage)


def test_a_token_is_refused_when_any_character_is_changed(erp):
    token = erp.vendors.page().cursor
    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        if base64.urlsafe_b64decode(changed + "==") == base64.urlsafe_b64decode(token + "=="):
            continue  # spare bits of the last character say nothing
        with pytest.raises(InvalidCursor):
            erp.vendors.page(changed)


def test_a_token_is_bound_to_its_filter_its_size_and_its_connection(tiny, erp):
    token = erp.vendors.page(page_size=2).cursor
    assert erp.vendors.page(token, page_size=2).records
    for other in ({"page_size": 3}, {"page_size": 2, "filters": {"ref": "x"}}):
        with pytest.raises(InvalidCursor, match="another connection, resource or filter"):
            erp.vendors.page(token, **other)
    with connect(tiny) as stranger, pytest.raises(InvalidCursor):
        stranger.vendors.page(token, page_size=2)


def test_with_a_key_tokens_outlive_the_connection_but_not_the_account(tiny):
    with connect(tiny, cursor_key=b"k" * 32) as erp:
        token = erp.vendors.page().cursor
    with connect(tiny, cursor_key=b"k" * 32) as erp:
        assert erp.vendors.page(token).records
    with (
        connect(tiny, cursor_key=b"k" * 32, settings={"base_url": "https://other.example"}) as other,
        pytest.raises(InvalidCursor),
    ):
        other.vendors.page(token)


def test_a_bad_record_is_set_aside_and_the_list_goes_on(tiny, erp, caplog):
    tiny.rows["004"]["name"] = 5
    with caplog.at_level(logging.WARNING, "anyerp"):
        records = erp.vendors.list()
        assert ids(records) == [id for id in ALL if id != "004"]
    (rejected,) = records.rejected
    assert rejected.raw == {"id": "004", "rev": "1", "name": 5, "state": "A", "zz": 4}
    assert "name <-> name" in rejected.reasons[0].message
    assert "1 record(s) could not be read" in caplog.text


@pytest.mark.parametrize("which", ALL)
def test_what_came_before_a_record_that_the_model_refuses_comes_once(tiny, erp, which):
    tiny.rows[which]["currency"] = "no"
    records = erp.vendors.list()
    assert ids(records) == [id for id in ALL if id != which]
    assert [one.raw["id"] for one in records.rejected] == [which]


def test_records_are_made_one_by_one_so_that_those_let_go_are_no_burden(erp):
    records = erp.vendors.list()
    first = weakref.ref(next(records))
    next(records)
    assert first() is None


def test_a_bad_record_may_stop_the_list_with_its_reasons(tiny, erp):
    tiny.rows["004"]["name"] = 5
    records = erp.vendors.list(on_problem="raise")
    with pytest.raises(UnexpectedPayload, match="name <-> name"):
        ids(records)


def test_a_bad_record_may_be_skipped(tiny, erp):
    tiny.rows["004"]["name"] = 5
    assert len(ids(erp.vendors.list(on_problem="skip"))) == 6


def test_the_native_payload_comes_along_when_asked_for(erp):
    assert [record.raw["zz"] for record in erp.vendors.list(raw=True)] == [1, 2, 3, 4, 5, 6, 7]
    assert erp.vendors.get("001", raw=True).raw["zz"] == 1
    assert erp.vendors.get("001").raw is None


def test_the_next_page_travels_while_this_one_is_read(tiny, erp):
    tiny.slow = 0.03  # worth a thread
    records = iter(erp.vendors.list())
    next(records)
    deadline = threading.Event()
    for _ in range(100):
        if tiny.count("GET", "/vendors") >= 2:
            break
        deadline.wait(0.01)
    assert tiny.count("GET", "/vendors") == 2  # one ahead, and no more
    assert len(list(records)) == 6


def test_the_next_page_is_asked_ahead_for_asynchronous_hosts_too(tiny):
    async def main():
        async with aconnect(tiny) as erp:
            records = aiter(erp.vendors.list())
            await anext(records)
            for _ in range(100):
                if tiny.count("GET", "/vendors") >= 2:
                    break
                await asyncio.sleep(0.01)
            asked = tiny.count("GET", "/vendors")
            return asked, [record.id async for record in records]

    asked, rest = asyncio.run(main())
    assert (asked, rest) == (2, ALL[1:])
