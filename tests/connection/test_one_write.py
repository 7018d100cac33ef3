"""One write on a tiny ERP: nothing sent in vain or lost unsaid, conflicts with both copies, doubt that is settled."""

from __future__ import annotations

import pytest
from anyerp import Conflict, NotRepresentable, OutcomeUnknown
from anyerp.model import Vendor
from tiny import BASE, SECRET


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
