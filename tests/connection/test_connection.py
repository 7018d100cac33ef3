"""What a connection promises, on a tiny ERP of the test's own: the same for synchronous and asynchronous hosts."""

from __future__ import annotations

import asyncio
import base64
import logging
import threading
import weakref

import anyerp
import pytest
from anyerp import ConfigError, Conflict, CredentialsRejected, InvalidCursor, NotFound, NotRepresentable, OutcomeUnknown
from anyerp.errors import NotSupported, UnexpectedPayload
from anyerp.model import Ref, Vendor
from pydantic import SecretStr
from tiny import BASE, SECRET, Tiny, aconnect, connect


@pytest.fixture
def tiny():
    return Tiny()


@pytest.fixture
def erp(tiny):
    with connect(tiny) as connection:
        yield connection


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


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(tiny, erp):
    plan = erp.vendors.create(Vendor(name="New", external_reference="r"), key="k-1", dry_run=True)
    (request,) = plan.requests
    assert (request.method, request.url) == ("POST", f"{BASE}/vendors")
    assert request.body == plan.native == {"name": "New", "ref": "k-1"}
    assert tiny.count("POST", "/vendors") == 0
    assert SECRET not in repr(plan)


def test_a_dry_run_says_what_would_be_lost(erp):
    plan = erp.vendors.create(Vendor(name="x" * 11, phone="1"), dry_run=True)
    assert {problem.pointer for problem in plan.problems} == {"/name", "/phone"}


def test_nothing_is_sent_where_something_would_be_lost(tiny, erp):
    with pytest.raises(NotRepresentable):
        erp.vendors.create(Vendor(name="New", phone="1"))
    assert tiny.count("POST", "/vendors") == 0
    done = erp.vendors.create(Vendor(name="New", phone="1"), on_loss="report")
    assert ([problem.pointer for problem in done.lost], done.record.name) == (["/phone"], "New")


def test_an_update_sends_only_what_was_set_and_became_different(tiny, erp):
    done = erp.vendors.update(Vendor(id="002", name="V2", email="a@b"))
    assert [call for call in tiny.calls if call[0] == "PATCH"] == [("PATCH", "/vendors/002", {"mail": "a@b"})]
    assert (done.record.email, done.record.status, tiny.rows["002"]["zz"]) == ("a@b", "active", 2)


def test_an_update_that_changes_nothing_sends_nothing(tiny, erp):
    erp.vendors.update(erp.vendors.get("002"))
    assert tiny.count("PATCH") == 0


def test_a_record_that_was_listed_can_be_updated(tiny, erp):
    vendor = next(iter(erp.vendors.list()))
    assert erp.vendors.update(vendor.model_copy(update={"name": "Newer"})).record.version == "2"


def test_an_update_of_an_older_version_is_a_conflict_that_holds_both_copies(tiny, erp):
    mine = erp.vendors.get("002").model_copy(update={"name": "Mine"})
    erp.vendors.update(Vendor(id="002", name="Theirs"))
    with pytest.raises(Conflict) as caught:
        erp.vendors.update(mine)
    assert (caught.value.current.name, mine.name) == ("Theirs", "Mine")
    assert caught.value.retry == "check_first"
    assert tiny.rows["002"]["name"] == "Theirs"


def test_a_change_between_reading_and_writing_is_a_conflict(tiny, erp):
    original = tiny._answer

    def meddle(method, id, *rest):
        if method == "PATCH":
            tiny.rows["002"]["rev"] = "9"
        return original(method, id, *rest)

    tiny._answer = meddle
    with pytest.raises(Conflict):
        erp.vendors.update(Vendor(id="002", name="Mine"))


def test_many_threads_ask_for_one_token(tiny, erp):
    together, found = threading.Barrier(12), []

    def read():
        together.wait()
        found.append(erp.vendors.get("001").id)

    threads = [threading.Thread(target=read) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (found, tiny.tokens) == (["001"] * 12, 1)


def test_many_tasks_ask_for_one_token(tiny):
    async def main():
        async with aconnect(tiny) as erp:
            return await asyncio.gather(*(erp.vendors.get("001") for _ in range(12)))

    assert len(asyncio.run(main())) == 12
    assert tiny.tokens == 1


def test_a_token_that_has_ended_is_renewed_once_and_unnoticed(tiny, erp):
    erp.vendors.get("001")
    tiny.valid = set()
    assert erp.vendors.get("002").id == "002"
    assert tiny.tokens == 2


def test_credentials_that_are_wrong_say_so_and_not_what_they_were(tiny):
    with connect(tiny, credentials={"user": "u", "password": "wrong-canary"}) as erp:
        with pytest.raises(CredentialsRejected) as caught:
            erp.vendors.get("001")
        assert "wrong-canary" not in str(caught.value) + repr(caught.value) + repr(erp)


@pytest.mark.parametrize("appears_after", [0, 1])
def test_a_lost_answer_is_settled_by_looking(tiny, erp, appears_after):
    tiny.lose, tiny.appears_after = "after", appears_after and 2  # the look before sending counts
    erp._runner.sleep = lambda seconds: None
    done = erp.vendors.create(Vendor(name="New"), key="k-1")
    assert (done.settled, done.record.external_reference) == ("look", "k-1")
    assert (tiny.count("POST", "/vendors"), len(tiny.rows)) == (1, 8)


def test_a_write_that_never_arrived_stays_unknown_and_is_not_repeated(tiny, erp):
    tiny.lose = "before"
    waits = []
    erp._runner.sleep = waits.append
    with pytest.raises(OutcomeUnknown, match="look again before sending it again"):
        erp.vendors.create(Vendor(name="New"), key="k-1")
    assert tiny.count("POST", "/vendors") == 1
    assert waits == [1.0, 4.0]


def test_a_lost_answer_without_a_key_stays_unknown_and_says_what_to_give(tiny, erp):
    tiny.lose = "after"
    with pytest.raises(OutcomeUnknown, match="give key="):
        erp.vendors.create(Vendor(name="New"))


def test_the_same_key_twice_makes_one_record(tiny, erp):
    first = erp.vendors.create(Vendor(name="New"), key="k-1")
    second = erp.vendors.create(Vendor(name="New"), key="k-1")
    assert (first.settled, second.settled, second.record.id) == ("answer", "before", first.record.id)
    assert tiny.count("POST", "/vendors") == 1


def test_what_this_erp_lacks_is_not_supported_with_the_reason(erp):
    with pytest.raises(NotSupported, match="never: tiny"):
        erp.vendors.cancel("001")
    with pytest.raises(NotSupported, match="purchase_orders is not offered here"):
        erp.purchase_orders.list()


def test_settings_and_credentials_that_do_not_fit_are_named_without_their_values(tiny):
    with pytest.raises(ConfigError) as caught:
        connect(tiny, settings={"client": "canary-a", "colour": "canary-b"})
    assert {problem.pointer for problem in caught.value.problems} == {"/settings/client", "/settings/colour"}
    with pytest.raises(ConfigError) as second:
        connect(tiny, credentials={"user": 5, "password": ["canary-c"], "token": SecretStr("canary-d")})
    told = str(caught.value) + str(second.value) + repr(second.value.to_dict())
    assert "canary" not in told
    assert "give one of: user, password" in told


def test_no_error_carries_a_chain_that_shows_a_secret(tiny):
    with pytest.raises(ConfigError) as caught:
        connect(tiny, credentials={"user": "u", "password": 5, "pin": SECRET})
    error = caught.value
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert SECRET not in str(error)


def test_a_connection_shows_no_secret(erp):
    assert SECRET not in repr(erp) + repr(erp.vendors) + repr(erp.__dict__)


PROFILE = """
[connections.mine]
connector = "tiny-test"
[connections.mine.settings]
client = 200
[connections.mine.secrets]
user = "u"
password = "env:TINY_PASSWORD"

[connections.broken]
connector = "tiny-test"
[connections.broken.secrets]
password = "env:TINY_NOWHERE"
"""


@pytest.fixture
def profile(tmp_path, monkeypatch):
    from anyerp.connector import registry  # noqa: PLC0415
    from anyerp.plugin import ConnectorInfo  # noqa: PLC0415

    found = registry.registry()
    monkeypatch.setitem(
        found.connectors, "tiny-test", registry.Found(ConnectorInfo("tiny-test", "T", load="tiny:CONNECTOR"), "t", "1")
    )
    path = tmp_path / "anyerp.toml"
    path.write_text(PROFILE, "utf-8")
    monkeypatch.setenv("ANYERP_CONFIG", str(path))
    monkeypatch.setenv("TINY_PASSWORD", SECRET)
    return path


def test_a_connection_comes_from_a_profile_with_secrets_from_the_environment(profile):
    with anyerp.connect("mine") as erp:
        assert erp._context.settings.client == 200
        assert erp._context.credentials.password.get_secret_value() == SECRET
        assert SECRET not in repr(erp._context)


def test_a_variable_that_is_missing_is_named_with_its_place(profile):
    with pytest.raises(ConfigError, match=r"\[connections.broken.secrets\] password: .* no variable TINY_NOWHERE"):
        anyerp.connect("broken")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[connections.mine]\n", r"\[connections.mine\] needs a line connector"),
        ("[connections.mine]\nconnector = 'x'\npassword = 'canary'\n", r"does not know password"),
        ("[connections", "is no TOML"),
    ],
)
def test_a_profile_that_does_not_fit_is_named_with_its_file(profile, text, says):
    profile.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=says) as caught:
        anyerp.connect("mine")
    assert str(profile) in str(caught.value)
    assert "canary" not in str(caught.value)


OVERLAY = {
    "vendors": [{"rule": "map", "field": "extra.zone", "path": "zz_zone", "codec": {"codec": "text", "max_length": 3}}]
}


def test_an_overlay_of_data_maps_a_custom_field(tiny):
    tiny.rows["001"]["zz_zone"] = "N"
    with connect(tiny, overlays=OVERLAY) as erp:
        assert erp.vendors.get("001").extra == {"zone": "N"}
        erp.vendors.update(Vendor(id="001", extra={"zone": "S"}))
    assert tiny.rows["001"]["zz_zone"] == "S"


def test_an_overlay_may_be_a_function(tiny):
    with connect(tiny, overlays={"vendors": lambda lens: lens}) as erp:
        assert erp.vendors.get("001").name == "V1"


def test_everything_wrong_with_overlays_is_told_when_connecting(tiny):
    wrong = {
        "vendors": [{"rule": "map", "field": "extra.a", "path": "b", "codec": {"codec": "txt"}}, {"rule": "mop"}],
        "orders": [],
    }
    with pytest.raises(ConfigError, match="the overlays do not fit") as caught:
        connect(tiny, overlays=wrong)
    assert [problem.pointer for problem in caught.value.problems] == ["/overlays/vendors"] * 2 + ["/overlays/orders"]


def outcome(call):
    """A result or an error in comparable form."""
    try:
        return call()
    except anyerp.AnyErpError as error:
        return type(error).__name__, str(error)


CALLS = {
    "get": lambda vendors: vendors.get("001"),
    "missing": lambda vendors: vendors.get("999"),
    "page": lambda vendors: vendors.page(page_size=100),
    "create": lambda vendors: vendors.create(Vendor(name="New"), key="k"),
    "refused": lambda vendors: vendors.create(Vendor(phone="1")),
    "plan": lambda vendors: vendors.create(Vendor(name="New", payment_terms=Ref(id="N30")), dry_run=True),
    "update": lambda vendors: vendors.update(Vendor(id="001", name="X")),
    "conflict": lambda vendors: vendors.update(Vendor(id="001", name="X", version="0")),
    "no id": lambda vendors: vendors.update(Vendor(name="X")),
    "cancel": lambda vendors: vendors.cancel("001"),
    "bad cursor": lambda vendors: vendors.page("nonsense"),
}


@pytest.mark.parametrize("name", CALLS)
def test_synchronous_and_asynchronous_hosts_get_the_same(name):
    here, there = Tiny(), Tiny()
    with connect(here) as erp:
        expected = outcome(lambda: CALLS[name](erp.vendors))

    async def main():
        async with aconnect(there) as erp:
            return await CALLS[name](erp.vendors)

    assert outcome(lambda: asyncio.run(main())) == expected
    assert here.calls == there.calls


def test_lists_are_the_same_for_both(tiny):
    async def main():
        async with aconnect(tiny) as erp:
            return [record async for record in erp.vendors.list()]

    with connect(tiny) as erp:
        assert list(erp.vendors.list()) == asyncio.run(main())


def test_a_record_that_is_not_there_is_not_found(erp):
    with pytest.raises(NotFound):
        erp.vendors.get("999")


def test_the_check_says_for_each_resource_whether_it_can_be_read(tiny, erp):
    assert all(check.ok for check in erp.check())
    with connect(tiny, credentials={"user": "u", "password": "no"}) as stranger:
        assert [check.name for check in stranger.check() if check.ok] == ["address"], "it answers, and refuses"
